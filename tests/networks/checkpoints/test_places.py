"""Names in a file: where a network begins, what is looked through, and what is a copy by its name."""

import pytest

from core.networks.checkpoints.places import Place, is_a_copy, places_of, unwrapped


@pytest.mark.parametrize(
    ("name", "place", "key"),
    [
        ("conv1.weight", Place(""), "conv1.weight"),
        ("a.module.b.layer1.0.bn1.bias", Place("a.module.b."), "layer1.0.bn1.bias"),
        ("module.layer1.module.0.bn1.bias", Place("module."), "layer1.0.bn1.bias"),
        ("0.weight", Place("", numbered=True), "conv1.weight"),
        ("body.4.0.conv1.weight", Place("body.", numbered=True), "layer1.0.conv1.weight"),
        ("body.4.module.0.conv1.weight", Place("body.", numbered=True), "layer1.0.conv1.weight"),
    ],
)
def test_a_name_says_where_a_network_would_be_and_which_key_it_is(name: str, place: Place, key: str) -> None:
    assert (place, key) in places_of("resnet18", name, 10)
    assert place.key("resnet18", name) == key


def test_what_is_deeper_is_not_at_a_place() -> None:
    assert Place("").key("resnet18", "module.conv1.weight") is None
    assert places_of("resnet18", "module.conv1.weight", 10) == [(Place("module."), "conv1.weight")]
    assert unwrapped("module.layer4._orig_mod.0.bn1.bias") == "layer4.0.bn1.bias"


def test_numbers_mean_nothing_where_a_network_is_more_than_its_parts() -> None:
    assert places_of("googlenet", "0.conv.weight", 10) == []


@pytest.mark.parametrize(
    ("place", "copy"),
    [
        ("", False), ("model.", False), ("backbone.module.", False), ("encoder_q.", False), ("student.", False),
        ("scheme.", False), ("demo.", False), ("kernel.", False), ("mobile.", False), ("fold.", False),
        ("encoder_k.", True), ("key_encoder.", True), ("model_ema.module.", True), ("modelEMA.", True),
        ("emaModel.", True), ("TeacherNet.", True), ("swa_model.", True), ("visual_encoder_m.", True), ("avg.", True),
        ("averaged_model.", True), ("target_network.", True), ("momentum_encoder.", True), ("net.ema2.", True),
    ],
)  # fmt: skip
def test_copies_that_training_keeps_are_known_by_words(place: str, copy: bool) -> None:
    assert is_a_copy(place) is copy
