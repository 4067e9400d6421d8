"""Networks as they are named on a command line."""

import pytest
import torch
from torchvision import models

from core.audit.networks import network_of
from core.errors import AuditError, CheckpointError, UnknownNetwork


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "best.pth"
    torch.save(models.squeezenet1_1(num_classes=3).state_dict(), path)
    return path


def test_a_name_is_torchvisions(tmp_path):
    spec, remarks = network_of("resnet50:IMAGENET1K_V1", tmp_path)
    assert (spec.name, remarks) == ("resnet50:IMAGENET1K_V1", ())
    with pytest.raises(UnknownNetwork):
        network_of("resnet51", tmp_path)


def test_a_path_is_ones_own_with_what_is_proposed_and_what_was_assumed_is_said(file, tmp_path):
    spec, remarks = network_of(str(file), tmp_path)
    assert (spec.model, len(spec.categories), spec.outputs) == ("squeezenet1_1", 3, "assumed")
    assert spec.name.startswith("own-")
    assert any("softmax is assumed" in remark for remark in remarks)


def test_of_two_networks_in_a_file_it_is_said_which_one_was_taken(tmp_path):
    state = models.squeezenet1_1(num_classes=3).state_dict()
    torch.save({f"{whose}.{key}": value for whose in ("student", "teacher") for key, value in state.items()},
               tmp_path / "two.pth")  # fmt: skip
    _, remarks = network_of(str(tmp_path / "two.pth"), tmp_path)
    assert any("teacher" in remark and "left out" in remark for remark in remarks), remarks


def test_what_is_known_of_it_is_said_with_its_path(file, tmp_path):
    (tmp_path / "names.txt").write_text("benign\nmalignant\nnothing\n")
    text = f"{file}?model=squeezenet1_1&labels={tmp_path / 'names.txt'}&outputs=sigmoid&crop=128&resize=160"
    spec, remarks = network_of(text, tmp_path)
    assert spec.categories == ("benign", "malignant", "nothing")
    assert (spec.outputs, spec.recipe.crop, spec.recipe.resize) == ("sigmoid", 128, 160)
    assert not any("softmax" in remark for remark in remarks)


@pytest.mark.parametrize(("said", "squashes"), [("squash", True), ("squash=1", True), ("squash=0", False)])
def test_squashing_is_switched_on_or_off(file, tmp_path, said, squashes):
    spec, _ = network_of(f"{file}?{said}&crop=96", tmp_path)
    assert spec.recipe.squash == squashes


def test_what_stands_between_the_layers_of_a_head_can_be_said(tmp_path):
    network = models.resnet18(num_classes=3)
    network.fc = torch.nn.Sequential(torch.nn.Linear(512, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    torch.save(network.state_dict(), tmp_path / "head.pth")
    with pytest.raises(CheckpointError, match="say which of"):
        network_of(str(tmp_path / "head.pth"), tmp_path)
    spec, _ = network_of(f"{tmp_path / 'head.pth'}?between=relu", tmp_path)
    assert len(spec.categories) == 3


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ("size=3", AuditError, "no setting called size"),
        ("outputs=logits", AuditError, "Outputs are"),
        ("crop=large", AuditError, "whole numbers"),
        ("squash=2", AuditError, "squash is 1 or 0"),
        ("labels=/nowhere.txt", AuditError, "in /nowhere.txt cannot be read"),
        ("model=resnet50", CheckpointError, "is no resnet50"),
    ],
)
def test_what_makes_no_sense_is_said(file, tmp_path, settings, error, said):
    with pytest.raises(error, match=said):
        network_of(f"{file}?{settings}", tmp_path)
