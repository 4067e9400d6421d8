"""Every name, and what is known of it."""

import hashlib
import re
from pathlib import Path

import pytest
import torch
from torchvision import models

from core.errors import UnknownNetwork
from core.networks.catalogue import OFFERED, lookup, names
from core.networks.efficientnet_lite import VARIANTS
from core.networks.labels import CLASSES


def test_every_classifier_of_torchvision_is_known_by_its_name() -> None:
    assert set(models.list_models(module=models)) < set(names())


def test_every_published_file_that_classifies_has_one_name() -> None:
    files = {weights.url for model in models.list_models(module=models) for weights in models.get_model_weights(model)}
    known = [lookup(name).weights.url for name in names() if name not in VARIANTS]
    assert sorted(known) == sorted(files - {models.VGG16_Weights.IMAGENET1K_FEATURES.url})


@pytest.mark.parametrize("name", names())
def test_a_name_leads_to_an_architecture_of_that_name(name: str) -> None:
    found = lookup(name)
    assert found.name == name
    assert found.categories == CLASSES
    assert found.weights.size > 2 * found.parameters  # bytes; two of the files hold half precision
    assert found.weights.url.endswith(found.weights.name) or name in VARIANTS
    assert re.fullmatch(r"[0-9a-f]{8,}", found.weights.digest)
    assert found.recipe.resize >= found.recipe.crop >= 224
    assert found.recipe.interpolation in ("bilinear", "bicubic")


def test_titles_are_different_and_none_is_a_bare_name() -> None:
    titles = [lookup(name).title for name in names()]
    assert len(set(titles)) == len(titles)
    assert not set(titles) & set(names())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("resnet50", "ResNet-50"),
        ("resnet50:IMAGENET1K_V1", "ResNet-50 (V1)"),
        ("vit_b_16:IMAGENET1K_SWAG_E2E_V1", "ViT-B/16 (SWAG E2E V1)"),
    ],
)
def test_a_title_names_the_weights_where_they_are_not_the_usual_ones(name: str, title: str) -> None:
    assert lookup(name).title == title


def test_a_recipe_is_the_one_of_these_weights() -> None:
    first, second = lookup("resnet50:IMAGENET1K_V1").recipe, lookup("resnet50").recipe
    assert (first.resize, first.crop, first.interpolation) == (256, 224, "bilinear")
    assert (second.resize, second.crop, second.interpolation) == (232, 224, "bilinear")
    assert first.mean == (0.485, 0.456, 0.406)
    assert lookup("efficientnet_v2_l").recipe.std == (0.5, 0.5, 0.5)


def test_a_size_is_in_bytes() -> None:
    assert lookup("vgg19").weights.size == pytest.approx(574_673_361, abs=1_000)


def test_the_default_weights_named_in_full_are_the_bare_name() -> None:
    assert lookup("resnet50:IMAGENET1K_V2") == lookup("resnet50")


def test_what_is_offered_exists_and_starts_with_what_pip_installed() -> None:
    assert [lookup(name).name for name in OFFERED] == list(OFFERED)
    assert OFFERED[:3] == ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VGG-19", "vgg19"),
        ("resnet5", "resnet50"),
        ("resnet50:IMAGENET1K_V9", "resnet50:IMAGENET1K_V1"),
        ("vgg16:IMAGENET1K_FEATURES", "vgg16"),
    ],
)
def test_an_unknown_name_is_answered_with_close_ones(name: str, meant: str) -> None:
    with pytest.raises(UnknownNetwork, match=rf"no network called '{name}'. Did you mean .*\b{meant}\b"):
        lookup(name)


@pytest.mark.parametrize("name", ["", "qqqq", ":", "../../etc/passwd"])
def test_a_name_like_no_other_is_refused_without_a_suggestion(name: str) -> None:
    with pytest.raises(UnknownNetwork, match=r"There is no network called '.*'\.$"):
        lookup(name)


@pytest.mark.parametrize("name", ["alexnet", "resnet18", "vit_b_16:IMAGENET1K_SWAG_E2E_V1", *VARIANTS])
def test_the_module_has_as_many_parameters_as_announced(name: str) -> None:
    with torch.device("meta"):
        module = lookup(name).build()
    assert sum(parameter.numel() for parameter in module.parameters()) == lookup(name).parameters


@pytest.mark.parametrize("name", VARIANTS)
def test_a_file_that_pip_installed_is_the_one_described(name: str) -> None:
    weights = lookup(name).weights
    assert weights.folder is not None
    file = Path(weights.folder, weights.name)
    assert file.stat().st_size == weights.size
    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(weights.digest)
