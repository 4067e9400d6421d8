"""The tool that tests a map: what can be found out about it, a question, a sentence and what shows it at a time.

Also known as sanity checks, faithfulness and robustness of explanations.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from core import tested
from core.errors import LimelightError
from core.evidence.classes import OtherClass
from core.evidence.pointing import STEPS, Pointing, stages
from core.evidence.stability import Stability
from core.evidence.subject import Map as Attribution
from core.evidence.table import TESTS, Finding
from core.evidence.weights import Weights
from core.explanation import Explanation
from core.images.framing import deprocess, frame
from core.method import Method
from core.outputs import OUTPUTS
from core.saliency.baselines import baseline_of
from core.selection import Selection
from core.ui.controls.networks import spec_of
from core.ui.figure.columns import Column
from core.ui.figure.curves import pointing_figure
from core.ui.figure.maps import map_alone
from core.ui.figure.painted import painted
from core.ui.frame.widgets import select_slider, selectbox
from core.ui.words import percent, place_in_line, plain
from core.values import Picture, Pixels
from core.view import View

_log = logging.getLogger(__name__)
_SIDE = 168  # px of a map
_ALL = "All maps of the grid"
_ASSUMED = "Probabilities below assume softmax, since what the outputs of a network mean was not said."
_CONTRAST = "A map of a contrast is not tested: choose one class to explain."


@dataclass(frozen=True, slots=True)
class _Tested:
    """One map of the grid."""

    explanation: Explanation
    method: str

    @property
    def title(self) -> str:
        return f"{self.explanation.title}, {Method.parse(self.method).short}"


def show_evidence(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the tool."""
    maps = list(_maps(columns, selection.question.rules))
    if not maps:
        st.caption("There is no map to test yet.")
        return
    if any(each.explanation.against for each in maps):
        st.caption(_CONTRAST)
        return
    by_title = {each.title: each for each in maps}
    title = selectbox("Test this map", [*by_title, *([_ALL] if len(maps) > 1 else [])], key="tested", width=420)
    st.caption("Small maps are each on a scale of their own; 1.00 is the same order of pixels, 0 an unrelated one.")
    if not all(OUTPUTS[each.explanation.target.outputs].is_said for each in maps):
        st.caption(_ASSUMED)
    for test, about in TESTS.items():
        with st.container(key=f"test_{test}", gap="small"):
            st.markdown(f"**{about.question}**")
            if title == _ALL:
                for each in maps:
                    _ask(test, each, selection, picture, f"{each.title}: ")
            elif found := _ask(test, by_title[title], selection, picture):
                _show(found, by_title[title], selection, picture)
            st.caption(f"{about.cannot} ({about.source})")


def _maps(columns: Sequence[Column], rules: Sequence[str]) -> Iterator[_Tested]:
    for column in columns:
        if column.explanation:
            yield from (_Tested(column.explanation, rule) for rule in rules if rule in column.explanation.attributions)


def _ask(test: str, chosen: _Tested, selection: Selection, picture: Picture, heading: str = "") -> Finding | None:
    """Ask of one map, and say what was found, or why nothing was."""
    place = st.empty()
    try:
        found = _found(test, chosen, selection.question.fit, picture, place.progress)
    except LimelightError as error:
        place.error(heading + str(error))
        return None
    except Exception:  # a bug of ours or of torch's: the other tests stay, and the log has the rest
        _log.exception("%s could not be tested", chosen.title)
        place.error(f"{heading}This test failed in a way we did not foresee.")
        return None
    names = spec_of(chosen.explanation.network).categories
    sentence = found.says(chosen.explanation.target.name, names) if found else TESTS[test].unless
    place.markdown(plain(heading + sentence).replace(" %", "\u00a0%"))
    return found


def _found(
    test: str, chosen: _Tested, fit: str, picture: Picture, progress: Callable[[float, str], object]
) -> Finding | None:
    spec = spec_of(chosen.explanation.network)

    def waiting(ahead: int) -> None:
        progress(0.0, f"This test is {place_in_line(ahead)}")

    def watch(done: int, total: int) -> None:
        progress(done / total, "Testing…")

    return tested.finding(test, chosen.explanation, chosen.method, spec, picture, fit, waiting, watch)


def _show(found: Finding, chosen: _Tested, selection: Selection, picture: Picture) -> None:
    """What shows it, beside the sentence."""
    own, view = chosen.explanation.attributions[chosen.method], selection.view
    if isinstance(found, Weights):
        _show_maps({"The map": own} | {stage.title: stage.map for stage in found.stages}, chosen, view)
    elif isinstance(found, OtherClass):
        other = spec_of(chosen.explanation.network).categories[found.target]
        _show_maps({chosen.explanation.target.name: own, other: found.map}, chosen, view)
    elif isinstance(found, Stability):
        _show_maps({"The map": own, "With noise": found.noise_map, "As a JPEG": found.jpeg_map}, chosen, view)
    elif isinstance(found, Pointing):
        _show_curve(found, chosen, selection, picture)


def _show_maps(maps: dict[str, Attribution], chosen: _Tested, view: View) -> None:
    with st.container(horizontal=True):
        for name, made in maps.items():
            name = name if made.any() else f"{name}: zero everywhere"
            st.image(_pixels(made, chosen, view), caption=plain(name), width=_SIDE)


def _pixels(made: Attribution, chosen: _Tested, view: View) -> Pixels:
    return painted(map_alone(made, Method.parse(chosen.method), view, chosen.explanation.framing.side), view)


def _show_curve(found: Pointing, chosen: _Tested, selection: Selection, picture: Picture) -> None:
    """Both curves, and the picture after as much hiding as the reader drags to."""
    label, spec = chosen.explanation.target.name, spec_of(chosen.explanation.network)
    left, right = st.columns([2, 1], gap="medium")
    left.plotly_chart(
        pointing_figure(found, label), width="content", theme=None, config={"displayModeBar": False},
        alt=f"What the network says of {label} while the picture is hidden and shown",
    )  # fmt: skip
    with right:
        share = select_slider(
            "Hidden, strongest first", [100 * step // STEPS for step in range(STEPS + 1)], value=20, key="hidden_share",
            format_func=lambda each: f"{each} %",
        )  # fmt: skip
        step = share * STEPS // 100
        st.image(_hidden(found, step, chosen, selection.question.fit, picture), width=_SIDE)
        said = spec.categories[found.named[step]]
        st.caption(f"The network says **{plain(said)}**; {plain(label)} has {percent(float(found.hidden[step]))}.")


def _hidden(found: Pointing, step: int, chosen: _Tested, fit: str, picture: Picture) -> Pixels:
    recipe = spec_of(chosen.explanation.network).recipe
    image = torch.from_numpy(frame(picture, recipe, fit)[0])
    blurred = baseline_of("blur", image, recipe)
    pictures = [image, *stages(found.order, image, blurred)[: STEPS - 1], blurred]
    return deprocess(np.asarray(pictures[step]), recipe)
