"""What was found out about maps, as a part of a page that works without a network."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby

import plotly.io

from core.evidence.pointing import STEPS, Pointing
from core.evidence.table import TESTS
from core.examine import Examined, map_of
from core.networks.catalogue import NetworkSpec
from core.outputs import OUTPUTS
from core.ui.figure.curves import curves_figure
from core.ui.figure.evidence import hidden_picture, small_maps
from core.ui.figure.photos import Photo, photo_of_colours, photo_of_input
from core.ui.words import percent, source_title
from core.values import Picture, Pixels
from core.view import View

ASSUMED = "Probabilities below assume softmax, since what the outputs of a network mean was not said."
_SHOWN = range(2, STEPS, 2)  # steps of hiding that are shown as pictures


def evidence_html(
    tests: Sequence[Examined], picture: Picture, fit: str, view: View, spec_of: Callable[[str], NetworkSpec]
) -> str:
    """A section for each map, of what its tests found, in the order given; "" without any. All text is escaped."""
    return "\n".join(
        f"<section>{''.join(_section(list(of_map), picture, fit, view, spec_of))}</section>"
        for _, of_map in groupby(tests, lambda each: (id(each.explanation), each.source))
    )


def _section(
    tests: list[Examined], picture: Picture, fit: str, view: View, spec_of: Callable[[str], NetworkSpec]
) -> Iterator[str]:
    explanation, source = tests[0].explanation, tests[0].source
    spec, label = spec_of(explanation.network), explanation.target.name
    name, own = source_title(source), map_of(explanation, source)
    yield f"<h2>{escape(f'Tests of {explanation.title}, {name}: {label}')}</h2>"
    if not OUTPUTS[spec.outputs].is_said:
        yield f'<p class="limits">{ASSUMED}</p>'
    for each in tests:
        found, about = each.finding, TESTS[each.test]
        yield f"<h3>{escape(about.question)}</h3><p>{escape(found.says(label, spec.categories))}</p>"
        maps = found.maps(own, label, spec.categories)
        yield _pictures(small_maps(maps, source, view, explanation.framing.side))
        if curves := found.curves(label):
            figure = curves_figure(curves)
            div = plotly.io.to_html(figure, config={"displayModeBar": False}, include_plotlyjs=False, full_html=False)
            yield f'<div class="curves">{div}</div>'
        if isinstance(found, Pointing):
            hidden = {
                f"{100 * step // STEPS} % hidden: {spec.categories[found.named[step]]}; "
                f"{label} {percent(float(found.hidden[step]))}": step
                for step in _SHOWN
            }
            seen = {said: hidden_picture(found, step, picture, spec.recipe, fit) for said, step in hidden.items()}
            yield _pictures(seen, photo_of_input)
        yield f'<p class="limits">{escape(f"{about.cannot} ({about.source})")}</p>'


def _pictures(pictures: dict[str, Pixels], photo: Callable[[Pixels], Photo] = photo_of_colours) -> str:
    shown = "".join(
        f'<figure><img src="{photo(pixels).source}" alt=""><figcaption>{escape(name)}</figcaption></figure>'
        for name, pixels in pictures.items()
    )
    return f'<div class="small">{shown}</div>' if shown else ""
