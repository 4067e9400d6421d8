"""A byte says nearly what the value was, and exactly which colour it has."""

import math
from dataclasses import replace

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


def law(values, *, signed=False):
    return quantiser_for(values, signed=signed)


@settings(deadline=None)
@given(
    largest=st.sampled_from([1e-12, 1e-3, 1.0, 1e6]),
    shares=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=30),
    signed=st.booleans(),
)
def test_a_value_comes_back_nearer_than_the_next_code(largest, shares, signed):
    values = np.float32([largest, *(share * largest for share in shares)])
    values = values if signed else np.abs(values)
    codes = law(values, signed=signed)
    sent = codes.encode(values)
    assert sent.dtype == (np.int8 if signed else np.uint8)
    steps = np.diff(codes.decode(np.arange(codes.levels + 1)))
    apart = np.maximum(np.append(steps, 0), np.insert(steps, 0, 0))[np.abs(sent.astype(int))]
    # half a code in values: up to three quarters of the way where codes are roots, 1 / (1 + e^(-g/2)) where they grow
    half = max(0.75, 1 / (1 + math.exp(-codes.growth / 2))) + 0.01
    assert (np.abs(codes.decode(sent) - values) <= half * apart + 1e-6 * largest).all()


def test_a_map_that_is_nearly_nothing_nearly_everywhere_still_has_its_large_values_told_apart():
    values = np.zeros((32, 32), np.float32)
    values[0, :7] = 1e6, 9e5, 1e3, 1, 0, 0, 1e-40
    sent = law(values).encode(values)[0]
    assert sent[0] == 255
    assert sent[0] > sent[1] > sent[2] > sent[6]


@pytest.mark.parametrize("most", [1, 3, 10, 1e3, 1e9])
def test_codes_are_nowhere_far_apart(most):
    """most: times what all but a few values are below."""
    values = np.abs(np.random.default_rng(1).normal(size=(64, 64))).astype(np.float32)
    values[0, 1] = np.float32(most) * np.percentile(values, 99.5)
    codes = law(values)
    steps = np.diff(codes.decode(np.arange(256)))
    assert (steps <= 0.025 * np.maximum(codes.decode(np.arange(1, 256)), codes.bend)).all()
    assert codes.largest == pytest.approx(values.max(), rel=1e-6)


def test_what_a_scale_of_its_own_tells_apart_is_within_a_hundredth_of_its_end_or_two_where_it_has_a_sign():
    for signed, most in ((False, 0.01), (True, 0.02)):
        values = HEAVY if signed else np.abs(HEAVY)
        scale, codes = scale_of([values], clip=99.5, signed=signed), law(values, signed=signed)
        seen = np.abs(values) <= scale.ceiling
        error = np.abs(codes.decode(codes.encode(values)) - values)[seen]
        assert error.max() <= most * scale.ceiling
        assert np.abs(values).max() > 2 * scale.ceiling  # the test is of a map with a heavy tail


def test_small_values_keep_their_digits():
    values = np.float32([100, 1, 0.1, 0])
    codes = law(values)
    assert codes.decode(codes.encode(values)) == pytest.approx([100, 1, 0.1, 0], rel=0.05)


def test_the_extremes_are_the_last_codes():
    codes = law(np.float32([-8, 0, 2]), signed=True)
    assert codes.encode(np.float32([-8, 0, 8])).tolist() == [-127, 0, 127]
    codes = law(np.abs(HEAVY))
    assert codes.encode(np.abs(HEAVY)).max() == 255
    assert codes.largest == pytest.approx(np.abs(HEAVY).max(), rel=1e-6)


def test_codes_rise_with_the_values():
    values = np.sort(np.abs(HEAVY), axis=None)
    codes = law(values)
    assert (np.diff(codes.encode(values).astype(int)) >= 0).all()


def test_a_map_of_zeros_has_codes():
    nothing = np.zeros((8, 8), np.float32)
    for signed in (False, True):
        codes = law(nothing, signed=signed)
        assert not codes.encode(nothing).any()
        assert not codes.decode(codes.encode(nothing)).any()


CASES = [(name, False) for name in COLOURS] + [(DIVERGING, True)]


@pytest.mark.parametrize(("name", "signed"), CASES)
@pytest.mark.parametrize("share", [100, 4, 1.0, 0.2, 0.01])
def test_a_code_has_the_colour_of_its_value(name, signed, share):
    """share: of the map's largest values to the scale's end, of which its codes know nothing."""
    values = HEAVY if signed else np.abs(HEAVY)
    own = scale_of([values], clip=99.5, signed=signed)
    scale, codes = replace(own, ceiling=own.ceiling / share), law(values, signed=signed)
    levels = np.arange(-codes.levels if signed else 0, codes.levels + 1)
    end = codes.end(scale.ceiling)
    low = -end if signed else 0
    found = _colours_at(Colouring(name, signed).by_code(codes, scale.ceiling), (levels - low) / (end - low))
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
    hot, codes = Colouring("hot", False, fading=True), law(np.abs(HEAVY))
    ceiling = codes.bend / 2
    by_value, by_code = (
        {place: float(text.rstrip(")").split(",")[-1]) for place, text in colours}
        for colours in (hot.by_value(), hot.by_code(codes, ceiling))
    )
    assert by_code[0.5] == pytest.approx(by_value[0.25], abs=0.002) == pytest.approx(0.5, abs=0.002)
