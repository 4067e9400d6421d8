"""Networks as they are named on a command line."""

import pytest
import torch
from torchvision import models

from core.audit.networks import network_of, remarks
from core.errors import AuditError, CheckpointError, UnknownNetwork


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "best.pth"
    torch.save(models.squeezenet1_1(num_classes=3).state_dict(), path)
    return path


def test_a_name_is_torchvisions(tmp_path):
    assert network_of("resnet50:IMAGENET1K_V1", tmp_path).name == "resnet50:IMAGENET1K_V1"
    with pytest.raises(UnknownNetwork):
        network_of("resnet51", tmp_path)


def test_a_path_is_ones_own_with_what_is_proposed_and_what_was_assumed_is_said(file, tmp_path):
    spec = network_of(str(file), tmp_path)
    assert (spec.model, len(spec.categories), spec.outputs) == ("squeezenet1_1", 3, "assumed")
    assert spec.name.startswith("own-")
    assert ["softmax is assumed" in remark for remark in remarks(spec)] == [True]


def test_what_is_known_of_it_is_said_with_its_path(file, tmp_path):
    (tmp_path / "names.txt").write_text("benign\nmalignant\nnothing\n")
    text = f"{file}?model=squeezenet1_1&labels={tmp_path / 'names.txt'}&outputs=sigmoid&crop=128&resize=160"
    spec = network_of(text, tmp_path)
    assert spec.categories == ("benign", "malignant", "nothing")
    assert (spec.outputs, spec.recipe.crop, spec.recipe.resize) == ("sigmoid", 128, 160)
    assert list(remarks(spec)) == []
    assert network_of(f"{file}?squash&crop=96", tmp_path).recipe.squash


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ("size=3", AuditError, "no setting called size"),
        ("outputs=logits", AuditError, "Outputs are"),
        ("crop=large", AuditError, "whole numbers"),
        ("labels=/nowhere.txt", AuditError, "in /nowhere.txt cannot be read"),
        ("model=resnet50", CheckpointError, "is no resnet50"),
    ],
)
def test_what_makes_no_sense_is_said(file, tmp_path, settings, error, said):
    with pytest.raises(error, match=said):
        network_of(f"{file}?{settings}", tmp_path)
