"""Framing: equal to torchvision's own preprocessing, and true about where every pixel came from."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torchvision import models

from core.images.framing import FITS, deprocess, frame
from core.values import Picture, Recipe

SMALL = Recipe(40, 32, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
SIZES = st.tuples(st.integers(1, 120), st.integers(1, 120)).filter(lambda s: max(s) / min(s) <= 40)


def noise(width: int, height: int) -> Picture:
    pixels = np.random.default_rng(width * 1000 + height).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Picture(pixels, f"{width}x{height}")


@pytest.mark.parametrize("size", [(451, 300), (300, 451), (10, 13), (224, 224), (333, 1000)])
@pytest.mark.parametrize("weights", [models.ResNet50_Weights.IMAGENET1K_V2, models.EfficientNet_B0_Weights.DEFAULT])
def test_crop_is_exactly_what_torchvision_does(size, weights):
    transforms = weights.transforms()
    recipe = Recipe(
        transforms.resize_size[0], transforms.crop_size[0], transforms.interpolation.value,
        tuple(transforms.mean), tuple(transforms.std),
    )  # fmt: skip
    picture = noise(*size)
    image, _ = frame(picture, recipe)
    np.testing.assert_array_equal(image, transforms(Image.fromarray(picture.pixels)).numpy())


def test_squash_is_the_vgg19_articles_preprocessing():
    picture = noise(60, 20)
    image, framing = frame(picture, SMALL, "squash")
    squashed = Image.fromarray(picture.pixels).resize((32, 32), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(deprocess(image, SMALL), np.asarray(squashed))
    assert framing.seen == (0, 0, 60, 20)


def test_pad_keeps_the_shape_and_fills_with_the_mean():
    image, framing = frame(noise(64, 32), SMALL, "pad")
    assert (image[:, :8] == 0).all()
    assert (image[:, 24:] == 0).all()
    assert (image[:, 8:24] != 0).any()
    assert framing.seen == (0, 0, 64, 32)
    assert framing.to_picture(0, 8) == (0, 0)


@pytest.mark.parametrize("size", [(451, 128), (120, 400), (64, 64), (10, 13)])
@pytest.mark.parametrize("fit", FITS)
def test_it_is_known_which_part_of_the_input_is_the_picture(size, fit):
    recipe = replace(SMALL, resize=32, mean=(0.0,) * 3, std=(1.0,) * 3)
    white = Picture(np.full((size[1], size[0], 3), 255, np.uint8), "white")
    square, framing = frame(white, recipe, fit)
    rows, columns = framing.inside
    expected = np.zeros_like(square)
    expected[:, rows, columns] = 1
    np.testing.assert_array_equal(square, expected)


def test_crop_says_how_much_of_the_picture_was_seen():
    _, framing = frame(noise(80, 40), SMALL)  # resized to 80x40, the middle 32x32 seen
    assert framing.seen == (24, 4, 56, 36)
    assert framing.seen_share == pytest.approx(32 * 32 / (80 * 40))


@given(size=SIZES, fit=st.sampled_from(FITS), x=st.floats(-10, 50), y=st.floats(-10, 50))
def test_a_place_survives_the_way_to_the_picture_and_back(size, fit, x, y):
    _, framing = frame(noise(*size), SMALL, fit)
    assert framing.to_input(*framing.to_picture(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(size=SIZES, fit=st.sampled_from(FITS))
def test_every_fit_gives_a_finite_square_and_sees_some_of_the_picture(size, fit):
    image, framing = frame(noise(*size), SMALL, fit)
    left, top, right, bottom = framing.seen
    assert image.shape == (3, 32, 32)
    assert image.dtype == np.float32
    assert np.isfinite(image).all()
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert 0 < framing.seen_share <= 1


@given(fit=st.sampled_from(FITS), width=st.integers(40, 200), height=st.integers(40, 200), data=st.data())
def test_a_bright_dot_comes_back_at_its_own_place(fit, width, height, data):
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[max(0, y - 4) : y + 5, max(0, x - 4) : x + 5] = 255
    image, framing = frame(Picture(pixels, "dot"), SMALL, fit)
    weight = deprocess(image, SMALL)[..., 0].astype(float)
    if fit == "pad":  # the mean colour around the picture is not the dot
        weight[image[0] == 0] = 0
    dot = framing.to_input(max(0, x - 4), max(0, y - 4)), framing.to_input(min(width, x + 5), min(height, y + 5))
    if not all(2 <= c <= 30 for corner in dot for c in corner) or weight.max() < 60:
        return  # at the rim, or lost in shrinking
    rows, columns = np.nonzero(weight >= weight.max() - 1)
    centre = columns.mean() + 0.5, rows.mean() + 0.5
    expected = tuple((low + high) / 2 for low, high in zip(*dot, strict=True))
    assert centre == pytest.approx(expected, abs=1.0)


def test_deprocess_undoes_normalisation_for_every_byte():
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (256, 1, 3))
    recipe = Recipe(256, 256, "bilinear", SMALL.mean, SMALL.std)
    image, _ = frame(Picture(ramp.copy(), "ramp"), recipe)
    np.testing.assert_array_equal(deprocess(image, recipe), ramp)


def test_an_unknown_fit_names_the_known_ones():
    with pytest.raises(ValueError, match="fit must be one of crop, squash, pad"):
        frame(noise(5, 5), SMALL, "stretch")


def test_a_recipe_that_squashes_is_what_the_network_was_trained_with():
    picture, recipe = noise(60, 20), replace(SMALL, squash=True)
    image, framing = frame(picture, recipe)
    squashed, whole = frame(picture, SMALL, "squash")
    np.testing.assert_array_equal(image, squashed)
    assert framing == whole
    np.testing.assert_array_equal(frame(picture, recipe, "pad")[0], frame(picture, SMALL, "pad")[0])


@pytest.mark.parametrize("fit", FITS)
def test_grey_is_made_of_the_picture_before_it_is_resized(fit):
    picture, recipe = noise(60, 20), replace(SMALL, mean=(0.5,), std=(0.25,))
    luma = np.asarray(Image.fromarray(picture.pixels).convert("L"))
    image, framing = frame(picture, recipe, fit)
    three, same = frame(Picture(np.repeat(luma[..., None], 3, axis=2), "grey"), replace(SMALL, mean=(0.5,) * 3), fit)
    assert image.shape == (1, 32, 32)
    assert framing == same
    shown = deprocess(image, recipe)
    assert shown.shape == (32, 32, 3)
    inside = three[0] != 0
    np.testing.assert_array_equal(shown[inside], deprocess(three, replace(SMALL, mean=(0.5,) * 3))[inside])
