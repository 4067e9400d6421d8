"""What the Classes page says of classes and contrasts: in the grid, in words, and in numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.comparison import Explanation
from core.selection import Selection
from core.ui.figure.contrast import contrasted, difference, minus, rival_of
from core.ui.figure.layout import Grid
from core.ui.figure.maps import Column, maps_of
from core.ui.grid.tables import numbers
from core.ui.words import RULE_NAMES, percent, plain, shortened
from core.values import Prediction

_TITLE = 1.75  # a heading's letter as a multiple of a caption's
_PAIRS = 3  # named in full
_WHERE = "Top 5 % of pixels"
_SAID_OTHERWISE = ("Network", "Class", "Probability", "Computed on")  # the time is that of all classes together

Pair = tuple[Explanation, Explanation]


def class_slot(key: str, explained: Explanation, grid: Grid) -> Column:
    """One class's place in the grid: its name above, with its own logit and probability."""
    target = explained.target
    title = shortened(target.name, max(8, int(grid.panel_width / grid.letter / _TITLE)))
    return Column(key, title, explained, beneath=f"{_logit(target)}, {percent(target.probability)}")


def alternative(explained: Mapping[str, Explanation], selection: Selection, picture: str) -> str:
    """What stands for the figure."""
    rules = " and ".join(RULE_NAMES[rule].lower() for rule in selection.rules)
    said = "; ".join(f"{each.title}: {_plainly(each)}" for each in explained.values())
    return " ".join(f"{sentence}." for sentence in (f"Saliency maps of {picture} by {rules}", said) if sentence)


def lines(explained: Mapping[str, Explanation], slots: Sequence[Column], selection: Selection) -> list[str]:
    """One line of Markdown for each class or contrast: what it is, and where its maps are strongest."""
    places: dict[str, list[str]] = {key: [] for key in explained}
    for key, row in _rows(slots, selection):
        places[key].append(f"{row['Gradient'].split()[0].lower()} {row[_WHERE]}")
    return [f"{_subject(each)}: {'; '.join(places[key]) or 'no map'}" for key, each in explained.items()]


def table(explained: Mapping[str, Explanation], slots: Sequence[Column], selection: Selection) -> list[dict[str, str]]:
    """One row a panel: the text that stands for the figure where it cannot be seen."""
    return [
        {"Network": explained[key].title}
        | _identity(explained[key])
        | {name: text for name, text in row.items() if name not in _SAID_OTHERWISE}
        for key, row in _rows(slots, selection)
    ]


def _rows(slots: Sequence[Column], selection: Selection) -> Iterator[tuple[str, dict[str, str]]]:
    """The numbers of every panel, with the key of its slot."""
    keys = (key for key, _ in maps_of(slots, selection))
    return zip(keys, numbers(slots, selection), strict=True)


def colours_in_words(explained: Iterable[Explanation], reduction: str) -> str:
    """What red and blue say in a contrast, for a reduction that has a sign."""
    pairs = {(each.target.name, rival_of(each).name) for each in explained}
    one, other = pairs.pop() if len(pairs) == 1 else ("the class explained", "the other one")
    if reduction == "max":
        return f"Vanilla, red: at least one colour, if brighter, raises {one} over {other}; blue: all lower it."
    return f"Vanilla, red: brighter pixels raise {one} over {other}; blue: they lower it."


def same_maps(pairs: Iterable[Pair], classes: int) -> str:
    """Which classes have nearly identical maps, in Markdown; "" for no pair at all."""
    found = list(pairs)
    if len(found) == classes * (classes - 1) // 2 > 1:
        return f"all {classes} classes"
    named = [f"**{plain(one.target.name)}** and **{plain(other.target.name)}**" for one, other in found[:_PAIRS]]
    more = len(found) - len(named)
    return "; ".join(named) + (f"; and {more} more pair{'s' if more > 1 else ''}" if more else "")


def with_predictions(explained: Explanation, others: Iterable[Prediction]) -> Explanation:
    """The same, with classes beyond the most probable ones that the page shows."""
    found = {prediction.index: prediction for prediction in (*explained.top, *others)}
    return replace(explained, top=tuple(sorted(found.values(), key=lambda prediction: -prediction.probability)))


def _logit(prediction: Prediction) -> str:
    return "logit " + minus(f"{prediction.logit:.2f}")


def _plainly(explained: Explanation) -> str:
    return (
        contrasted(explained)
        if explained.against
        else f"{explained.target.name} {percent(explained.target.probability)}"
    )


def _subject(explained: Explanation) -> str:
    target = explained.target
    if explained.against:
        return f"**{plain(explained.title)}** {plain(contrasted(explained))}"
    return f"**{plain(target.name)}** {percent(target.probability)}, {_logit(target)}"


def _identity(explained: Explanation) -> dict[str, str]:
    target, rival = explained.target, explained.against
    if rival is None:
        return {
            "Class": target.name,
            "Probability": percent(target.probability),
            "Logit": minus(f"{target.logit:.2f}"),
        }
    return {
        "Contrast": f"{target.name} − {rival.name}",
        "Logit difference": difference(explained),
        "Probabilities": f"{percent(target.probability)} − {percent(rival.probability)}",
    }
