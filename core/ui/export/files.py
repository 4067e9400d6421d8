"""Taking a comparison away: as a picture, a page, numbers, and the manifest that brings it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import streamlit as st

from core.examine import Examined
from core.explanation import Comparison, Explanation
from core.export.files import csv_of, npz_of
from core.export.manifest import manifest_of, to_json
from core.method import Method
from core.networks.catalogue import NetworkSpec
from core.selection import Selection
from core.ui.controls.networks import spec_of
from core.ui.controls.picture import picture_detail, picture_title
from core.ui.export.manifest import show_manifest
from core.ui.export.names import file_name
from core.ui.figure.columns import Column, answers
from core.ui.figure.evidence_html import evidence_html
from core.ui.figure.figure import comparison_figure
from core.ui.figure.html_page import html_of
from core.ui.frame.buttons import shot_button
from core.ui.grid.arrange import arranged
from core.ui.grid.cautions import cautions_of
from core.ui.tools.evidence.answers import answers_about
from core.ui.words import REDUCTION_NAMES, score
from core.values import Picture

_PAGE = (1440, 900)  # px that the standalone page's figure is laid out for


@dataclass(frozen=True, slots=True)
class ExportBundle:
    """All that the files are made of, by value: they are made on another thread, when a button is clicked."""

    comparison: Comparison
    selection: Selection
    columns: tuple[Column, ...]
    networks: MappingProxyType[str, NetworkSpec]
    title: str
    detail: str
    background: str
    tests: tuple[Examined, ...] = ()

    def manifest(self) -> dict[str, Any]:
        """See core.export.manifest.manifest_of; hashes weights files, which takes a while the first time."""
        view = {"networks": ",".join(self.selection.question.networks)} | self.selection.to_query()
        lookup = self.networks.__getitem__
        return manifest_of(self.comparison, self.selection.picture, view, lookup=lookup, tests=self.tests)

    def json(self) -> bytes:
        """The manifest as a file."""
        return to_json(self.manifest()).encode()

    def npz(self) -> bytes:
        """Raw attributions, what the networks saw, and the manifest."""
        return npz_of(self.comparison, self.manifest())

    def csv(self) -> bytes:
        """The predictions."""
        return csv_of(self.comparison)

    def html(self) -> bytes:
        """The grid as a page that needs no network."""
        picture, view, rules = self.comparison.picture, self.selection.view, self.selection.question.rules
        grid = arranged(len(self.columns), rules, view, picture, _PAGE)
        figure = comparison_figure(self.columns, view, grid, picture, exact=True)
        tests = evidence_html(
            self.tests, picture, self.selection.question.fit, self.selection.view, self.networks.__getitem__
        )
        return html_of(figure, f"{self.title} · Limelight", self.background, self.caption(), tests)

    def caption(self) -> str:
        """What the figure shows and what it cannot say, a line each."""
        explained = [
            f"{each.title} explains {each.target.name} ({score(each.target)})" for each in self.comparison.explanations
        ]
        rules = self.selection.question.rules
        by = ", ".join(Method.parse(rule).in_words for rule in rules)
        reduced = any(Method.parse(rule).about.reduces is None for rule in rules)
        name = REDUCTION_NAMES[self.selection.view.reduction]
        if self.selection.view.show == "channels":
            name = "Red, green and blue as they are"
        by += f"; {name[0].lower()}{name[1:]}" if reduced else ""
        how = f"{by[0].upper()}{by[1:]}."
        answers = (notice for each in self.comparison.explanations for notice in each.notices)
        notices = dict.fromkeys((*self.comparison.picture.notices, *answers))
        said = f"{'; '.join(explained)}."
        return "\n".join([f"{self.title} · {self.detail}", said, how, *notices, *cautions_of(rules)])


def show_export(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the downloads, and the way back from a manifest."""
    comparison = exported(columns, selection.question.rules, picture)
    if comparison.explanations:
        _downloads(_bundle(comparison, columns, selection, picture), file_name(selection))
    else:
        st.caption("There is nothing to take away until a map is here.")
    show_manifest(comparison, selection)


def exported(columns: Sequence[Column], rules: tuple[str, ...], picture: Picture) -> Comparison:
    """The comparison that is on the screen: of each network what was asked for."""
    return Comparison(picture, tuple(_asked(answer, rules) for answer in answers(columns)))


def _asked(explanation: Explanation, rules: tuple[str, ...]) -> Explanation:
    # More rules are computed than are shown, see core.answering.
    attributions = {rule: explanation.attributions[rule] for rule in rules if rule in explanation.attributions}
    refused = {rule: explanation.refused[rule] for rule in rules if rule in explanation.refused}
    return replace(explanation, attributions=MappingProxyType(attributions), refused=MappingProxyType(refused))


def _bundle(comparison: Comparison, columns: Sequence[Column], selection: Selection, picture: Picture) -> ExportBundle:
    return ExportBundle(
        comparison=comparison,
        selection=selection,
        columns=tuple(columns),
        networks=MappingProxyType({each.network: spec_of(each.network) for each in comparison.explanations}),
        title=picture_title(selection.picture),
        detail=picture_detail(selection.picture, picture),
        background=str(st.get_option(f"theme.{st.context.theme.type or 'light'}.backgroundColor")),
        tests=answers_about(comparison.explanations, picture, selection.question.fit),
    )


def _downloads(bundle: ExportBundle, name: str) -> None:
    with st.container(horizontal=True, gap="small", key="takeaway"):
        shot_button("Picture, PNG", name)
        _download("Web page", "html", "text/html", bundle.html, name, "Opens without a network; zoom and hover work.")
        _download("Maps", "npz", "application/zip", bundle.npz, name, "Raw float32 maps for numpy, with manifest.")
        _download("Manifest", "json", "application/json", bundle.json, name, "What brings this comparison back.")
        _download("Predictions", "csv", "text/csv", bundle.csv, name, "The five most probable classes of each network.")
    st.caption(
        "PNG of the grid as it is zoomed, at twice its size · HTML that works offline · NPZ of raw maps · "
        "JSON that brings the comparison back · CSV. The first manifest of a network takes a few seconds: its whole "
        "weights file is hashed." + _tests_in_words(len(bundle.tests))
    )


def _tests_in_words(count: int) -> str:
    if not count:
        return " What Test finds out about these maps goes with the web page and the manifest."
    return (
        f" With the web page and the manifest go the answers to {count} test{'s' if count > 1 else ''} of these maps."
    )


_ICONS = {"html": "language", "npz": "data_array", "json": "receipt_long", "csv": "table"}


def _download(label: str, ending: str, mime: str, data: Callable[[], bytes], name: str, about: str) -> None:
    st.download_button(
        f"{label}, {ending.upper()}", data, f"{name}.{ending}", mime, key=f"take_{ending}", on_click="ignore",
        icon=f":material/{_ICONS[ending]}:", help=about,
    )  # fmt: skip
