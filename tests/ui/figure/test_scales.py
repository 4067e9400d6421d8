"""Where a colour scale ends, and who shares it."""

import numpy as np
import pytest

from core.ui.figure.scales import scale_of, shared_scales

RAMP = np.arange(101, dtype=np.float32)  # its p-th percentile is p


@pytest.mark.parametrize(("clip", "ceiling", "beyond"), [(100, 100, 0), (99, 99, 1), (95, 95, 5)])
def test_a_scale_ends_at_the_percentile(clip, ceiling, beyond):
    scale = scale_of([RAMP], clip=clip, signed=False)
    assert (scale.floor, scale.ceiling) == (0, ceiling)
    assert scale.clipped == pytest.approx(beyond / 101)


def test_a_signed_scale_is_symmetric_about_zero():
    scale = scale_of([np.float32([-8, 0, 2])], clip=100, signed=True)
    assert (scale.floor, scale.ceiling) == (-8, 8)


def test_one_scale_serves_several_maps():
    assert scale_of([RAMP[:50], RAMP[50:]], clip=95, signed=False) == scale_of([RAMP], clip=95, signed=False)
    assert scale_of([RAMP, 10 * RAMP], clip=100, signed=False).ceiling == 1000


def test_a_map_of_zeros_has_a_scale_that_can_be_drawn():
    scale = scale_of([np.zeros(10, np.float32)], clip=99.5, signed=False)
    assert scale.ceiling == 1
    assert scale.clipped == 0


def test_a_map_with_few_values_ends_at_the_largest():
    # its 99.5th percentile is 0, which would be no scale at all
    almost_nothing = np.zeros(1000, np.float32)
    almost_nothing[0] = 3
    assert scale_of([almost_nothing], clip=99.5, signed=False).ceiling == 3


MAPS = {
    ("alexnet", "vanilla"): np.float32([1]),
    ("vgg19", "vanilla"): np.float32([2]),
    ("alexnet", "guided"): np.float32([30]),
    ("vgg19", "guided"): np.float32([40]),
}


def shared(sharing, *, clip, signed):
    units, signs = dict.fromkeys(MAPS, "logit / σ"), dict.fromkeys(MAPS, signed)
    return shared_scales(MAPS, sharing, clip=clip, signed=signs, units=units)


def test_no_scale_is_shared_across_units_or_between_values_with_a_sign_and_without():
    units = dict(zip(MAPS, ("logit", "logit", "probability", "logit"), strict=True))
    signs = dict(zip(MAPS, (True, True, True, False), strict=True))
    scales = shared_scales(MAPS, "all", clip=100, signed=signs, units=units)
    assert [scale.ceiling for scale in scales.values()] == [2, 2, 30, 40]
    assert [scale.signed for scale in scales.values()] == [True, True, True, False]


@pytest.mark.parametrize(
    ("sharing", "ceilings"), [("row", [2, 2, 40, 40]), ("all", [40] * 4), ("panel", [1, 2, 30, 40])]
)
def test_panels_share_a_scale_as_it_was_asked_for(sharing, ceilings):
    scales = shared(sharing, clip=100, signed=False)
    assert list(scales) == list(MAPS)
    assert [scale.ceiling for scale in scales.values()] == ceilings


def test_shared_scales_are_the_same_in_every_respect():
    scales = shared("row", clip=95, signed=True)
    assert scales["alexnet", "vanilla"] is scales["vgg19", "vanilla"]
    assert scales["alexnet", "vanilla"] != scales["alexnet", "guided"]


@pytest.mark.parametrize("clip", [50, 95, 99, 99.5, 100])
@pytest.mark.parametrize("size", [1, 2, 7, 1000, 50_176])
def test_the_percentile_is_numpys(size, clip):
    values = np.random.default_rng(size).standard_normal(size).astype(np.float32) ** 3
    expected = np.percentile(np.abs(values).astype(np.float64), clip)
    assert scale_of([values], clip=clip, signed=False).ceiling == pytest.approx(expected, rel=1e-12)
