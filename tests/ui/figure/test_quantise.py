"""A byte says nearly what the value was, and exactly which colour it has."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.colors import get_colorscale, sample_colorscale

from core.ui.figure.colours import DIVERGING, Colouring
from core.ui.figure.quantise import quantiser_for
from core.ui.figure.scales import scale_of
from core.view import COLOURS

HEAVY = np.random.default_rng(0).standard_t(2, (64, 64)).astype(np.float32)


def law(values, *, signed=False, clip=99.5):
    scale = scale_of([values], clip=clip, signed=signed)
    return scale, quantiser_for(values, scale)


@settings(deadline=None)
@given(
    largest=st.sampled_from([1e-12, 1e-3, 1.0, 1e6]),
    shares=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=30),
    signed=st.booleans(),
    clip=st.sampled_from([50.0, 95.0, 99.5, 100.0]),
)
def test_a_value_comes_back_nearer_than_the_next_code(largest, shares, signed, clip):
    values = np.float32([largest, *(share * largest for share in shares)])
    values = values if signed else np.abs(values)
    _, codes = law(values, signed=signed, clip=clip)
    sent = codes.encode(values)
    assert sent.dtype == (np.int8 if signed else np.uint8)
    steps = np.diff(codes.decode(np.arange(codes.levels + 1)))
    apart = np.maximum(np.append(steps, 0), np.insert(steps, 0, 0))[np.abs(sent.astype(int))]
    # half a code in values: up to three quarters of the way where codes are roots, 1 / (1 + e^(-g/2)) where they grow
    half = max(0.75, 1 / (1 + math.exp(-codes.growth / 2))) + 0.01
    assert (np.abs(codes.decode(sent) - values) <= half * apart + 1e-6 * largest).all()


def test_a_scale_that_ends_next_to_nothing_still_tells_large_values_apart():
    values = np.float32([1e6, 1e3, 1, 0, 0, 0, 1e-40])
    _, codes = law(values, clip=50.0)
    assert codes.bend < 1e-39  # so small that a float32 has no room for what is 1e6 over it
    sent = codes.encode(values)
    assert sent[0] == 255
    assert sent[0] > sent[1] > sent[2] > sent[6]


def test_what_the_scale_tells_apart_is_within_a_hundredth_of_its_end():
    for signed, most in ((False, 0.005), (True, 0.01)):
        values = HEAVY if signed else np.abs(HEAVY)
        scale, codes = law(values, signed=signed)
        seen = np.abs(values) <= scale.ceiling
        error = np.abs(codes.decode(codes.encode(values)) - values)[seen]
        assert error.max() <= most * scale.ceiling
        assert np.abs(values).max() > 2 * scale.ceiling  # the test is of a map with a heavy tail


def test_small_values_keep_their_digits():
    values = np.float32([100, 1, 0.1, 0])
    _, codes = law(values, clip=100.0)
    assert codes.decode(codes.encode(values)) == pytest.approx([100, 1, 0.1, 0], rel=0.05)


def test_the_extremes_are_the_last_codes():
    _, codes = law(np.float32([-8, 0, 2]), signed=True)
    assert codes.encode(np.float32([-8, 0, 8])).tolist() == [-127, 0, 127]
    _, codes = law(np.abs(HEAVY))
    assert codes.encode(np.abs(HEAVY)).max() == 255
    assert codes.largest == pytest.approx(np.abs(HEAVY).max(), rel=1e-6)


def test_codes_rise_with_the_values():
    values = np.sort(np.abs(HEAVY), axis=None)
    _, codes = law(values)
    assert (np.diff(codes.encode(values).astype(int)) >= 0).all()


def test_a_map_of_zeros_has_codes():
    nothing = np.zeros((8, 8), np.float32)
    for signed in (False, True):
        _, codes = law(nothing, signed=signed)
        assert not codes.encode(nothing).any()
        assert not codes.decode(codes.encode(nothing)).any()


CASES = [(name, False) for name in COLOURS] + [(DIVERGING, True)]


@pytest.mark.parametrize(("name", "signed"), CASES)
@pytest.mark.parametrize("share", [1.0, 0.2])
def test_a_code_has_the_colour_of_its_value(name, signed, share):
    """share: of the scale that the map fills, which has codes of its own."""
    values = HEAVY if signed else np.abs(HEAVY)
    scale = scale_of([values], clip=99.5, signed=signed)
    codes = quantiser_for(np.float32(share) * np.clip(values, -scale.ceiling, scale.ceiling), scale)
    levels = np.arange(-codes.levels if signed else 0, codes.levels + 1)
    end = codes.place(scale.ceiling)
    low = -end if signed else 0
    found = _colours_at(Colouring(name, signed).by_code(), (levels - low) / (end - low))
    half = 0.5
    nearby = [_linear(name, scale, codes, np.clip(levels + d, low, end)) for d in (-half, 0, half)]
    # within half a code, and the rounding of a colour to a whole number
    assert (found >= np.min(nearby, axis=0) - 1.01).all()
    assert (found <= np.max(nearby, axis=0) + 1.01).all()


def _linear(name, scale, codes, levels):
    shares = (codes.decode(levels) - scale.floor) / (scale.ceiling - scale.floor)
    sampled = sample_colorscale(get_colorscale(name), np.clip(shares, 0, 1).tolist(), colortype="tuple")
    return np.array(sampled) * 255


def _colours_at(colourscale, places):
    """What Plotly draws: between two stops linear in red, green and blue."""
    stops = [place for place, _ in colourscale]
    colours = np.array([[float(c) for c in text[4:-1].split(",")] for _, text in colourscale])
    return np.stack([np.interp(places, stops, channel) for channel in colours.T], axis=1)


def test_an_overlay_is_as_opaque_by_code_as_by_value():
    hot = Colouring("hot", False, fading=True)
    by_value, by_code = (
        {place: float(text.rstrip(")").split(",")[-1]) for place, text in colours}
        for colours in (hot.by_value(), hot.by_code())
    )
    assert by_code[0.5] == pytest.approx(by_value[0.25], abs=0.002) == pytest.approx(0.5, abs=0.002)


def test_no_colour_is_one_that_the_theme_would_replace():
    assert not any("#" in text for name, signed in CASES for _, text in Colouring(name, signed).by_code())
