"""The Models page: every network, found by parts of its name, on disk or in memory."""

from types import SimpleNamespace

import pytest

from core import service
from core.networks.catalogue import lookup, names
from core.networks.efficientnet_lite import VARIANTS
from core.ui.models import page
from tests.networks.made_weights import write_random_weights
from tests.opening import errors, open_app, widget
from tests.ui.models.shown import MODELS, table


def test_every_network_has_its_row():
    rows = table(open_app(MODELS))
    assert sorted(rows["Name"]) == sorted(names())
    vgg = rows.set_index("Name").loc["vgg19"]
    assert (vgg["Network"], vgg["Guided"], vgg["On disk"], vgg["Input"]) == ("VGG-19", "18 of 18", False, 224)
    assert (round(vgg["Size"]), round(vgg["Parameters"]), vgg["Top-1"], vgg["GFLOPs"]) == (575, 144, 72.376, 19.632)
    assert rows.set_index("Name").loc["vit_h_14"]["Guided"] == "none"
    assert rows.set_index("Name").loc["vit_h_14"]["Licence"].endswith("LICENSE")
    assert bool(rows.set_index("Name").loc["efficientnet_lite0"]["On disk"])


@pytest.mark.parametrize(
    ("words", "found"),
    [("v2 swin", {"swin_v2_b", "swin_v2_s", "swin_v2_t"}), ("RESNET-18", {"resnet18"}), ("nothing", set())],
)
def test_networks_are_found_by_parts_of_their_names(words, found):
    app = open_app(MODELS)
    widget(app, "find").set_value(words).run()
    assert not app.exception
    assert set(table(app)["Name"] if len(table(app)) else ()) == found


def test_what_is_in_memory_and_on_disk_can_be_shown_alone():
    open_app()  # explains by the first network
    app = open_app(MODELS)
    for choice, shown in (("memory", ["efficientnet_lite0"]), ("disk", list(VARIANTS))):
        widget(app, "subset").set_value(choice).run()
        assert list(table(app)["Name"]) == shown
    assert any("MB of" in metric.value for metric in app.metric)


def test_weights_on_disk_and_in_memory_are_told(tmp_path):
    write_random_weights("squeezenet1_1", tmp_path / "hub" / "checkpoints")
    open_app(networks="squeezenet1_1")
    row = table(open_app(MODELS)).set_index("Name").loc["squeezenet1_1"]
    assert bool(row["On disk"])
    assert bool(row["In memory"])
    assert service.networks().nbytes >= lookup("squeezenet1_1").parameters * 4


def test_a_budget_that_makes_no_sense_is_said(monkeypatch):
    monkeypatch.setenv("LIMELIGHT_MEMORY", "plenty")
    service.networks.clear()
    app = open_app(MODELS)
    assert not app.exception
    assert errors(app) == ["LIMELIGHT_MEMORY is 'plenty': write a size such as 800MB or 4GiB."]


def test_a_network_that_computes_is_not_freed_and_is_named(session, monkeypatch):
    monkeypatch.setattr(service, "networks", lambda: SimpleNamespace(drop=lambda name: name != "vgg19"))
    page._free([lookup("alexnet"), lookup("vgg19")])
    assert session["models_problem"] == "VGG-19 computes just now: free the memory when it has done."
    session.clear()
    page._free([lookup("alexnet")])
    assert session == {}
