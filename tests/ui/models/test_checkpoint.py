"""A checkpoint of the reader's own: who may give one, what it becomes, and how it goes."""

import io
import json
from dataclasses import replace

import pytest
import torch
from torchvision import models as zoo

from core.networks.catalogue import lookup
from core.selection import Selection
from core.ui.models import checkpoint as checkpoints
from tests.opening import captions, errors, has, open_app, own_setting, query, texts, widget
from tests.reading import here as here
from tests.ui.models.shown import MODELS, table


@pytest.fixture
def trusted(monkeypatch, here):
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


def test_without_trust_no_checkpoint_can_be_given(monkeypatch):
    app = open_app(MODELS)  # AppTest has no server address, as on a public host
    assert "Loading your own checkpoint is off" in captions(app)
    assert not has(app, "own_file")
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")
    app = open_app(MODELS)
    assert has(app, "own_file")
    assert not has(app, "own_path")  # a path only where the visitor sits at the server


def test_an_own_checkpoint_stands_beside_the_others_and_in_no_other_session(monkeypatch, checkpoint):
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")  # read for real: in a process of its own, with limits
    app = give(open_app(MODELS), checkpoint)
    assert errors(app) == []
    assert "3 classes" in captions(app)
    own_setting(app, "file_uploader", "labels").set_value(("labels.txt", b"cat\ndog\nfox", "text/plain")).run()
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
    own_setting(app, "file_uploader", "labels").set_value(("labels.json", json.dumps(["a", "b"]).encode(), "")).run()
    widget(app, "own_use").click().run()
    assert any("3 classes and there are 2 labels" in error for error in errors(app))
    assert has(app, "own_use")


def test_what_outputs_mean_is_said_by_their_owner_and_until_then_logits_are_shown(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    widget(app, "own_use").click().run()
    (assumed,) = app.session_state["own_networks"].values()
    app = give(open_app(MODELS), checkpoint)
    own_setting(app, "radio", "outputs").set_value("sigmoid").run()
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"].values()
    assert (assumed.outputs, own.outputs) == ("assumed", "sigmoid")
    assert assumed.name != own.name


def test_what_is_assumed_of_pictures_is_said_and_can_be_corrected(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    assert "Pictures: shorter side 256, centre 224 px, bilinear; mean 0.485, 0.456, 0.406" in captions(app)
    own_setting(app, "toggle", "recipe").set_value(True).run()
    own_setting(app, "toggle", "squash").set_value(True).run()
    own_setting(app, "number_input", "crop").set_value(160).run()
    own_setting(app, "number_input", "Mean_green").set_value(0.25).run()
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"].values()
    assert (own.recipe.squash, own.recipe.crop, own.recipe.resize) == (True, 160, 160)
    assert own.recipe.mean == (0.485, 0.25, 0.406)


def test_what_was_said_of_one_file_is_not_said_of_the_next(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    own_setting(app, "file_uploader", "labels").set_value(("labels.txt", b"cat\ndog\nfox", "text/plain")).run()
    own_setting(app, "toggle", "recipe").set_value(True).run()
    own_setting(app, "number_input", "crop").set_value(160).run()
    own_setting(app, "radio", "outputs").set_value("sigmoid").run()
    torch.manual_seed(1)
    other = io.BytesIO()
    torch.save({"state_dict": zoo.squeezenet1_1(num_classes=3).state_dict(), "classes": ["a", "b", "c"]}, other)
    give(app, other.getvalue(), "other.pth")
    assert "Names of the classes are the file's own (classes): a, b, c" in captions(app).replace("\\", "")
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"].values()
    assert own.categories == ("a", "b", "c")
    assert (own.recipe.crop, own.outputs) == (224, "assumed")


@pytest.mark.parametrize("converts", [True, False])
def test_the_input_conversion_of_inception_can_be_switched_off(trusted, converts):
    module = zoo.googlenet(num_classes=3, aux_logits=False, init_weights=False)
    file = io.BytesIO()
    torch.save(module.state_dict(), file)
    app = give(open_app(MODELS), file.getvalue())
    own_setting(app, "toggle", "converts").set_value(converts).run()
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"].values()
    assert own.build().transform_input is converts


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
    assert "has to be said" in captions(app)
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


def test_of_files_that_were_only_looked_at_no_copy_stays(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    looked_at = app.session_state["checkpoint"].file
    assert looked_at.is_file()
    give(app, b"no checkpoint")
    assert not looked_at.exists()
    give(app, checkpoint)
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"].values()
    give(app, checkpoint)  # once more, of other classes say: it is the network's file, and the form's
    give(app, b"no checkpoint")
    assert looked_at.is_file()
    give(app, checkpoint)
    widget(app, f"forget_{own.name}").click().run()
    assert looked_at.is_file()
    widget(app, "own_use").click().run()
    assert errors(app) == []
    assert list(app.session_state["own_networks"]) == [own.name]


def test_what_is_forgotten_is_compared_no_more(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    widget(app, "own_use").click().run()
    (own,) = app.session_state["own_networks"]
    app.switch_page("streamlit_app.py").run()
    widget(app, "networks").set_value(["efficientnet_lite0", own]).run()
    assert query(app)["networks"] == f"efficientnet_lite0,{own}"
    app.switch_page(MODELS).run()
    widget(app, f"forget_{own}").click().run()
    app.switch_page("streamlit_app.py").run()
    assert not app.exception
    assert widget(app, "networks").value == ["efficientnet_lite0"]
    assert not any("not here" in option for option in widget(app, "networks").options)


def test_a_file_stays_while_another_own_network_has_its_weights(session, tmp_path):
    file = tmp_path / "weights.pth"
    file.touch()
    weights = replace(lookup("alexnet").weights, name=file.name, folder=tmp_path)
    one, other = (replace(lookup("alexnet"), name=name, weights=weights) for name in ("own-1", "own-2"))
    session |= {"own_networks": {"own-1": one, "own-2": other}, "selection": Selection()}
    checkpoints._forget(one)
    assert file.exists()
    checkpoints._forget(other)
    assert not file.exists()
