"""What comparisons and their files are called."""

import pytest

from core.ui.export.names import file_name, short_name
from tests.selecting import select


@pytest.mark.parametrize(
    ("selection", "name"),
    [
        (select(networks=("alexnet", "vgg19")), "limelight-chelsea-alexnet-vgg19"),
        (select(picture="https://example.com/a/Dög.JPG?x=1"), "limelight-dog-from-example-com-efficientnet-lite0"),
        (select(picture="https://example.com/scan.tiff"), "limelight-scan-from-example-com-efficientnet-lite0"),
        (select(picture="https://example.com/x.jpeg"), "limelight-x-from-example-com-efficientnet-lite0"),
        (select(picture="https://example.com/1.2.dcm"), "limelight-1-2-from-example-com-efficientnet-lite0"),
        (select(picture="https://example.com/..%2F.."), "limelight-2f-from-example-com-efficientnet-lite0"),
        (select(networks=("resnet50:IMAGENET1K_V1",)), "limelight-chelsea-resnet50-imagenet1k-v1"),
    ],
)  # fmt: skip
def test_a_file_says_what_it_is_and_is_no_path(selection, name):
    assert file_name(selection) == name


def test_a_file_of_many_networks_has_a_name_that_every_disk_takes():
    name = file_name(select(networks=tuple(f"regnet_y_{i}gf" for i in range(60))))
    assert len(name) <= 90
    assert not name.endswith("-")


def test_a_pin_is_called_by_picture_networks_and_gradients():
    selection = select(networks=("resnet50", "vgg19"), rules=("guided",))
    assert short_name(selection) == "Cat: ResNet-50 vs VGG-19, guided"


def test_what_sets_a_pin_apart_is_in_its_name():
    selection = select(networks=("resnet50", "vgg19", "alexnet"), rules=("vanilla", "guided"), show="overlay")
    assert short_name(selection) == "Cat: ResNet-50 vs VGG-19 and 1 more, vanilla and guided, overlay"
