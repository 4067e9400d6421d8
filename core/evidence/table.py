"""The tests of a map, a table: what each asks, how it is answered, and what the answer cannot show."""

from collections.abc import Callable
from dataclasses import dataclass

from core.evidence.adding_up import adding_up
from core.evidence.cascade import DRAWS, STAGES, cascade
from core.evidence.classes import other_class
from core.evidence.finding import Finding
from core.evidence.pointing import point
from core.evidence.road import SHARES, road
from core.evidence.stability import stability
from core.evidence.subject import Map, Subject
from core.evidence.weights import weights
from core.evidence_view import ON_DEMAND


@dataclass(frozen=True, slots=True)
class Test:
    """question: what it asks of a map. how: by what. cannot: what its answer does not show. cost: in words.

    ask: a subject and its map -> what is found, None if the test means nothing for them. source: who proposed it.
    unless: why it may mean nothing.
    """

    question: str
    how: str
    ask: Callable[[Subject, Map], Finding | None]
    cannot: str
    cost: str
    source: str
    unless: str = ""


TESTS: dict[str, Test] = {
    "weights": Test(
        question="Does it depend on what the network learned?",
        how="Weights are permuted within each layer, from the logits down: of the logits' layer, of the upper "
        "half of the layers, of all. Each such copy of the network makes the map again.",
        ask=weights,
        cannot="A map that changes need not be right; one that stays the same is no explanation.",
        cost="three maps by copies of the network whose weights are permuted",
        source="Adebayo et al. 2018, arXiv:1810.03292",
    ),
    "class": Test(
        question="Does it depend on the class?",
        how="The map is made again for the most probable other class.",
        ask=other_class,
        cannot="Two classes may really rest on the same things.",
        cost="one map",
        source="Nie et al. 2018, arXiv:1805.07039",
        unless="This network has one class: there is no other to ask for.",
    ),
    "pointing": Test(
        question="Does it point at what matters?",
        how="Cells of 16 pixels (at least six a side) are blurred, and uncovered in the blurred picture, the strongest "
        "first. The same is done with 19 copies of the map that are rolled, turned and mirrored at random: a scale "
        "with the map's own grain.",
        ask=point,
        cannot="Edges alone do as well, since that is where the picture's information is: over twelve photos and three "
        "networks they beat 16 of 19 on average, a blob in the middle 12, noise 8. Read it beside the first test. No "
        "network was trained on photos that are half hidden.",
        cost="362 predictions",
        source="insertion and deletion, Petsiuk et al. 2018, arXiv:1806.07421, by cells of 16 pixels",
    ),
    "stability": Test(
        question="Is it stable?",
        how="The map is made again with noise of two grey levels, and of what a JPEG file of quality 75 keeps.",
        ask=stability,
        cannot="A map that ignores the picture is perfectly stable: read it beside the first test.",
        cost="two maps",
        source="Ghorbani et al. 2019, arXiv:1710.10547",
    ),
    "sum": Test(
        question="Does it add up?",
        how="The map's sum is held against the difference of the class's score between the picture and the "
        "method's baseline.",
        ask=adding_up,
        cannot="A right sum does not say that it is spread rightly over the pixels.",
        cost="two predictions",
        source="completeness, Sundararajan et al. 2017, arXiv:1703.01365",
        unless="This method promises no sum.",
    ),
    "cascade": Test(
        question="How does it change, layer by layer?",
        how="As the first test, at nine depths (or as many as there are layers), by three draws each.",
        ask=cascade,
        cannot="A map can stay alike for reasons of architecture alone (Binder et al. 2023, arXiv:2211.12486): where a "
        "curve falls ranks no methods.",
        cost=f"{DRAWS * STAGES} maps",
        source="Adebayo et al. 2018, arXiv:1810.03292",
        unless="A layer's grid has too few places for such figures: look at the maps of the first test.",
    ),
    "road": Test(
        question="And if what is hidden is mended from around it?",
        how="10 to 90 % of the cells, the strongest first and the weakest first, become the weighted mean of what "
        "is around them, with a little noise.",
        ask=road,
        cannot="Mended cells vanish where they are scattered and stay where they lie together: it must not rank maps "
        "of different grain.",
        cost=f"{2 * len(SHARES)} predictions, and as many pictures to be mended",
        source="ROAD, Rong et al. 2022, arXiv:2202.00449, by cells of 16 pixels",
        unless="The map is the same everywhere: no cells are its strongest.",
    ),
}
USUAL = tuple(name for name in TESTS if name not in ON_DEMAND)
