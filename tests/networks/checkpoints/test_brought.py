"""Every layout in which people bring a network: what it computes is what their own module does.

Each row is the owner's module, in plain PyTorch, and what their script would save of it. The oracle is that module.
"""

import gzip
import tarfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm
from torchvision import models

from core.networks.checkpoints.checkpoint import Checkpoint, read_checkpoint
from core.networks.checkpoints.guess import fitting
from core.networks.checkpoints.spec import describe
from core.networks.weights.files import load_module
from tests.networks.made_weights import write

CLASSES = 5
SMALL = "shufflenet_v2_x0_5"  # 1,024 numbers before the head


def small(classes: int = CLASSES) -> nn.Module:
    return models.shufflenet_v2_x0_5(num_classes=classes)


def with_head(head: nn.Module, model: str = SMALL, at: str = "fc") -> nn.Module:
    module = models.get_model(model, num_classes=CLASSES)
    module.set_submodule(at, head)
    return module


def around(module: nn.Module, at: str, wrap: Callable[[nn.Module], nn.Module]) -> nn.Module:
    module.set_submodule(at, wrap(module.get_submodule(at)))
    return module


class Parts(nn.Module):
    """Body and head under names of their own."""

    def __init__(self, body: nn.Module, head: nn.Module, names: tuple[str, str] = ("backbone", "head")) -> None:
        super().__init__()
        self.add_module(names[0], body)
        self.add_module(names[1], head)
        self.parts = body, head

    def forward(self, x: Tensor) -> Tensor:
        body, head = self.parts
        features = body(x)
        return head(features.mean([2, 3]) if features.ndim == 4 else features)


class Fully(nn.Module):
    """Two layers by name, as in torch's tutorials."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = headless()
        self.fc1 = nn.Linear(1024, 64)
        self.dropout = nn.Dropout(0.3)
        self.fc2 = nn.Linear(64, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.dropout(torch.tanh(self.fc1(self.backbone(x)))))


class Inside(nn.Module):
    """mmpretrain's LinearClsHead has its layer as "fc"."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(1024, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x)


class Several(nn.Module):
    """Several networks, of which the first one is the owner's."""

    def __init__(self, **networks: nn.Module) -> None:
        super().__init__()
        self.first = next(iter(networks))
        for name, network in networks.items():
            self.add_module(name, network)
        self.register_buffer("queue", torch.full((8, 16), torch.nan))

    def forward(self, x: Tensor) -> Tensor:
        return self.get_submodule(self.first)(x)


def headless() -> nn.Module:
    return with_head(nn.Identity())


def numbered(model: str = SMALL) -> nn.Sequential:
    return nn.Sequential(*list(models.get_model(model, num_classes=CLASSES).children())[:-1])


def in_a_row(*head: nn.Module) -> nn.Sequential:
    return nn.Sequential(*numbered("resnet18"), nn.Flatten(), *head)


def two_layers(*between: nn.Module, inputs: int = 1024) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, 64), *between, nn.Linear(64, CLASSES))


def state(module: nn.Module) -> dict[str, Tensor]:
    return module.state_dict()


def counters(change: Callable[[Tensor], Tensor]) -> Callable[[nn.Module], object]:
    def saved(module: nn.Module) -> object:
        return {k: change(v) if k.endswith("num_batches_tracked") else v for k, v in module.state_dict().items()}

    return saved


def without_counters(module: nn.Module) -> object:
    return {k: v for k, v in module.state_dict().items() if not k.endswith("num_batches_tracked")}


def counters_all_over(module: nn.Module) -> object:
    extra = {f"{k.rpartition('.')[0]}.num_batches_tracked": torch.ones(2) for k in module.state_dict()}
    return {"num_batches_tracked": torch.tensor(3), **extra, **state(module)}


def beside(module: nn.Module) -> object:
    unused = {
        "criterion.weight": torch.tensor([torch.nan]),
        "memory.bank": torch.ones(3).to_sparse(),
        "memory.wide": torch.ones(1).expand(10**9),
        "metric.total": torch.ones(3, dtype=torch.complex64),
    }
    return {**{f"model.{key}": value for key, value in state(module).items()}, **unused}


def a_copy(module: nn.Module) -> dict[str, Tensor]:
    return {key: value + 1 for key, value in module.state_dict().items()}


@dataclass(frozen=True)
class Row:
    """make: the owner's module. saved: what is given to torch.save. between: what the owner says of the head."""

    make: Callable[[], nn.Module] = small
    saved: Callable[[nn.Module], object] = state
    model: str = SMALL
    between: str | None = None
    place: str = ""
    pack: Callable[[Path, Path], object] = field(default=lambda file, target: file.rename(target))


def zipped(file: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("read me.txt", "my network")
        archive.write(file, "run 3/best.pth")


def tarred(file: Path, target: Path) -> None:
    with tarfile.open(target, "w:gz") as archive:
        archive.add(file, "run 3/best.pth")


ROWS: dict[str, Row] = {
    "no counters": Row(saved=without_counters),
    "counters as float": Row(saved=counters(lambda counter: counter.float())),
    "counters in a row": Row(saved=counters(lambda counter: counter.view(1))),
    "counters that are no numbers": Row(saved=counters(lambda counter: counter * torch.nan)),
    "counters in float16": Row(saved=counters(lambda counter: counter.half() / 0)),
    "counters all over": Row(saved=counters_all_over),
    "tensors beside that cannot be read": Row(saved=beside, place="model."),
    "a list with one state dict": Row(saved=lambda module: [state(module)]),
    "a tuple in a dict": Row(saved=lambda module: {"nets": (state(module),), "epoch": 3}),
    "DataParallel": Row(saved=lambda module: state(nn.DataParallel(module)), place="module."),
    "DataParallel of a part": Row(make=lambda: around(small(), "stage3", nn.DataParallel)),
    "DataParallel within a part": Row(make=lambda: around(small(), "stage3.1.branch2", nn.DataParallel)),
    "a compiled part": Row(
        make=lambda: models.resnet18(num_classes=CLASSES), model="resnet18",
        saved=lambda module: {k.replace("layer4.", "layer4._orig_mod."): v for k, v in state(module).items()},
    ),
    "a compiled and parallel whole": Row(
        saved=lambda module: {f"module._orig_mod.{key}": value for key, value in state(module).items()},
        place="module._orig_mod.",
    ),
    "MoCo": Row(
        make=lambda: Several(encoder_q=small(), encoder_k=small()), place="encoder_q.",
    ),
    "student and teacher": Row(
        make=lambda: Several(student=small(), teacher=small()), place="student.",
    ),
    "online and target": Row(
        make=lambda: Several(online_encoder=small(), target_encoder=small()), place="online_encoder.",
    ),
    "a running average in its own dict": Row(
        saved=lambda module: {"model_ema": a_copy(module), "model": state(module)}, place="model.",
    ),
    "a running average of body and head": Row(
        make=lambda: Several(net=Parts(headless(), Inside()), net_ema=Parts(headless(), Inside())),
        place="net.backbone. + net.head.fc",
    ),
    "backbone and head": Row(
        make=lambda: Parts(headless(), nn.Linear(1024, CLASSES)), place="backbone. + head",
    ),
    "backbone and head without a bias": Row(
        make=lambda: Parts(headless(), nn.Linear(1024, CLASSES, bias=False)), place="backbone. + head",
    ),
    "backbone and head behind dropout": Row(
        make=lambda: Parts(headless(), nn.Sequential(nn.Dropout(), nn.Linear(1024, CLASSES))),
        place="backbone. + head.1",
    ),
    "mmpretrain": Row(make=lambda: Parts(headless(), Inside()), place="backbone. + head.fc"),
    "body and head in dicts of their own": Row(
        make=lambda: Parts(headless(), nn.Linear(1024, CLASSES)),
        saved=lambda module: {name: state(part) for name, part in module.named_children()} | {"epoch": 3},
        place="backbone. + head",
    ),
    "feature_extractor and classifier": Row(
        make=lambda: Parts(numbered(), nn.Linear(1024, CLASSES), ("feature_extractor", "classifier")),
        place="feature_extractor. + classifier",
    ),
    "parts with names": Row(
        make=lambda: Parts(
            nn.Sequential(OrderedDict(list(small().named_children())[:-1])), nn.Linear(1024, CLASSES), ("body", "fc")
        ),
        place="body. + fc",
    ),
    "all in a row": Row(
        make=lambda: in_a_row(nn.Linear(512, CLASSES)), model="resnet18", place=" + 10",
    ),
    "all in a row with two layers": Row(
        make=lambda: in_a_row(nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, CLASSES)), model="resnet18",
        between="relu", place=" + 10",
    ),
    "a head of two layers": Row(make=lambda: with_head(two_layers(nn.ReLU(), nn.Dropout(0.5))), between="relu"),
    "a head of two layers and GELU": Row(make=lambda: with_head(two_layers(nn.GELU())), between="gelu"),
    "a head of two layers and dropout": Row(make=lambda: with_head(two_layers(nn.Dropout())), between="nothing"),
    "a head of two layers and nothing": Row(make=lambda: with_head(two_layers())),
    "a head of three layers": Row(
        make=lambda: with_head(
            nn.Sequential(nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, CLASSES))
        ),
        between="relu",
    ),
    "a head with normalisation": Row(
        make=lambda: with_head(two_layers(nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout())), between="relu",
    ),
    "a head with normalisation behind": Row(
        make=lambda: with_head(two_layers(nn.LeakyReLU(), nn.BatchNorm1d(64))), between="leaky_relu",
    ),
    "a head with normalisation before": Row(
        make=lambda: with_head(nn.Sequential(nn.BatchNorm1d(1024), nn.Linear(1024, CLASSES))),
    ),
    "a head with LayerNorm": Row(
        make=lambda: with_head(nn.Sequential(nn.LayerNorm(1024), nn.Linear(1024, CLASSES))),
    ),
    "a head with LayerNorm in between": Row(
        make=lambda: with_head(two_layers(nn.LayerNorm(64), nn.ReLU(), nn.Dropout())), between="relu",
    ),
    "a head with LayerNorm behind": Row(
        make=lambda: with_head(two_layers(nn.GELU(), nn.LayerNorm(64))), between="gelu",
    ),
    "a head with LayerNorm apart": Row(
        make=lambda: Parts(headless(), nn.Sequential(nn.LayerNorm(1024), nn.Linear(1024, CLASSES))),
        place="backbone. + head.0",
    ),
    "a head of two layers with LayerNorm apart": Row(
        make=lambda: Parts(headless(), two_layers(nn.LayerNorm(64), nn.ReLU())), between="relu",
        place="backbone. + head.0",
    ),
    "all in a row with LayerNorm": Row(
        make=lambda: in_a_row(nn.LayerNorm(512), nn.Linear(512, CLASSES)), model="resnet18", place=" + 10",
    ),
    "a head of two layers with names": Row(make=Fully, between="tanh", place="backbone. + fc1"),
    "a head of two layers with words for names": Row(
        make=lambda: with_head(
            nn.Sequential(OrderedDict(hidden=nn.Linear(1024, 64), act=nn.SiLU(), out=nn.Linear(64, CLASSES)))
        ),
        between="silu",
    ),
    "a head of two layers apart": Row(
        make=lambda: Parts(headless(), two_layers(nn.ELU())), between="elu", place="backbone. + head.0",
    ),
    "another classifier": Row(
        make=lambda: with_head(two_layers(nn.ReLU(), inputs=576), "mobilenet_v3_small", "classifier"),
        model="mobilenet_v3_small", between="relu",
    ),
    "one layer for a classifier": Row(
        make=lambda: with_head(nn.Linear(576, CLASSES), "mobilenet_v3_small", "classifier"), model="mobilenet_v3_small",
    ),
    "a classifier of another width": Row(
        make=lambda: with_head(two_layers(nn.ReLU(), nn.Dropout(), inputs=9216), "alexnet", "classifier"),
        model="alexnet", between="relu",
    ),
    "pruned": Row(
        make=lambda: around(small(), "fc", lambda layer: prune.l1_unstructured(layer, "weight", 0.5)),
    ),
    "pruned convolution": Row(
        make=lambda: around(small(), "conv5.0", lambda layer: prune.random_unstructured(layer, "weight", 0.2)),
    ),
    "weight norm, before": Row(make=lambda: around(small(), "conv5.0", weight_norm)),
    "weight norm": Row(make=lambda: around(small(), "fc", parametrizations.weight_norm)),
    "spectral norm, before": Row(make=lambda: around(small(), "conv5.0", spectral_norm)),
    "spectral norm": Row(make=lambda: around(small(), "fc", parametrizations.spectral_norm)),
    "arrays of numpy": Row(saved=lambda module: {key: value.numpy() for key, value in state(module).items()}),
    "a zip archive": Row(pack=zipped),
    "a tar archive": Row(pack=tarred),
    "a compressed file": Row(pack=lambda file, target: target.write_bytes(gzip.compress(file.read_bytes(), 1))),
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """More do not help with networks and pictures as small as these."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def alive(module: nn.Module) -> nn.Module:
    """The module after a step of what training does to its buffers, in eval mode."""
    module.train()
    with torch.no_grad():
        module(torch.randn(2, 3, 64, 64))
    return module.eval()


def brought(content: object, folder: Path, pack: Callable[[Path, Path], object] = Path.rename) -> Checkpoint:
    pack(write(content, folder / "best.pth"), folder / "given")
    return read_checkpoint(folder / "given", folder / "copies", "best.pth")


@pytest.mark.usefixtures("here")
@pytest.mark.filterwarnings("ignore")  # of torch, about what has newer ways
class TestALayout:
    @pytest.mark.parametrize("name", ROWS)
    def test_computes_what_its_owners_module_does(self, name: str, tmp_path: Path) -> None:
        row = ROWS[name]
        torch.manual_seed(0)
        module = alive(row.make())
        checkpoint = brought(row.saved(module), tmp_path, row.pack)
        found = fitting(checkpoint)[0]
        assert (found.model, found.place, found.classes) == (row.model, row.place, CLASSES)
        own = describe(checkpoint, row.model, between=row.between)
        x = torch.randn(2, 3, 64, 64)
        with torch.no_grad():
            torch.testing.assert_close(load_module(own)(x), module(x), rtol=1e-5, atol=1e-5)
        assert [file.suffix for file in (tmp_path / "copies").iterdir()] == [".safetensors"]
