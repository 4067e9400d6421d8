"""Agreement: by hand on small maps, by scipy and by identities on others, and across framings of one picture."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.ndimage import gaussian_filter
from scipy.stats import spearmanr

from core.images import load_sample
from core.images.framing import Framing, frame
from core.networks.catalogue import lookup
from core.networks.load import load_network
from core.saliency.agreement import Agreement, FramedMap, agreement, identical
from core.saliency.attribution import attribute
from core.saliency.reductions import saliency
from core.saliency.references import edges, random_map
from core.values import Picture, Recipe

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
RECIPES = [Recipe(256, 224, "bilinear", MEAN, STD), Recipe(342, 299, "bilinear", MEAN, STD)]


def whole(values):
    """A map of a square picture that was seen as it is."""
    side = len(values)
    return FramedMap(np.asarray(values, np.float32), Framing((side, side), side, (1, 1), (0, 0)))


def framed(size, recipe, fit):
    return frame(Picture(np.zeros((*size[::-1], 3), np.uint8), "black"), recipe, fit)[1]


def field(framing):
    """One smooth field over a picture, as a network of this framing would see it; noise in the padding."""
    places = np.arange(framing.side) + 0.5
    x, y = (np.asarray(axis) for axis in framing.to_picture(*np.meshgrid(places, places)))
    width, height = framing.picture
    values = 2 + np.sin(9 * x / width) * np.cos(7 * y / height) + x / width
    padding = (x < 0) | (x > width) | (y < 0) | (y > height)
    return FramedMap(np.where(padding, 99, values).astype(np.float32), framing)


def test_a_map_agrees_fully_with_itself():
    one = whole(random_map((64, 64), 0))
    assert agreement(one, one) == Agreement(pytest.approx(1), 1, pytest.approx(1), 1)


def test_signs_and_units_make_no_difference():
    values = random_map((64, 64), 0)
    found = agreement(whole(values), whole(-1000 * values))
    assert (found.spearman, found.overlap, found.ssim) == pytest.approx((1, 1, 1))


def test_the_order_makes_no_difference():
    one, other = field(framed((300, 200), RECIPES[0], "crop")), field(framed((300, 200), RECIPES[1], "pad"))
    found, back = agreement(one, other), agreement(other, one)
    assert (found.spearman, found.overlap, found.ssim) == pytest.approx((back.spearman, back.overlap, back.ssim))
    assert found.common == back.common
    assert found.spearman < 1


def test_reversed_ranks_agree_in_nothing():
    values = np.arange(1, 401, dtype=np.float32).reshape(20, 20)
    found = agreement(whole(values), whole(401 - values))
    assert found.spearman == pytest.approx(-1)
    assert found.overlap == 0
    assert found.ssim < 0


def test_a_shuffled_map_agrees_by_chance():
    values = random_map((200, 200), 0)
    shuffled = np.random.default_rng(1).permutation(values.ravel()).reshape(200, 200)
    found = agreement(whole(values), whole(shuffled))
    assert found.spearman == pytest.approx(0, abs=0.02)
    assert found.overlap == pytest.approx(0.05, abs=0.02)
    assert abs(found.ssim) < 0.05


def test_rank_correlation_by_hand():
    # ranks 1 2 3 4 and 1 3 2 4: 1 - 6 (0 + 1 + 1 + 0) / (4 (16 - 1)) = 0.8
    assert agreement(whole([[1, 2], [3, 4]]), whole([[10, -30], [20, 40]])).spearman == pytest.approx(0.8)


@settings(deadline=None)
@given(arrays.arrays(np.float32, (2, 5, 5), elements=st.integers(-3, 3).map(float)))
def test_rank_correlation_with_ties_is_scipys(values):
    one, other = np.abs(values)
    found = agreement(whole(values[0]), whole(values[1]))
    if one.min() == one.max() or other.min() == other.max():
        assert found == Agreement(None, None, None, 1)
    else:
        assert found.spearman == pytest.approx(spearmanr(one.ravel(), other.ravel()).statistic, abs=1e-12)


def test_the_overlap_of_the_strongest_by_hand():
    one, other = np.tile(np.linspace(0, 1, 20, dtype=np.float32), (2, 10, 2)).reshape(2, 20, 20)  # 5 % are 20 pixels
    one[0, :20], other[0, 5:20], other[1, :5] = 9, 8, 7  # 15 of them in common
    assert agreement(whole(one), whole(other)).overlap == 15 / 20


def test_zeros_are_never_among_the_strongest():
    one, other = np.zeros((2, 20, 20), np.float32)
    one[0, :8], other[0, 4:8], other[19, :12] = 1, 1, 1  # 8 and 16 of 20 places taken, 4 in common
    assert agreement(whole(one), whole(other)).overlap == 4 / 16
    assert agreement(whole(one), whole(one)).overlap == 1


def test_ties_at_the_limit_share_the_places_that_are_left():
    one = np.ones((20, 20), np.float32)
    one[0, :10] = 2  # 10 pixels are in for sure, the other 390 share 10 places
    other = np.ones((20, 20), np.float32)
    other[5] = 3  # exactly 20 pixels
    assert agreement(whole(one), whole(other)).overlap == pytest.approx(20 * (10 / 390) / 20)
    assert agreement(whole(one), whole(one)).overlap == pytest.approx(1)


def test_structural_similarity_is_the_formula_of_its_article():
    one, other = random_map((40, 30, 30), 0).mean(axis=0), random_map((40, 30, 30), 1).mean(axis=0)
    other = (one + other).astype(np.float32)
    x, y = (np.clip(values / np.percentile(values, 99.5), 0, 1) for values in (one, other))

    def around(values):  # weighted means over windows of 11 pixels that lie wholly in the map
        return gaussian_filter(values.astype(np.float64), 1.5, radius=5)[5:-5, 5:-5]

    mean_x, mean_y = around(x), around(y)
    spread = around(x * x) - mean_x**2 + around(y * y) - mean_y**2
    together = around(x * y) - mean_x * mean_y
    c1, c2 = 0.01**2, 0.03**2
    similarity = (2 * mean_x * mean_y + c1) * (2 * together + c2) / ((mean_x**2 + mean_y**2 + c1) * (spread + c2))
    assert agreement(whole(one), whole(other)).ssim == pytest.approx(similarity.mean(), rel=1e-6)


def test_maps_of_almost_only_zeros_have_a_structural_similarity():
    values = np.zeros((64, 64), np.float32)
    values[30, 30:34] = [1, 2, 3, 4]  # fewer than 0.5 % of the pixels
    found = agreement(whole(values), whole(values))
    assert (found.spearman, found.overlap, found.ssim) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize(("side", "exists"), [(10, False), (11, True)])
def test_structural_similarity_needs_room_for_its_window(side, exists):
    found = agreement(whole(random_map((side, side), 0)), whole(random_map((side, side), 1)))
    assert (found.ssim is not None) == exists
    assert found.spearman is not None


@pytest.mark.parametrize("fits", [("crop", "crop"), ("crop", "squash"), ("pad", "squash"), ("crop", "pad")])
@pytest.mark.parametrize("size", [(600, 400), (50, 90)])
def test_one_field_under_different_framings_agrees_where_both_saw(fits, size):
    one, other = (field(framed(size, recipe, fit)) for recipe, fit in zip(RECIPES, fits, strict=True))
    found = agreement(one, other)
    assert found.spearman > 0.999
    assert found.overlap > 0.9
    assert found.ssim > 0.98
    assert identical(one, other)
    crop = (224 / 256) ** 2 * min(size) / max(size)
    assert found.common == pytest.approx(crop if "crop" in fits else 1, abs=0.01)


def test_maps_of_different_sizes_are_compared_as_fine_as_the_finer_one():
    coarse, fine = random_map((3, 3), 0), random_map((6, 6), 1)
    found = agreement(
        FramedMap(coarse, Framing((30, 30), 3, (0.1, 0.1), (0, 0))),
        FramedMap(fine, Framing((30, 30), 6, (0.2, 0.2), (0, 0))),
    )
    expected = spearmanr(np.kron(coarse, np.ones((2, 2))).ravel(), fine.ravel()).statistic
    assert found.spearman == pytest.approx(expected, abs=1e-12)


def test_unrelated_maps_do_not_agree_because_they_were_laid_on_one_grid():
    # Merging two values here and one there, on a coarser grid, would make both maps larger at the same places.
    one = FramedMap(random_map((224, 224), 0), framed((451, 300), RECIPES[0], "crop"))
    other = FramedMap(random_map((224, 224), 1), framed((451, 300), RECIPES[0], "crop"))
    found = agreement(one, other)
    assert found.spearman == pytest.approx(0, abs=0.02)
    assert found.overlap == pytest.approx(0.05, abs=0.02)


def test_networks_that_saw_different_parts_have_nothing_to_agree_on():
    values = random_map((4, 4), 0)
    left, right = (FramedMap(values, Framing((8, 4), 4, (1, 1), (offset, 0))) for offset in (0, 4))
    assert agreement(left, right) == Agreement(None, None, None, 0)
    assert not identical(left, right)


def test_maps_of_two_pictures_are_a_programming_mistake():
    with pytest.raises(ValueError, match=r"both maps must be of one picture, not of \(4, 4\) and \(5, 5\)"):
        agreement(whole(np.ones((4, 4))), whole(np.ones((5, 5))))


@pytest.mark.parametrize(("noise", "alarm"), [(0, True), (0.05, True), (0.5, False), (2, False)])
def test_the_alarm_is_for_maps_that_differ_by_a_little_noise(noise, alarm):
    values = random_map((64, 64), 0)
    assert identical(whole(values), whole(7 * (values + noise * random_map((64, 64), 1)))) == alarm


def test_the_same_order_of_other_values_is_no_alarm():
    values = random_map((64, 64), 0)
    assert agreement(whole(values), whole(values**4)).spearman == pytest.approx(1)
    assert not identical(whole(values), whole(values**4))


@pytest.mark.parametrize(("shared", "lowest", "highest"), [(0, -0.1, 0.1), (2, 0.7, 0.8), (3, 0.85, 0.94)])
def test_ripples_on_an_even_ground_that_are_not_the_same_are_no_alarm(shared, lowest, highest):
    one, other = (whole(1 + 0.1 * (shared * random_map((64, 64), 0) + random_map((64, 64), own))) for own in (1, 2))
    assert lowest < agreement(one, other).spearman < highest
    assert not identical(one, other)


def test_maps_without_content_raise_no_alarm():
    assert not identical(whole(np.zeros((8, 8))), whole(np.zeros((8, 8))))


def test_a_real_networks_guided_maps_of_two_classes_raise_the_alarm_and_its_vanilla_maps_do_not():
    image, framing = frame(load_sample("chelsea"), lookup("efficientnet_lite0").recipe)
    tiger_cat, mug = torch.tensor([[282], [504]])
    maps = attribute(load_network("efficientnet_lite0"), torch.from_numpy(image)[None], torch.stack([tiger_cat, mug]))
    for rule, alarm in (("guided", True), ("vanilla", False)):
        one, other = (FramedMap(saliency(gradient[0].numpy()), framing) for gradient in maps[rule])
        assert identical(one, other) == alarm
        assert agreement(one, other).spearman > 0.99 if alarm else agreement(one, other).spearman < 0.7


def test_edges_are_where_the_luminance_changes():
    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[:, 4:] = 255
    found = edges(pixels)
    assert found.shape == (6, 8)
    assert found.dtype == np.float32
    assert (found[:, 3:5] > 0.5).all()
    assert (found[:, [0, 1, 2, 5, 6, 7]] == 0).all()
    np.testing.assert_allclose(edges(pixels.swapaxes(0, 1)), found.T, atol=1e-7)


def test_edges_weigh_colours_as_the_eye_does():
    strengths = []
    for channel in range(3):
        pixels = np.zeros((5, 6, 3), np.uint8)
        pixels[:, 3:, channel] = 255
        strengths.append(edges(pixels).max())
    red, green, blue = np.array(strengths) / sum(strengths)
    assert (red, green, blue) == pytest.approx((0.2125, 0.7154, 0.0721), abs=1e-4)


def test_a_random_map_is_fixed_by_its_seed_and_never_negative():
    found = random_map((50, 40), 3)
    assert found.shape == (50, 40)
    assert found.dtype == np.float32
    assert found.min() >= 0
    np.testing.assert_array_equal(random_map((50, 40), 3), found)
    assert (random_map((50, 40), 4) != found).any()
    assert found.mean() == pytest.approx((2 / np.pi) ** 0.5, abs=0.05)
