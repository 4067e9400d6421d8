"""The 1000 classes of ImageNet by name, and finding one from what a person types."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.networks.zoo import class_names

_DISAMBIGUATED = {  # torchvision's words alone leave these in doubt
    134: "crane (wading bird)",
    517: "crane (lifting device)",
    264: "Cardigan (Welsh corgi)",
    474: "cardigan (garment)",
    638: "maillot (tights)",
    639: "maillot (tank suit)",
}
CLASSES: tuple[str, ...] = tuple(_DISAMBIGUATED.get(index, name) for index, name in enumerate(class_names()))

LONGEST_QUERY = 100
_WEAKEST = 0.3  # a candidate below this score would only puzzle
_IRREGULAR = {"geese": "goose", "mice": "mouse", "wolves": "wolf"}


@dataclass(frozen=True, slots=True)
class ClassMatch:
    """A class that a query may mean.

    score: in (0, 1], larger is closer. exact: the query is this class's full name, or its index, and no other
    class's; only then may it be taken without asking.
    """

    index: int
    name: str
    score: float
    exact: bool


def disambiguated(categories: Sequence[str]) -> tuple[str, ...]:
    """torchvision's names as Limelight shows them: ImageNet's 1000 become CLASSES, others stay themselves."""
    return CLASSES if tuple(categories) == class_names() else tuple(categories)


def class_named(name: str, categories: Sequence[str]) -> int | None:
    """The one class that has this full name, as `find_classes` takes it without asking; None if none or several have.

    Digits are a name here, and no index.
    """
    words = _words(name)
    return _exact_match(words, _names(tuple(categories))) if words else None


def find_classes(query: str, limit: int = 8, categories: Sequence[str] = CLASSES) -> list[ClassMatch]:
    """Rank the classes that a query may mean, best first, at most `limit`; [] when none comes near.

    Case, hyphens, underscores, stray spaces, articles, plurals and small typing errors are forgiven; a part
    of a name finds all the names that have it. A decimal number is a class's index. What stands in brackets
    may be left out, but "crane" then means two classes, neither of them exactly.
    """
    typed = query.strip()[:LONGEST_QUERY]
    if re.fullmatch(r"[0-9]{1,9}", typed):
        index = int(typed)
        return [ClassMatch(index, categories[index], 1.0, exact=True)] if index < len(categories) else []
    names = _names(tuple(categories))
    words = _words(typed)
    meant = _exact_match(words, names)
    scores = [1.0 if index == meant else _score(words, name) for index, name in enumerate(names)]
    best = sorted((index for index, score in enumerate(scores) if score >= _WEAKEST), key=lambda i: -scores[i])
    return [ClassMatch(i, categories[i], scores[i], exact=i == meant) for i in best[:limit]]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in words: all of them, those outside brackets, and these without the spaces between."""

    full: tuple[str, ...]
    base: tuple[str, ...]
    joined: str


@lru_cache(maxsize=8)
def _names(categories: tuple[str, ...]) -> tuple[_Name, ...]:
    bases = [_words(re.sub(r"\(.*?\)", "", name)) for name in categories]
    return tuple(_Name(_words(name), base, "".join(base)) for name, base in zip(categories, bases, strict=True))


def _words(text: str) -> tuple[str, ...]:
    """Lower case, split at all but letters and digits, apostrophes dropped, without a leading article."""
    words = re.findall(r"[^\W_]+", re.sub("['\N{RIGHT SINGLE QUOTATION MARK}]", "", text.casefold()))
    return tuple(words[1:] if words[0:1] in (["a"], ["an"], ["the"]) and len(words) > 1 else words)


def _exact_match(words: tuple[str, ...], names: Sequence[_Name]) -> int | None:
    """The one class with this full name; failing that, the one with this name before its brackets."""
    full = [index for index, name in enumerate(names) if name.full == words]
    found = full or [index for index, name in enumerate(names) if name.base == words]
    return found[0] if len(found) == 1 else None


def _score(words: tuple[str, ...], name: _Name) -> float:
    """0 to 0.99; finding all the words of the query counts for more than covering all those of the name."""
    score = max(_overlap(words, name.base), _spelling("".join(words), name.joined))
    return min(0.99, score if name.full == name.base else max(score, _overlap(words, name.full)))


def _overlap(words: tuple[str, ...], name: tuple[str, ...]) -> float:
    """The F-measure of matched words, recall of the query weighted double (van Rijsbergen's beta = 2)."""
    likenesses = [[_likeness(word, other) for other in name] for word in words]
    if not any(map(any, likenesses)):
        return 0.0
    found = sum(map(max, likenesses)) / len(words)
    covered = sum(map(max, zip(*likenesses, strict=True))) / len(name)
    return 5 * found * covered / (4 * covered + found)


@lru_cache(maxsize=50_000)
def _likeness(word: str, other: str) -> float:
    """0 to 1, of a typed word and a name's word: equal, begun, contained, or mistyped."""
    word, other = _singular(word), _singular(other)
    if word == other:
        return 1.0
    if len(word) >= 3 and word in other:
        return (0.5 if other.startswith(word) else 0.4) + 0.4 * len(word) / len(other)
    return 0.8 * _ratio(word, other, at_least=0.75)


def _spelling(typed: str, name: str) -> float:
    """Likeness letter by letter, for names joined or split otherwise: "gold fish", "greatgreyowl"."""
    return 0.95 * _ratio(typed, name, at_least=0.85)


def _ratio(first: str, second: str, *, at_least: float) -> float:
    """difflib's likeness, 0 to 1, and 0 when it is below `at_least`; length and letters settle most pairs."""
    in_first, in_second = len(first), len(second)
    needed = at_least * (in_first + in_second) / 2  # letters that have to agree
    if in_first < needed or in_second < needed:
        return 0.0
    if in_first - len(_letters(first) - _letters(second)) < needed:
        return 0.0
    if in_second - len(_letters(second) - _letters(first)) < needed:
        return 0.0
    ratio = difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()
    return ratio if ratio >= at_least else 0.0


@lru_cache(maxsize=5_000)
def _letters(word: str) -> frozenset[str]:
    return frozenset(word)


@lru_cache(maxsize=5_000)
def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    return word[:-1] if is_plural else word
