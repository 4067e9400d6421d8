"""The region tool: shares against chance, what covering changes, and how the box is set."""

import numpy as np
import pytest

from core import answering, load_sample
from core.errors import NetworkError
from core.images.occlusion import FILLS, occlude
from core.images.region import Region
from core.ui.tools import region
from core.view import View
from tests.opening import errors, has, open_app, query, widget
from tests.ui.made import column, explained

MIDDLE = Region(0.3, 0.3, 0.7, 0.7)
STAMPED = {"picture": "stamped", "ask": "region"}


def frames(app):
    return [frame.value for frame in app.dataframe]


def test_a_region_is_measured_against_chance_and_covered():
    app = open_app(**STAMPED, region="0.25,0.25,0.75,0.75")
    assert not app.exception
    assert errors(app) == []
    shares, effects = frames(app)
    assert list(shares["Network"]) == ["EfficientNet-Lite0"] * 2
    assert list(shares["Gradient"]) == ["vanilla", "guided"]
    for row in shares.to_dict("records"):
        inside, area, times = (float(row[key].rstrip(" %×")) for key in ("Of map", "Of area", "Against chance"))
        assert times == pytest.approx(inside / area, abs=0.1)
    assert set(effects.columns) == {"Network", "Class", "As it is", "Blurred", "Mean colour", "Noise"}
    assert effects.iloc[0]["As it is"] != effects.iloc[0]["Noise"]


def test_the_picture_is_covered_once_for_the_networks_and_the_reader(monkeypatch):
    fills = []
    monkeypatch.setattr(region, "occlude", lambda *asked: fills.append(asked[2]) or occlude(*asked))
    open_app(**STAMPED, region="0.25,0.25,0.75,0.75")
    assert fills == list(FILLS)


def test_the_stamp_is_suggested_where_there_is_one():
    assert not has(open_app(ask="region"), "region_stamp")
    app = open_app(**STAMPED)
    widget(app, "region_stamp").click().run()
    assert query(app) == STAMPED | {"region": "0.08,0.84,0.58,0.92"}
    assert widget(app, "region_x").value == (8, 58)
    widget(app, "region_none").click().run()
    assert query(app) == STAMPED


def test_sliders_set_the_box_and_a_box_without_an_inside_is_none():
    app = open_app(ask="region")
    widget(app, "region_x").set_value((10, 60)).run()
    assert query(app) == {"ask": "region", "region": "0.1,0.3,0.6,0.7"}
    widget(app, "region_y").set_value((50, 50)).run()
    assert query(app) == {"ask": "region"}


def test_asking_again_computes_nothing(computed, monkeypatch):
    app = open_app(**STAMPED, region="0.1,0.1,0.4,0.4")
    monkeypatch.setattr(answering, "predict", lambda *args, **more: pytest.fail("predicted again"))
    before = computed.questions
    widget(app, "colours").set_value("inferno").run()
    assert not app.exception
    assert computed.questions == before


@pytest.mark.parametrize(
    ("box", "shares"),
    [
        (Region(0.25, 0.0, 0.5, 1.0), ("61 %", "50 %", "1.2×")),  # of 1, 1/2 and 1/7 only the first lies there
        (Region(0.0, 0.0, 0.25, 1.0), ("unseen", "unseen", "")),  # beside the middle half that the network saw
    ],
)
def test_shares_by_hand(box, shares):
    (row,) = region._shares([column()], ("vanilla",), View(), box)
    assert (row["Of map"], row["Of area"], row["Against chance"]) == shares


def test_of_what_a_network_did_not_see_covering_says_nothing(monkeypatch):
    monkeypatch.setattr(region.answering, "prediction", lambda *asked: pytest.fail("asked"))
    left = Region(0.0, 0.0, 0.25, 1.0)  # beside the middle half
    (row,) = region._effects([explained()], "crop", dict.fromkeys(FILLS, load_sample("chelsea")), left)
    assert [row[fill] for fill in ("Blurred", "Mean colour", "Noise")] == ["unseen"] * 3


def test_a_map_of_nothing_has_no_share():
    zeros = column(maps={"vanilla": np.zeros((3, 8, 8), np.float32)})
    (row,) = region._shares([zeros], ("vanilla",), View(), Region(0.25, 0.0, 0.5, 1.0))
    assert (row["Of map"], row["Against chance"]) == ("zero", "")


def test_a_network_that_fails_on_the_covered_picture_says_so_in_its_row(monkeypatch):
    def fail(*asked):
        raise NetworkError("No memory.")

    monkeypatch.setattr(region.answering, "prediction", fail)
    (row,) = region._effects([explained()], "crop", dict.fromkeys(FILLS, load_sample("chelsea")), MIDDLE)
    assert row["As it is"] == "38 %"
    assert [row[fill] for fill in ("Blurred", "Mean colour", "Noise")] == ["No memory."] * 3
