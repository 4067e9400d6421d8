"""Plain values beside the tensors are kept, and nothing else is."""

import torch

from core.networks.checkpoints.unpacking.notes import notes_in
from core.networks.checkpoints.unpacking.values import Thing


def test_plain_values_are_kept_by_their_names_and_nothing_else():
    ring: dict[str, object] = {"depth": 3}
    ring["self"] = ring
    options = Thing("argparse.Namespace")
    options.state = {"lr": 0.1, "output": Thing("pathlib.PosixPath")}
    content = {
        "model": {"weight": torch.ones(2), "version": 2},
        "hparams": {"img_size": 192, "loss": Thing("torch.nn.modules.loss.MSELoss"), "mean": (0.5, 0.5, 0.5)},
        "args": options,
        "ring": ring,
        "huge": 10**400,
        "bad": float("nan"),
        "long": "x" * 501,
        "flag": True,
        "classes": {0: "cat", 1: "dog"},
    }
    assert notes_in(content) == {
        "img_size": 192, "mean": (0.5, 0.5, 0.5), "lr": 0.1, "depth": 3, "classes": {0: "cat", 1: "dog"},
    }  # fmt: skip


def test_of_one_name_what_stands_nearest_to_the_top_counts():
    assert notes_in({"inner": {"img_size": 1}, "img_size": 2})["img_size"] == 2


def test_the_state_of_other_things_is_not_looked_into():
    thing = Thing("torch.nn.modules.linear.Linear")
    thing.state = {"in_features": 3}
    assert notes_in({"model": thing}) == {}


def test_there_are_no_more_than_a_reader_has_use_for():
    assert len(notes_in({str(number): "x" * 500 for number in range(20_000)})) < 9_000


def test_what_is_no_dict_has_none():
    assert notes_in([1, 2]) == {}
    assert notes_in(None) == {}
