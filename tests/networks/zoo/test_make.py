"""The tables say what torchvision says."""

import pytest
from torchvision import models

from core.networks.zoo import CLASS_NAMES, TABLE, class_names, make, zoo
from core.networks.zoo.module import module_of

ROWS = [row for rows in zoo().values() for row in rows]


def test_the_table_is_torchvisions_own():
    assert list(make.rows()) == ROWS
    assert make.names() == class_names()


def test_each_model_has_one_usual_set_of_weights():
    assert {model: sum(row.is_default for row in rows) for model, rows in zoo().items()} == dict.fromkeys(zoo(), 1)


def test_what_is_written_is_what_lies_there(tmp_path, monkeypatch):
    monkeypatch.setattr(make, "TABLE", tmp_path / "table")
    monkeypatch.setattr(make, "CLASS_NAMES", tmp_path / "names")
    make.main()
    assert (tmp_path / "table").read_bytes() == TABLE.read_bytes()
    assert (tmp_path / "names").read_bytes() == CLASS_NAMES.read_bytes()


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.model.startswith(("vit_", "maxvit_"))], ids=lambda row: row.file
)
def test_networks_of_one_size_are_made_for_the_size_of_their_weights(row):
    sizes = models.get_model_weights(row.model)[row.weights].meta["min_size"]
    assert sizes == (row.crop, row.crop)


def test_what_a_constructor_takes_can_be_otherwise():
    assert module_of(zoo()["squeezenet1_1"][0], num_classes=3).num_classes == 3
