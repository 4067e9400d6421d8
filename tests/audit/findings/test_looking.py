"""Asking a network again: batches side by side give each picture what it is given alone."""

import threading

import numpy as np
import pytest

from core.audit.findings import looking
from core.audit.settings import Settings
from core.audit.subject import audited
from core.images.region import Region
from core.values import Picture
from tests.audit.made import COLOURS, picture


@pytest.fixture
def asked(spec):
    """Sixteen pictures of all colours, the class of each, and the network."""
    colours = [COLOURS[i % 3] for i in range(16)]
    pictures = [Picture(np.asarray(picture(colour, i)), str(i)) for i, colour in enumerate(colours)]
    return audited(spec, Settings((spec.name,))), pictures, [COLOURS.index(colour) for colour in colours]


@pytest.mark.parametrize("region", [None, Region(0.0, 0.5, 0.4, 1.0)], ids=["whole", "covered"])
def test_two_batches_are_asked_at_once_and_each_picture_has_its_own_answer(asked, region, monkeypatch):
    subject, pictures, classes = asked
    alone = [
        looking.probabilities(subject, [each], [index], 4)(region)[0]
        for each, index in zip(pictures, classes, strict=True)
    ]
    met, scores = threading.Barrier(2, timeout=60), looking._scores
    monkeypatch.setattr(looking, "workers", lambda batch: 2)
    monkeypatch.setattr(looking, "_scores", lambda *given: met.wait() + 1 and scores(*given))
    together = looking.probabilities(subject, pictures, classes, 4)(region)
    assert together.tolist() == pytest.approx(alone, abs=1e-6)
    assert len(set(alone)) > 8
