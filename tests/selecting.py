"""Selections in one line: each field finds its own value."""

from dataclasses import fields

from core.question import Question
from core.selection import Selection
from core.targets import target_of
from core.view import View

_QUESTION, _VIEW = ({field.name for field in fields(kind)} for kind in (Question, View))


def select(target=None, networks=("efficientnet_lite0",), **given):
    """A selection; by default of one network."""
    question = {name: given.pop(name) for name in _QUESTION & given.keys()}
    view = {name: given.pop(name) for name in _VIEW & given.keys()}
    asked = Question(**{"networks": networks, "targets": target_of(target)} | question)
    return Selection(question=asked, view=View(**view), **given)
