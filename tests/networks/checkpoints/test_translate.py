"""What becomes of a file whose tensors have the names of a dialect, tensor by tensor."""

import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from core.networks.checkpoints import translate as module
from core.networks.checkpoints.checkpoint import read_checkpoint
from core.networks.checkpoints.dialects import DIALECTS
from core.networks.checkpoints.normalisation import Normalisation
from core.networks.checkpoints.said import Said
from core.networks.checkpoints.translate import translate, window_indices
from core.networks.checkpoints.unpack import SAID
from tests.networks.checkpoints.made_checkpoints import zeros
from tests.networks.made_weights import write

VIT = "embeddings.patch_embeddings.projection.weight", "embeddings.cls_token"  # by transformers
SWIN = "patch_embed.proj.weight", "layers.0.blocks.0.attn.qkv.weight"  # by timm


def written(state, folder, **notes):
    file = folder / "theirs.safetensors"
    save_file(state, file, {SAID: json.dumps({"notes": notes})})
    return file


def names_after(names, folder):
    file = written(zeros(**dict.fromkeys(names, (1,))), folder)
    translate(file)
    return set(load_file(file))


def test_queries_keys_and_values_become_one_tensor_in_this_order(tmp_path):
    layer = "vit.encoder.layer.3.attention.attention"
    state = {f"vit.{name}": torch.zeros(1) for name in VIT}
    state |= {f"{layer}.{name}.bias": torch.full((2,), value) for name, value in (("value", 3.0), ("key", 2.0))}
    state[f"{layer}.query.bias"] = torch.full((2,), 1.0)
    file = written(state, tmp_path)
    assert translate(file).dialect is not None
    joined = load_file(file)["encoder.layers.encoder_layer_3.self_attention.in_proj_bias"]
    assert joined.tolist() == [1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize("before", ["", "module.", "net.backbone."])
def test_whatever_stands_before_all_names_stays(before, tmp_path):
    theirs = [f"{before}vit.{name}" for name in VIT]
    found = names_after([*theirs, f"{before}classifier.bias", "loss.weight"], tmp_path)
    own = {f"{before}{name}" for name in ("conv_proj.weight", "class_token", "heads.head.bias")}
    assert found == own | {"loss.weight"}


def test_a_body_without_its_librarys_own_beginning_is_read_too(tmp_path):
    assert names_after([f"body.{name}" for name in VIT], tmp_path) == {"body.conv_proj.weight", "body.class_token"}


def test_each_of_several_networks_is_translated(tmp_path):
    found = names_after([f"{which}.{name}" for which in ("model", "model.teacher") for name in SWIN], tmp_path)
    assert found == {
        f"{which}.features.{name}"
        for which in ("model", "model.teacher")
        for name in ("0.0.weight", "1.0.attn.qkv.weight")
    }


def test_a_tensor_that_the_dialect_does_not_know_stays_and_so_no_network_of_torchvisions_fits(tmp_path):
    found = names_after([f"vit.{name}" for name in VIT] + ["vit.pooler.dense.weight"], tmp_path)
    assert found == {"conv_proj.weight", "class_token", "pooler.dense.weight"}


def test_two_names_for_one_tensor_are_not_both_translated(tmp_path):
    found = names_after([f"vit.{name}" for name in VIT] + ["embeddings.cls_token"], tmp_path)
    assert "class_token" in found
    assert len(found) == 3


@pytest.mark.parametrize(
    ("shapes", "is_joined"),
    [([(2, 3)] * 3, True), ([(2, 3), (2,), (2, 3)], False), ([(), (), ()], False), ([(1,), (2,), (1,)], False)],
)
def test_only_pieces_of_one_shape_are_joined(shapes, is_joined, tmp_path):
    layer = "vit.encoder.layer.0.attention.attention."
    pieces = dict(zip((f"{layer}{name}.weight" for name in ("query", "key", "value")), shapes, strict=True))
    file = written(zeros(**{f"vit.{name}": (1,) for name in VIT}, **pieces), tmp_path)
    translate(file)
    joined = {"encoder.layers.encoder_layer_0.self_attention.in_proj_weight"}
    assert load_file(file).keys() - {"conv_proj.weight", "class_token"} == (joined if is_joined else pieces.keys())


def test_nothing_is_joined_over_what_is_there_or_outside_the_dialect(tmp_path):
    key = "encoder.layers.encoder_layer_0.self_attention.in_proj_bias"
    piece = "vit.encoder.layer.0.attention.attention.key.bias"
    theirs = [f"vit.{name}" for name in VIT]
    assert names_after([*theirs, piece, key, "odd[0]"], tmp_path) >= {piece, key, "odd[0]"}


def test_numbers_without_a_shape_where_tables_should_be_break_nothing(tmp_path):
    file = written(
        zeros(**dict.fromkeys(SWIN, ()), **{"layers.0.blocks.0.attn.relative_position_bias_table": ()}), tmp_path
    )
    assert translate(file).dialect is not None


def test_other_files_are_left_as_they_are(tmp_path):
    file = written(zeros(**{"conv1.weight": (2, 3)}), tmp_path)
    before = file.read_bytes()
    assert translate(file).dialect is None
    assert file.read_bytes() == before


def test_what_a_file_says_beside_its_tensors_is_kept(tmp_path):
    file = written(zeros(**dict.fromkeys(SWIN, (1,))), tmp_path, img_size=192)
    translate(file)
    with safe_open(file, framework="pt") as copy:
        assert json.loads(copy.metadata()[SAID])["notes"] == {"img_size": 192}


def test_places_in_a_window_are_those_of_the_paper():
    # two by two: offsets down and right are -1, 0 or 1, and a pair of the same place is in the middle of nine rows
    assert window_indices(2).reshape(4, 4).tolist() == [[4, 3, 1, 0], [5, 4, 2, 1], [7, 6, 4, 3], [8, 7, 5, 4]]


def test_swins_places_are_made_where_they_are_missing_and_kept_where_they_are_not(tmp_path):
    block = "layers.0.blocks.{}.attn.relative_position_{}"
    state = zeros(**dict.fromkeys(SWIN, (1,)), **{block.format(each, "bias_table"): (169, 3) for each in (0, 1)})
    state[block.format(1, "index")] = torch.arange(49 * 49).reshape(49, 49)
    file = written(state, tmp_path)
    translate(file)
    copy = load_file(file)
    assert torch.equal(copy["features.1.0.attn.relative_position_index"], window_indices(7))
    assert torch.equal(copy["features.1.1.attn.relative_position_index"], torch.arange(49 * 49))


def test_windows_of_other_sizes_get_no_places(tmp_path):
    table = "layers.0.blocks.0.attn.relative_position_bias_table"
    assert not any("index" in name for name in names_after([*SWIN, table], tmp_path))


def test_where_the_file_says_nothing_pictures_are_prepared_as_the_library_does(tmp_path):
    translation = translate(written(zeros(**dict.fromkeys(VIT, (1,))), tmp_path))
    said = translation.completed(Said())
    assert (said.normalisation, said.interpolation, said.squash) == (
        Normalisation((0.5,) * 3, (0.5,) * 3), "bilinear", True,
    )  # fmt: skip
    assert "ViT by transformers" in said.notices[0]
    own = Normalisation((0.1,) * 3, (0.2,) * 3)
    assert translation.completed(Said(normalisation=own)).normalisation == own


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path, monkeypatch):
    file = written(zeros(**dict.fromkeys(VIT, (1,))), tmp_path)
    monkeypatch.setattr(module, "save_file", _no_room)
    with pytest.raises(module.CheckpointError, match="no room on the server's disk"):
        translate(file)
    assert list(tmp_path.glob("*.safetensors*")) == [file]


def _no_room(*arguments):
    raise module.SafetensorError


@pytest.mark.usefixtures("here")
def test_reading_a_checkpoint_translates_it(tmp_path):
    state = zeros(**{f"model.{name}": (1,) for name in VIT})
    read = read_checkpoint(write({"state_dict": state}, tmp_path / "mine.ckpt"), tmp_path / "copies")
    assert read.shapes == {"model.conv_proj.weight": (1,), "model.class_token": (1,)}
    assert read.is_renamed
    assert read.epsilons == next(each.epsilons for each in DIALECTS if each.marks == VIT)
    assert any("ViT by transformers" in notice for notice in read.said.notices)
