"""A method: how a map is made, as one value with a text of its own, such as "guided~smooth:100" or "layercam@28x28"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from core.errors import MethodError
from core.estimators.kinds import About, Choice, Estimator, Parameter, checked
from core.estimators.plain import Plain
from core.estimators.table import ESTIMATORS
from core.rules import RULES, Rule

_GRID = re.compile(r"[1-9][0-9]{0,3}x[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Method:
    """What is computed of a network, a picture and a class.

    rule: the backward rule. estimator: a value of core.estimators. layer: the size of the grid that a class activation
    map looks at, "rows x columns" as "28x28"; None is the last that still knows places. Raises MethodError for what
    cannot be combined or is out of range. str() is its canonical text, without what is usual, and `parse` the inverse.
    """

    rule: str = "vanilla"
    estimator: Estimator = Plain()
    layer: str | None = None

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise MethodError(f"There is no gradient called {self.rule!r}.")
        about = self.about
        if about.rules is not None and self.rule not in about.rules:
            raise MethodError(about.refusal)
        if self.layer is not None and not (about.looks_at_layer and _GRID.fullmatch(self.layer)):
            raise MethodError(f"{about.title} looks at no layer called {self.layer}.")
        try:
            for parameter in about.parameters:
                checked(getattr(self.estimator, parameter.name), parameter)
        except ValueError as error:
            raise MethodError(str(error)) from None

    @property
    def about(self) -> About:
        """The estimator's row."""
        return ESTIMATORS[self.estimator.name]

    @property
    def by_rule(self) -> Rule:
        """The rule's row."""
        return RULES[self.rule]

    @property
    def is_plain(self) -> bool:
        """Whether it is the backward rule and nothing else."""
        return isinstance(self.estimator, Plain)

    @property
    def backward_rules(self) -> tuple[str, ...]:
        """The rules by which it goes backwards: of guided Grad-CAM two, of black boxes none."""
        return (self.rule,) if self.about.backward is None else self.about.backward

    @property
    def needs_rectifiers(self) -> bool:
        """Whether it says nothing of its own in a network without any."""
        return any(RULES[rule].needs_rectifiers for rule in self.backward_rules)

    @property
    def title(self) -> str:
        """In full, with what is unusual."""
        return self._named(self.by_rule.title, self.about.title)

    @property
    def short(self) -> str:
        """In brief."""
        return self._named(self.by_rule.short, self.about.short)

    @property
    def in_words(self) -> str:
        """As it stands within a sentence."""
        return self._named(self.by_rule.title.lower(), self.about.short)

    def _named(self, rule: str, estimator: str) -> str:
        if self.is_plain:
            return rule
        name = estimator if self.rule == "vanilla" else f"{self.by_rule.short.capitalize()} {estimator}"
        said = [*self._unusual(), *([self.layer.replace("x", " × ")] if self.layer else [])]
        return f"{name} ({', '.join(said)})" if said else name

    def _unusual(self) -> list[str]:
        usual = self.about.make()
        return [
            f"{value}" if isinstance(parameter, Choice) else f"{parameter.label.split(',')[0].lower()} {value:g}"
            for parameter in self.about.parameters
            if (value := getattr(self.estimator, parameter.name)) != getattr(usual, parameter.name)
        ]

    def with_samples(self, count: int) -> "Method | None":
        """The same by so many samples, which are the first of its own; None where there is no such method."""
        if not self.about.grows:
            return None
        estimator: Any = self.estimator
        try:
            return replace(self, estimator=replace(estimator, **{self.about.grows: count}))
        except MethodError:
            return None

    def reduction(self, chosen: str) -> str:
        """The reduction of its colours: the one that means something, else the one that was chosen."""
        return self.about.reduces or chosen

    @property
    def cautions(self) -> tuple[str, ...]:
        """What its maps cannot say, a sentence each."""
        own = (self.about.caution,) if self.about.caution else ()
        return own if not self.is_plain and self.rule == "vanilla" else (*own, self.by_rule.caution)

    def __str__(self) -> str:
        if self.is_plain:
            return self.rule
        usual, values = self.about.make(), []
        for parameter in self.about.parameters:
            values.append(_written(getattr(self.estimator, parameter.name)))
        while values and values[-1] == _written(getattr(usual, self.about.parameters[len(values) - 1].name)):
            values.pop()
        rule = "" if self.rule == "vanilla" else f"{self.rule}~"
        return rule + ":".join([self.estimator.name, *values]) + (f"@{self.layer}" if self.layer else "")

    @classmethod
    def parse(cls, text: str) -> "Method":
        """The method of a text; raises MethodError if it makes no sense."""
        return _parsed(text)


def methods_of(given: Method | str | Sequence[Method | str]) -> tuple[Method, ...]:
    """Methods, by value or text, each of them once."""
    several = (given,) if isinstance(given, Method | str) else given
    return tuple(dict.fromkeys(each if isinstance(each, Method) else Method.parse(each) for each in several))


def slow_methods(texts: Iterable[str]) -> tuple[str, ...]:
    """Those that ask a network many times."""
    return tuple(text for text in texts if Method.parse(text).about.counts)


@lru_cache(maxsize=1000)
def _parsed(text: str) -> Method:
    rest, _, layer = text.partition("@")
    rule, tilde, estimator = rest.rpartition("~")
    if not tilde and estimator in RULES and not layer:
        return Method(estimator)
    name, *values = estimator.split(":")
    about = ESTIMATORS.get(name)
    if about is None or name == "plain" or len(values) > len(about.parameters) or len(text) > 100:
        raise MethodError(f"There is no method called {text[:60]!r}.")
    given = {each.name: _read(value, each) for each, value in zip(about.parameters, values, strict=False)}
    usual = about.make()
    made: Estimator = replace(usual, **given)  # type: ignore[type-var]
    return Method(rule or "vanilla", made, layer or None)


def _written(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _read(text: str, parameter: Parameter) -> int | float | str:
    if isinstance(parameter, Choice):
        return text
    whole = isinstance(parameter.step, int)
    if not re.fullmatch(r"[0-9]{1,4}" if whole else r"[0-9]{0,4}(\.[0-9]{1,4})?", text) or not text:
        raise MethodError(f"{parameter.label} must be a number, not {text[:20]!r}.")
    return int(text) if whole else float(text)
