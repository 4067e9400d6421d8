"""Evidence on a real network and on small ones whose answer is known."""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from core.evidence.adding_up import AddingUp
from core.evidence.evidence import evidence
from core.evidence.finding import in_percent
from core.evidence.stability import as_jpeg, noisy
from core.evidence.subject import OfMethod, OfReference
from core.evidence.table import TESTS
from core.evidence.weights import Permuted, Weights
from core.images.framing import deprocess, frame
from core.method import Method
from core.networks.catalogue import lookup
from core.networks.graph.prepare import prepare
from core.saliency.references import REFERENCES
from core.saliency.sampling import Pace
from core.values import Recipe
from tests.held import Stopped
from tests.toys import SmallConv

SPEC = lookup("efficientnet_lite0")
RECIPE = Recipe(32, 32, "bilinear", (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))
IMAGE = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(4)) * 2 - 1


@pytest.fixture(scope="module")
def inputs(cat):
    return torch.from_numpy(frame(cat, SPEC.recipe)[0])[None]


@pytest.fixture(scope="module")
def small():
    return prepare(SmallConv())


def ask(network, method, *tests, inputs=IMAGE, target=None, **more):
    return evidence(network, inputs, method, target, recipe=RECIPE, tests=tests, **more)


@pytest.mark.parametrize(("method", "least", "most"), [("vanilla", 0.2, 0.6), ("guided", 0.99, 1.0)])
def test_guided_stays_the_same_without_what_the_network_knows_about_classes(network, inputs, method, least, most):
    found = evidence(network, inputs, method, recipe=SPEC.recipe, tests=("weights", "class"))
    weights, other = found["weights"], found["class"]
    assert SPEC.categories[found.target] == "tiger cat"
    assert weights.probability == pytest.approx(0.39, abs=0.01)
    assert weights.stages[0].probability < 0.001
    assert least <= weights.stages[0].likeness <= most
    assert weights.stages[-1].likeness < 0.2
    assert SPEC.categories[other.target] == "Egyptian cat"
    assert (other.likeness > 0.95) == (method == "guided")
    said = weights.says("tiger cat", SPEC.categories)
    assert ("stays the same (1.00): it cannot show why" in said) == (method == "guided")
    assert ("changes (0." in said) == (method == "vanilla")
    assert "passed" not in said


def test_a_network_that_ignores_the_picture_has_no_likeness_to_speak_of():
    class Ignores(nn.Module):
        def __init__(self):
            super().__init__()
            self.head = nn.Linear(3, 3)

        def forward(self, x):
            return self.head(torch.relu(x.mean((2, 3)) * 0) + 1)

    found = ask(prepare(Ignores()), "vanilla", "weights", "stability")
    assert math.isnan(found["weights"].stages[0].likeness)
    assert math.isnan(found["stability"].noise)


def test_a_linear_network_adds_up_exactly():
    class Linear(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(3 * 32 * 32, 3)

        def forward(self, x):
            return self.fc(x.flatten(1))

    found = ask(prepare(Linear().double()), "ig:8:black", "sum", target=1)
    assert found["sum"].share == pytest.approx(1, abs=1e-6)
    assert found["sum"].says("cup", ()) == "Its parts add up to 100 % of the difference that they should explain."


def test_where_there_is_no_difference_nothing_adds_up():
    assert "no difference" in AddingUp(math.nan).says("cup", ())


@pytest.mark.parametrize(
    ("of", "titles"), [(1, ["All"]), (2, ["Classes", "All"]), (9, ["Classes", "Upper half", "All"])]
)
def test_a_cousin_is_called_by_what_it_no_longer_knows(of, titles):
    layers = dict.fromkeys((1, max(1, of // 2), of))
    stages = tuple(Permuted(each, of, np.zeros(1, np.float32), 0.1, 0.5) for each in layers)
    assert [stage.title for stage in stages] == [f"{title} erased" for title in titles]
    assert "(cup goes from 40 % to 10 %)" in Weights(stages, 0.4).says("cup", ())


def test_what_promises_no_sum_says_so(small):
    found = ask(small, "vanilla", "sum")
    assert dict(found.found) == {}
    assert found.unless["sum"] == "This method promises no sum."


def test_a_network_with_one_class_has_no_other(small):
    class One(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = SmallConv()

        def forward(self, x):
            return self.body(x)[:, :1]

    found = ask(prepare(One()), "vanilla", "class", outputs="sigmoid")
    assert "one class" in found.unless["class"]


def test_a_layers_grid_is_too_coarse_for_a_figure(small):
    found = ask(small, "gradcam@32x32", "weights", "class", "stability")
    assert math.isnan(found["weights"].stages[0].likeness)
    assert math.isnan(found["class"].likeness)
    assert "compare them by eye" in found["weights"].says("cup", "abcd")


def test_a_map_with_a_sign_marks_what_speaks_for_the_class(small):
    made = np.array([[[3.0, -5.0], [0.0, 1.0]]] * 3, np.float32)
    signed, unsigned = (
        OfMethod(
            network=small, inputs=IMAGE[..., :2, :2], target=0, recipe=RECIPE, method=Method.parse(text)
        ).magnitudes(made)
        for text in ("ig", "vanilla")
    )
    assert signed.tolist() == [[9, -15], [0, 3]]
    assert unsigned.tolist() == [[3, 5], [0, 1]]


def test_noise_is_of_two_grey_levels():
    grey = torch.zeros(3, 200, 200)
    shaken = noisy(grey, RECIPE, seed=1)
    levels = shaken * torch.tensor(RECIPE.std).view(3, 1, 1) * 255
    assert levels.std((1, 2)).tolist() == pytest.approx([2, 2, 2], rel=0.02)
    assert torch.equal(shaken, noisy(grey, RECIPE, seed=1))
    assert not torch.equal(shaken, noisy(grey, RECIPE, seed=2))


def test_a_jpeg_is_what_pillow_writes():
    image = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(0)) - torch.tensor(
        [[[0.5]], [[0.4]], [[0.3]]]
    )
    image = image / torch.tensor(RECIPE.std).view(3, 1, 1)
    file = io.BytesIO()
    Image.fromarray(deprocess(image.numpy(), RECIPE)).save(file, "jpeg", quality=75)
    again = deprocess(as_jpeg(image, RECIPE).numpy(), RECIPE)
    assert (again == np.asarray(Image.open(file))).all()
    assert (again != deprocess(image.numpy(), RECIPE)).any()


def test_the_same_seed_gives_the_same_evidence(small):
    one, same, other = (ask(small, "vanilla", "weights", "pointing", seed=seed) for seed in (1, 1, 2))
    assert one["pointing"].moved == same["pointing"].moved
    assert one["weights"].stages[0].probability == same["weights"].stages[0].probability
    assert one["weights"].stages[0].probability != other["weights"].stages[0].probability


def test_the_work_can_be_ended(small):
    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        ask(small, "vanilla", "pointing", pace=Pace(stop))


@pytest.mark.parametrize("wrong", [{"tests": ("luck",)}, {"inputs": IMAGE.expand(2, -1, -1, -1)}])
def test_what_makes_no_sense_is_refused(small, wrong):
    with pytest.raises(ValueError, match=r"tests must be|one picture"):
        evidence(small, wrong.get("inputs", IMAGE), "vanilla", recipe=RECIPE, tests=wrong.get("tests", ("weights",)))


def test_progress_of_all_tests_goes_one_way_from_nothing_to_all(small):
    told = []
    ask(
        small,
        "smooth:4",
        "weights",
        "class",
        "cascade",
        "pointing",
        pace=Pace(lambda done, total: told.append(done / total)),
    )
    assert told[-1] == 1
    assert told == sorted(told)
    assert len(set(told)) > 50


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_goes_through_the_same_tests(small, name):
    found = ask(small, name, *TESTS, seed=3)
    pixels = deprocess(IMAGE[0].numpy(), RECIPE)
    assert (found.map == REFERENCES[name].make(pixels, 3)[None]).all()
    assert found.method == name
    assert all(stage.likeness == pytest.approx(1) for stage in found["weights"].stages)
    assert found["class"].likeness == pytest.approx(1)
    assert "cannot show why this class was chosen" in found["weights"].says("cup", "abcd")
    if name == "edges":
        assert 0 < found["stability"].noise < 1
    else:
        assert found["stability"].noise == pytest.approx(1)
    assert "sum" in found.unless
    assert len(found["pointing"].moved) == 19


def test_a_reference_is_made_of_what_the_network_saw():
    seen = []

    def make(pixels):
        seen.append(pixels)
        return pixels[..., 0].astype(np.float32)

    subject = OfReference(network=None, inputs=IMAGE, target=0, recipe=RECIPE, make=make)
    made = subject.map(inputs=IMAGE * 0)
    assert (seen[0] == np.array([128, 102, 76])).all()  # the recipe's mean, of 255
    assert made.shape == (1, 32, 32)
    assert subject.magnitudes(made).tolist() == made[0].tolist()


def test_every_finding_says_itself_in_numbers(small):
    found = ask(small, "ig:8", *TESTS)
    assert set(found.found) == {*TESTS}
    for finding in found.found.values():
        for figures in finding.figures.values():
            assert all(isinstance(each, int | float) for each in figures)
    assert len(found["pointing"].figures["hidden"]) == 11
    weights = found["weights"]
    assert weights.figures["layers"] == tuple(stage.layers for stage in weights.stages)
    assert weights.figures["probability"][0] == weights.probability


def test_every_test_says_what_it_cannot_show():
    for test in TESTS.values():
        assert test.question.endswith("?")
        assert test.cannot.endswith(".")
        assert test.source


def test_a_single_output_and_its_opposite_have_maps_of_other_signs_and_not_the_same():
    torch.manual_seed(0)
    network = prepare(nn.Sequential(nn.Conv2d(3, 2, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(450, 1))).with_opposite()
    other = ask(network, "vanilla", "class", outputs="sigmoid")["class"]
    assert other.is_opposite
    said = other.says("tumour", ("tumour", "not tumour")) if other.target else other.says("not tumour", ("tumour", ""))
    assert "each value of the map has the other sign" in said
    assert "same map" not in said
    assert not ask(network, "guided", "class", outputs="sigmoid")["class"].is_opposite


@pytest.mark.parametrize(
    ("method", "is_drawn"), [("smooth:2", True), ("rise:50", True), ("vanilla", False), ("ig:8", False)]
)
def test_where_samples_are_drawn_it_is_said_that_they_were_the_same(small, method, is_drawn):
    found = ask(small, method, "stability")["stability"]
    assert found.is_drawn == is_drawn
    assert ("samples were the same each time" in found.says("cup", ())) == (is_drawn and not math.isnan(found.noise))


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.9941, "99 %"), (0.9951, "99.5 %"), (0.9994, "99.9 %"), (0.9996, "more than 99.9 %"), (1.0, "more than 99.9 %")],
)
def test_what_is_nearly_sure_is_not_called_sure(probability, words):
    assert in_percent(probability) == words
