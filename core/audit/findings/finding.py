"""What is said of a class by one network, as values and as sentences."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from core.audit.findings.bars import ALIKE, COVERED, LEAST, TELLING
from core.audit.findings.covering import Covering
from core.audit.findings.exchange import Exchange
from core.audit.findings.likeness import Likeness
from core.audit.findings.pixels import Telling
from core.audit.findings.suspects import Suspect
from core.images.region import Region
from core.wording import counted

_ROWS = ("upper", "", "lower")
_COLUMNS = ("left", "middle", "right")
LOOK = "Alike crops are often a stamp, a frame or a logo. Look at them: is this part of {}?"
_NONE = (
    "No region stood out for {}. That does not clear the network: shortcuts in colour, texture, background or in "
    "changing places cannot be found like this, and gradient maps often do not show them."
)
_NO_FINDING = (
    "Nothing here passes all the bars of a finding. That does not clear the network: shortcuts in colour, texture, "
    "background or in changing places cannot be found like this, and gradient maps often do not show them."
)
_NO_OTHERS = "There is no other class to compare {} with, so nothing could be asked: audit several classes at once."
_FEW = "{}: too few pictures to say ({}; {} are needed)."
PADDED = (
    "Pictures were fitted whole, with grey around them. A place that is compared with may lie on the grey, where "
    "covering it costs nothing: what a class needs is then said too readily."
)
_MOST_TIMES = 1_000_000
_BLIND = "This network has no layer that knows places, so no region can be looked for."


@dataclass(frozen=True, slots=True)
class Answered:
    """A region and what the questions found. At least one of the first two is there.

    suspect: where the evidence lies, None of a place that looks alike whatever the evidence. likeness: how alike its
    crops are. covered: what covering it costs; exchanged: what an exchange with other classes does, asked where crops
    are alike. None: not asked, or nothing could be said.
    """

    suspect: Suspect | None
    likeness: Likeness | None
    covered: Covering | None = None
    exchanged: Exchange | None = None

    @property
    def place(self) -> Region:
        """What was covered and exchanged: what looks alike, else all of the suspect."""
        if self.suspect is None or self.is_alike:
            assert self.likeness is not None
            return self.likeness.place
        return self.suspect.region

    @property
    def is_alike(self) -> bool:
        """Whether its crops are alike, beyond those of the other classes."""
        return self.likeness is not None and self.likeness.beyond > ALIKE

    @property
    def is_needed(self) -> bool:
        """Whether covering it costs something, and more than covering other places, beyond doubt."""
        return self.covered is not None and self.covered.drop > 0 and self.covered.low > COVERED

    @property
    def is_used(self) -> bool:
        """Whether the class follows it where it is exchanged, beyond doubt."""
        return self.exchanged is not None and self.exchanged.is_used

    @property
    def is_finding(self) -> bool:
        """Whether it passes all the bars."""
        return self.is_alike and self.is_used


@dataclass(frozen=True, slots=True)
class Found:
    """Of one class and network. label: the class, as its folder or the network names it; pictures: how many.

    regions: what was asked about: suspects, the strongest first, and places that look alike without being one. telling:
    what pixels alone say. groups: how many pictures in each group by where the evidence lies. silent: in how many no
    place speaks for the class. has_places: whether the network knows any. is_explained: whether the label is a class of
    the network's, which was explained; else each picture's most probable class was. has_others: whether there are
    pictures of other classes to compare with.
    """

    network: str
    label: str
    pictures: int
    regions: tuple[Answered, ...] = ()
    telling: Telling | None = None
    groups: tuple[int, ...] = ()
    has_places: bool = True
    silent: int = 0
    is_explained: bool = True
    has_others: bool = True

    @property
    def findings(self) -> tuple[Answered, ...]:
        """Regions that pass all the bars."""
        return tuple(each for each in self.regions if each.is_finding)

    @property
    def is_told_by_pixels(self) -> bool:
        """Whether pixels of one place tell the class from the others, no less than any do of pictures by lot."""
        return self.telling is not None and self.telling.auc >= max(TELLING, self.telling.by_lot)

    def sentences(self) -> Iterator[str]:
        """All that is to be said, what matters first."""
        if self.pictures < LEAST:
            yield _FEW.format(f"**{self.label}**", counted(self.pictures, "picture", "pictures"), LEAST)
            return
        if not self.has_places:
            yield _BLIND
        for each in sorted(self.regions, key=lambda each: not each.is_finding):
            yield from self._of_region(each)
        if not self.has_others:
            yield _NO_OTHERS.format(f"**{self.label}**")
        elif self.has_places and not self.findings:
            yield _NONE.format(f"**{self.label}**") if not self.regions else _NO_FINDING
        if self.telling is not None and self.is_told_by_pixels:
            yield (
                f"The {place(self.telling.region)} alone, without any network, tells **{self.label}** from the rest "
                f"(AUC {self.telling.auc:.2f}; 0.5 is chance, {self.telling.by_lot:.2f} the most by lot)."
            )
        if len(self.groups) > 1:
            yield _groups(self.label, self.groups)
        if self.silent:
            yield f"In {counted(self.silent, 'picture', 'pictures')} no place speaks for {self._class}."

    @property
    def _class(self) -> str:
        """What the network was asked for."""
        return f"**{self.label}**" if self.is_explained else "the class that was explained"

    def as_json(self) -> dict[str, Any]:
        """Plain values, with the sentences."""
        values = asdict(self)
        for each, region in zip(values["regions"], self.regions, strict=True):
            each |= {"is_finding": region.is_finding, "place": place(region.place)}
        return values | {"sentences": list(self.sentences())}

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> Self:
        """The inverse."""
        told = values["telling"]
        return cls(
            network=values["network"],
            label=values["label"],
            pictures=values["pictures"],
            regions=tuple(map(_answered, values["regions"])),
            telling=Telling(Region(**told["region"]), told["auc"], told["by_lot"]) if told else None,
            groups=tuple(values["groups"]),
            has_places=values["has_places"],
            silent=values["silent"],
            is_explained=values.get("is_explained", True),
            has_others=values.get("has_others", True),
        )

    def _of_region(self, each: Answered) -> Iterator[str]:
        label, where = f"**{self.label}**", place(each.place)
        cost, exchange = self._cost(each.covered), self._exchange(each.exchanged)
        if each.is_finding:
            yield f"{label} leans on the {where}. {exchange} {cost} {_alike(each.likeness)}"
            yield LOOK.format(label)
        elif each.is_alike:
            yield (
                f"The {where} of pictures of {label} often looks the same, but it is not shown that this network "
                f"uses it. {_alike(each.likeness)} {exchange} {cost}"
            )
        elif each.is_needed:
            yield (
                f"{label} leans on the {where}, and needs it. {cost} {_alike(each.likeness)} They differ: most likely "
                "the object."
            )
        else:
            evidence = f"evidence for {label}" if self.is_explained else f"evidence in pictures of {label}"
            yield f"The {evidence} often lies in the {where}; it is not shown that the network needs it. {cost}"

    def _cost(self, covered: Covering | None) -> str:
        if covered is None:
            return "Covering it could not be compared: no other place of its size is left, or its pictures are gone."
        way, ends = "lower", (covered.low, covered.high)
        if covered.beyond < 0:
            way, ends = "higher", (-covered.high, -covered.low)
        return (
            f"Covering it {_changes(covered.drop)} {self._probability}, which is then {abs(covered.beyond):.2f} {way} "
            f"than with other places of that size covered (95 %: {_signed(ends[0])} to {_signed(ends[1])}, "
            f"{counted(covered.pictures, 'picture', 'pictures')})."
        )

    def _exchange(self, found: Exchange | None) -> str:
        if found is None:
            return (
                "It could not be exchanged with other classes' pictures: they are too few, or all pictures have it and "
                "it is too much in the middle."
            )
        control = "places that mirror it" if found.mirrored else "the same place of its pictures without it"
        pictures = counted(found.pictures, "picture", "pictures")
        return (
            f"Exchanged with the same place of other classes' pictures, it {_changes(found.out)} {self._probability} "
            f"and {_changes(-found.into)} theirs: the odds change {_times(found.odds)} times as much as by {control} "
            f"(95 %: {_times(found.low)} to {_times(found.high)} times, {pictures})."
        )

    @property
    def _probability(self) -> str:
        return f"the probability of {self.label if self.is_explained else 'the class that was explained'}"


def _answered(values: dict[str, Any]) -> Answered:
    suspect, alike, covered, exchanged = (values[name] for name in ("suspect", "likeness", "covered", "exchanged"))
    return Answered(
        Suspect(Region(**suspect["region"]), suspect["share"], suspect["area"]) if suspect else None,
        Likeness(alike["within"], alike["others"], Region(**alike["window"]), Region(**alike["place"]))
        if alike
        else None,
        Covering(**covered) if covered else None,
        Exchange(**exchanged) if exchanged else None,
    )


def place(region: Region) -> str:
    """Where a region lies, in words: "lower left", "middle", "lower left and middle", "upper part"."""
    rows, columns = _thirds(region.top, region.bottom), _thirds(region.left, region.right)
    row = "" if len(rows) == 3 else _ROWS[rows[0]] or _ROWS[rows[-1]]
    if len(columns) == 3:
        return f"{row} part" if row else "whole" if len(rows) == 3 else "middle"
    column = " and ".join(_COLUMNS[third] for third in columns)
    return f"{row} {column}" if row else column


def _thirds(low: float, high: float) -> list[int]:
    """Which thirds of [0, 1] a stretch covers by half or more; else the one that its middle is in."""
    covered = [third for third in range(3) if min(high, (third + 1) / 3) - max(low, third / 3) >= 1 / 6]
    return covered or [min(int(1.5 * (low + high)), 2)]


def _changes(drop: float) -> str:
    return f"takes {drop:.2f} off" if drop >= 0 else f"adds {-drop:.2f} to"


def _alike(likeness: Likeness | None) -> str:
    if likeness is None:
        return "How alike its crops are is not known, since their pictures are gone."
    return (
        f"The crops look alike in {_percent(likeness.within)} of pairs; in other classes in "
        f"{_percent(likeness.others)}."
    )


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "less than 1 %"
    return f"{100 * share:.0f} %" if share == 1 or share < 0.995 else "more than 99 %"


def _signed(number: float) -> str:
    return f"{round(number, 2) + 0.0:.2f}".replace("-", "−")  # no nought is negative


def _times(factor: float) -> str:
    if factor >= _MOST_TIMES:
        return f"more than {_MOST_TIMES:,}"
    if factor < 0.01:
        return "less than 0.01"
    return f"{factor:,.0f}" if factor >= 100 else f"{factor:.1f}" if factor >= 10 else f"{factor:.2f}"


def _groups(label: str, sizes: tuple[int, ...]) -> str:
    *first, last = map(str, sizes)
    return (
        f"By where the evidence lies, pictures of **{label}** were put into groups of {', '.join(first)} and {last}. "
        "Any pictures are: look whether these differ."
    )


def without_emphasis(sentence: str) -> str:
    """A sentence without its marks of emphasis."""
    return sentence.replace("**", "")
