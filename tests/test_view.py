"""Views: what can be chosen of them, and whether their colours have a sign."""

import pytest

from core.saliency.reductions import REDUCTIONS
from core.view import ARRANGEMENTS, CLIPS, COLOURS, SCALES, SHOWS, SPACES, View


@pytest.mark.parametrize(("reduction", "signed"), [("max_abs", False), ("l2", False), ("max", True), ("sum", True)])
@pytest.mark.parametrize("show", ["map", "overlay"])
def test_a_view_has_a_sign_where_its_reduction_has_one(show, reduction, signed):
    assert View(show=show, reduction=reduction).is_signed == signed


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_red_green_and_blue_have_a_sign_whatever_the_reduction(reduction):
    assert View(show="channels", reduction=reduction).is_signed


def test_what_a_view_begins_with_can_be_chosen():
    view = View()
    for chosen, offered in [
        (view.show, SHOWS), (view.reduction, REDUCTIONS), (view.colours, COLOURS), (view.scale, SCALES),
        (view.clip, CLIPS), (view.arrangement, ARRANGEMENTS), (view.space, SPACES),
    ]:  # fmt: skip
        assert chosen in offered
