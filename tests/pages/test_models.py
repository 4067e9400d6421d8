"""The Models page, and networks beyond those offered: what is said before anything is computed, and whom it trusts."""

import json

import pytest
import torch
from torchvision import models as zoo

from core import service
from core.networks.catalogue import lookup, names
from core.networks.efficientnet_lite import VARIANTS
from tests.networks.made_weights import write_random_weights
from tests.pages.opening import errors, figure, has, open_app, query, texts, widget

MODELS = "pages/Models.py"


def table(app):
    (frame,) = app.dataframe
    return frame.value


def captions(app):
    return [caption.value for caption in app.caption]


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


def test_a_network_without_rectifiers_leaves_no_choice_of_gradients_and_says_why():
    app = open_app(networks="vit_b_16", rules="guided")
    assert widget(app, "only_rules").disabled
    assert any("ViT-B/16: vanilla only, it has no rectifiers (12 GELU)" in caption for caption in captions(app))
    assert query(app) == {"networks": "vit_b_16", "rules": "vanilla"}
    widget(app, "networks").set_value(["vit_b_16", "alexnet"]).run()
    assert widget(app, "rules").value == ["guided"]  # as it was asked for, now that it means something


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mobilenet_v3_small", "MobileNet V3 Small: guided reaches 14 of 33 activations (19 Hardswish, 14 ReLU)"),
        ("swin_v2_t", "Swin V2-T: guided equals vanilla, its 12 rectifiers never see the picture"),
    ],
)
def test_partial_coverage_is_said_before_anything_is_computed(name, said, computed):
    app = open_app(networks=name)
    assert any(said in caption for caption in captions(app))
    assert computed.networks == []


def test_any_network_can_be_added_from_a_list():
    app = open_app()
    assert widget(app, "added").value is None
    assert any(option.startswith("ViT-B/16 · 346 MB · vanilla only") for option in widget(app, "added").options)
    widget(app, "added").set_value("densenet121").run()
    assert widget(app, "networks").value == ["efficientnet_lite0", "densenet121"]
    assert widget(app, "added").value is None
    assert query(app) == {"networks": "efficientnet_lite0,densenet121"}


def test_a_ninth_network_is_refused_with_a_reason():
    app = open_app(networks="efficientnet_lite0,alexnet,resnet18,resnet50,vgg19,vgg11,vgg13,vgg16")
    widget(app, "added").set_value("densenet121").run()
    assert len(widget(app, "networks").value) == 8
    assert any("8 networks fit" in caption for caption in captions(app))


def test_somebody_elses_own_network_in_a_link_is_explained():
    app = open_app(networks="efficientnet_lite0,own-0123456789abcdef")
    assert not app.exception
    assert any("files stay with the person who loaded them" in text for text in texts(app))
    assert len([trace for trace in figure(app)["data"] if trace["type"] == "heatmap"]) == 2


def test_without_trust_no_checkpoint_can_be_given(monkeypatch):
    app = open_app(MODELS)  # AppTest has no server address, as on a public host
    assert any("Loading your own checkpoint is off" in caption for caption in captions(app))
    assert not has(app, "own_file")
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")
    app = open_app(MODELS)
    assert has(app, "own_file")
    assert not has(app, "own_path")  # a path only where the visitor sits at the server


@pytest.fixture
def trusted(monkeypatch):
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")


@pytest.fixture
def checkpoint(tmp_path):
    """SqueezeNet with three classes, wrapped as a training script would."""
    torch.manual_seed(0)
    module = zoo.squeezenet1_1(num_classes=3)
    path = tmp_path / "mine.pth"
    torch.save({"epoch": 7, "state_dict": {f"module.{k}": v for k, v in module.state_dict().items()}}, path)
    return path.read_bytes()


def give(app, data, name="mine.pth"):
    return app.file_uploader(key="own_file").set_value((name, data, "application/octet-stream")).run()


def test_an_own_checkpoint_stands_beside_the_others_and_in_no_other_session(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    assert errors(app) == []
    assert any("3 classes" in caption for caption in captions(app))
    app.file_uploader(key="own_labels").set_value(("labels.txt", b"cat\ndog\nfox", "text/plain")).run()
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"]
    assert own in set(table(app)["Name"])
    assert own not in set(table(open_app(MODELS))["Name"])
    app.switch_page("streamlit_app.py").run()
    widget(app, "networks").set_value([own]).run()
    assert not app.exception
    assert any(text.startswith("<b>mine.pth</b>") for text in texts(app))
    assert widget(app, "class_box").options[1:] == ["cat  (0)", "dog  (1)", "fox  (2)"]
    widget(app, "class_box").set_value(2).run()
    assert query(app) == {"networks": own, "class": "2"}
    assert any("fox" in text for text in texts(app))
    widget(app, "networks").set_value([own, "efficientnet_lite0"]).run()
    assert widget(app, "no_class").disabled  # fox is class 2 of one, and a shark is of the other
    assert "class" not in query(app)


def test_a_class_does_not_come_to_mean_another_one(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"]
    app.switch_page("streamlit_app.py").run()
    widget(app, "class_box").set_value(2).run()
    assert query(app) == {"class": "2"}
    widget(app, "networks").set_value([own]).run()
    assert query(app) == {"networks": own}


@pytest.mark.parametrize("data", [b"", b"<html>", b"PK\x03\x04nonsense"])
def test_a_file_that_is_no_checkpoint_is_refused_in_a_sentence(data, trusted):
    app = give(open_app(MODELS), data)
    assert not app.exception
    assert len(errors(app)) == 1


def test_labels_that_do_not_fit_are_refused_and_the_file_is_kept(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    app.file_uploader(key="own_labels").set_value(("labels.json", json.dumps(["a", "b"]).encode(), "")).run()
    widget(app, "own_use").click().run()
    assert any("3 classes and there are 2 labels" in error for error in errors(app))
    assert has(app, "own_use")


def test_what_outputs_mean_is_said_by_their_owner_and_until_then_logits_are_shown(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    widget(app, "own_use").click().run()
    (assumed,) = app.session_state["own_networks"].values()
    app = give(open_app(MODELS), checkpoint)
    (said,) = [radio for radio in app.radio if radio.label == "What the outputs mean"]
    said.set_value("sigmoid").run()
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"].values()
    assert (assumed.outputs, own.outputs) == ("assumed", "sigmoid")
    assert assumed.name != own.name


def saved(module, path, content=None):
    torch.save(module.state_dict() if content is None else content, path)
    return path.read_bytes()


def selected(app, label):
    (found,) = [box for box in app.selectbox if box.label.startswith(label)]
    return found


def test_of_several_networks_in_a_file_one_is_chosen_and_a_copy_is_not_the_first(trusted, tmp_path):
    names = {name: zoo.squeezenet1_1(num_classes=3).state_dict() for name in ("key_encoder", "query_encoder")}
    app = give(open_app(MODELS), saved(None, tmp_path / "moco.pth", names))
    box = selected(app, "Network in the file")
    assert [option.partition(" · ")[0] for option in box.options] == ["query_encoder.", "key_encoder."]
    widget(app, "own_use").click().run()
    (first,) = app.session_state["own_networks"]
    app = give(open_app(MODELS), saved(None, tmp_path / "moco.pth", names))
    selected(app, "Network in the file").select_index(1).run()
    widget(app, "own_use").click().run()
    (second,) = app.session_state["own_networks"].values()
    assert first != second.name
    assert second.rename("key_encoder.features.0.weight") == "features.0.weight"
    assert second.rename("query_encoder.features.0.weight") is None


def test_what_stands_between_the_layers_of_a_head_has_to_be_said(trusted, tmp_path):
    module = zoo.shufflenet_v2_x0_5(num_classes=3)
    module.fc = torch.nn.Sequential(torch.nn.Linear(1024, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    app = give(open_app(MODELS), saved(module, tmp_path / "head.pth"))
    assert any("has to be said" in caption for caption in captions(app))
    widget(app, "own_use").click().run()
    assert any("say which of relu, gelu" in error for error in errors(app))
    assert not app.session_state["own_networks"]
    selected(app, "What stands between").set_value("relu").run()
    widget(app, "own_use").click().run()
    assert errors(app) == []
    assert len(app.session_state["own_networks"]) == 1


def test_an_own_network_can_be_forgotten(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"]
    file = app.session_state["own_networks"][own].weights
    assert (file.folder / file.name).is_file()
    widget(app, f"forget_{own}").click().run()
    assert app.session_state["own_networks"] == {}
    assert not (file.folder / file.name).exists()
    assert own not in set(table(app)["Name"])


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
