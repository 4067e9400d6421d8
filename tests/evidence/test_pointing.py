"""Pointing: curves of hiding and showing, on networks whose answer is known, and against a plain loop."""

import numpy as np
import pytest
import torch

from core.evidence.cells import cells_of, first_cells, ranked
from core.evidence.pointing import COPIES, STEPS, Pointing, point, pointing, stages
from core.evidence.subject import OfReference
from core.values import Recipe
from tests.held import Stopped

SIDE = 96  # 6 x 6 cells
IMAGE, BLURRED = torch.ones(3, SIDE, SIDE), torch.zeros(3, SIDE, SIDE)


def one_cell(images):
    """Two classes of a network that looks at one cell, the third of the second row."""
    seen = images[:, 0, 16:32, 32:48].mean((1, 2)).double()
    return torch.stack([1 - seen, seen], 1)


def ask(cells, probabilities=one_cell, **more):
    return pointing(cells, IMAGE, BLURRED, probabilities, 1, **more)


def marking(row, column):
    cells = np.random.default_rng(0).random((6, 6)) / 10
    cells[row, column] = 1
    return cells


def test_a_map_that_marks_what_the_network_reads_beats_all_its_copies():
    found = ask(marking(1, 2))
    np.testing.assert_array_equal(found.hidden, [1] + [0] * STEPS)
    np.testing.assert_array_equal(found.shown, [0] + [1] * STEPS)
    assert found.named == (1,) + (0,) * STEPS
    assert found.score == pytest.approx(0.9)
    assert len(found.moved) == COPIES
    assert max(found.moved) == pytest.approx(found.score)  # two of them mark the same cell again
    assert found.place == COPIES - 2


def test_a_map_that_marks_something_else_does_not():
    cells = marking(4, 4)
    cells[1, 2] = 0
    found = ask(cells)
    assert found.score == pytest.approx(-0.9)
    assert found.place == 0


def test_curves_are_those_of_a_plain_loop():
    generator = torch.Generator().manual_seed(1)
    image, blurred, weight = (torch.rand(3, SIDE, SIDE, generator=generator) for _ in range(3))

    def probability(images):
        return torch.sigmoid((images * weight).flatten(1).mean(1).double() * 8 - 2)

    cells = cells_of(weight.mean(0).numpy())
    found = pointing(cells, image, blurred, lambda images: torch.stack([probability(images)] * 2, 1), 0)
    order = np.argsort(-cells.ravel(), kind="stable")
    assert (found.order == order).all()
    hidden, shown = [], []
    for step in range(STEPS + 1):
        hide, show = image.clone(), blurred.clone()
        for cell in order[: round(step / STEPS * 36)]:
            y, x = 16 * (cell // 6), 16 * (cell % 6)
            hide[:, y : y + 16, x : x + 16] = blurred[:, y : y + 16, x : x + 16]
            show[:, y : y + 16, x : x + 16] = image[:, y : y + 16, x : x + 16]
        hidden.append(float(probability(hide[None])))
        shown.append(float(probability(show[None])))
    np.testing.assert_allclose(found.hidden, hidden, rtol=1e-12)
    np.testing.assert_allclose(found.shown, shown, rtol=1e-12)
    assert found.score == pytest.approx(np.trapezoid(shown, dx=0.1) - np.trapezoid(hidden, dx=0.1), rel=1e-12)


def test_a_network_that_ignores_the_picture_beats_no_copy():
    found = ask(marking(1, 2), lambda images: torch.full((len(images), 2), 0.5).double())
    assert (found.score, found.place) == (0.0, 0)


def test_noise_beats_half_of_its_copies_and_any_number_as_often():
    wanted = torch.rand(SIDE, SIDE, generator=torch.Generator().manual_seed(0)) ** 3

    def probability(images):
        seen = torch.sigmoid((images[:, 0] * wanted).flatten(1).sum(1).double() / wanted.sum() * 12 - 6)
        return torch.stack([1 - seen, seen], 1)

    drawn, ground = np.random.default_rng(5), torch.zeros(1, SIDE, SIDE)
    places = [pointing(drawn.random((6, 6)), ground + 1, ground, probability, 1, seed).place for seed in range(20)]
    assert np.mean(places) == pytest.approx(9.5, abs=3 * 5.77 / 20**0.5)
    assert {np.searchsorted([5, 10, 15], place, "right") for place in places} == {0, 1, 2, 3}


def test_stages_hide_first_and_then_show():
    order = ranked(marking(1, 2))
    pictures = stages(order, IMAGE, BLURRED)
    first = first_cells(order, SIDE, SIDE, [step / STEPS for step in range(1, STEPS)])
    assert len(pictures) == 2 * (STEPS - 1)
    assert torch.equal(pictures[0, 0], 1 - first[0].float())
    assert torch.equal(pictures[STEPS - 1, 0], first[0].float())


def test_padding_is_neither_hidden_nor_compared_with():
    class Watched:
        device, dtype = torch.device("cpu"), torch.float32

        def __call__(self, images):
            seen.append(images.clone())
            score = images[:, 0, 16:32, 32:48].mean((1, 2))
            return torch.stack([-score, score], 1)

    seen = []
    inputs = torch.zeros(1, 3, SIDE, SIDE)
    inputs[..., :48, :] = torch.rand(3, 48, SIDE, generator=torch.Generator().manual_seed(0))
    subject = OfReference(
        network=Watched(), inputs=inputs, target=1, inside=(slice(0, 48), slice(0, SIDE)),
        recipe=Recipe(SIDE, SIDE, "bilinear", (0.0,) * 3, (1.0,) * 3),
        make=lambda pixels: np.pad(np.random.default_rng(0).random((48, SIDE)), ((0, 48), (0, 0))).astype(np.float32),
    )  # fmt: skip
    found = point(subject, subject.map())
    assert sorted(found.order) == list(range(6 * 6))  # of what is the picture alone
    assert sum(map(len, seen)) >= 362
    assert all((images[..., 48:, :] == 0).all() for images in seen)


def test_work_can_be_followed_and_ended():
    seen = []

    def watch(done, total):
        seen.append((done, total))
        if done >= 40:
            raise Stopped

    with pytest.raises(Stopped):
        ask(marking(1, 2), watch=watch)
    assert {total for _, total in seen} == {(COPIES + 1) * 2 * (STEPS - 1)}
    assert seen[-1][0] < 50


def test_it_is_said_where_hiding_shows_nothing():
    def said(whole, nothing, chance):
        curve = np.array([whole, nothing])
        return Pointing(np.arange(4), curve, curve[::-1], (0.0,), (0, 0), chance).says("cup", ())

    assert said(0.9, 0.899, 0.001) == (
        "cup has 90 % in the picture and 90 % in the same one blurred: hiding shows too little here."
    )
    assert "shows too little" in said(0.96, 0.74, 0.5)
    assert "shows too little" in said(1e-5, 1e-5, 0.001)
    assert "finds cup sooner than 0 of 1" in said(0.96, 0.5, 0.5)


def test_of_a_map_that_is_the_same_everywhere_no_place_is_asked():
    found = ask(np.ones((6, 6)))
    assert found.chance == 0.5
    assert found.says("cup", ()) == "This map is the same everywhere: there is no place to ask about."
