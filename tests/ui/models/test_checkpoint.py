"""A checkpoint of the reader's own: who may give one, what it becomes, and how it goes."""

import json
from dataclasses import replace

import pytest
import torch
from torchvision import models as zoo

from core.networks.catalogue import lookup
from core.ui.models import checkpoint as checkpoints
from tests.opening import captions, errors, has, open_app, query, texts, widget
from tests.ui.models.shown import MODELS, table


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


def test_without_trust_no_checkpoint_can_be_given(monkeypatch):
    app = open_app(MODELS)  # AppTest has no server address, as on a public host
    assert "Loading your own checkpoint is off" in captions(app)
    assert not has(app, "own_file")
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")
    app = open_app(MODELS)
    assert has(app, "own_file")
    assert not has(app, "own_path")  # a path only where the visitor sits at the server


def test_an_own_checkpoint_stands_beside_the_others_and_in_no_other_session(trusted, checkpoint):
    app = give(open_app(MODELS), checkpoint)
    assert errors(app) == []
    assert "3 classes" in captions(app)
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


def test_a_file_stays_while_another_own_network_has_its_weights(session, tmp_path):
    file = tmp_path / "weights.pth"
    file.touch()
    weights = replace(lookup("alexnet").weights, name=file.name, folder=tmp_path)
    one, other = (replace(lookup("alexnet"), name=name, weights=weights) for name in ("own-1", "own-2"))
    session["own_networks"] = {"own-1": one, "own-2": other}
    checkpoints._forget(one)
    assert file.exists()
    checkpoints._forget(other)
    assert not file.exists()
