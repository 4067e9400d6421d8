"""Which pictures are drawn, and in which parts."""

from collections import Counter
from dataclasses import replace

from core.audit.collection import Entry
from core.audit.plan import parts_of, sampled
from core.audit.settings import Settings

ASKED = Settings(("alexnet",), sample=20)
ENTRIES = [Entry(f"{label}/{i}.png", i) for label in ("horse", "tree") for i in range(100)]


def test_at_most_so_many_of_each_label_are_drawn_and_they_are_mixed():
    chosen = sampled(ENTRIES, ASKED)
    assert Counter(entry.label for entry in chosen) == {"horse": 20, "tree": 20}
    assert {entry.label for entry in chosen[:10]} == {"horse", "tree"}
    assert len(sampled(ENTRIES, replace(ASKED, sample=0))) == 200
    assert len(sampled(ENTRIES, replace(ASKED, labels="none"))) == 20


def test_the_draw_depends_on_the_seed_and_not_on_the_order_nor_on_other_labels():
    chosen = sampled(ENTRIES, ASKED)
    assert sampled(ENTRIES[::-1], ASKED) == chosen
    assert set(sampled(ENTRIES, replace(ASKED, seed=1))) != set(chosen)
    horses = [entry for entry in ENTRIES if entry.label == "horse"]
    assert sampled(horses, ASKED) == tuple(entry for entry in chosen if entry.label == "horse")


def test_a_picture_more_changes_the_draw_by_one_at_most():
    more = sampled([*ENTRIES, Entry("horse/new.png", 1)], ASKED)
    assert len(set(sampled(ENTRIES, ASKED)) - set(more)) <= 1


def test_parts_are_all_pictures_in_order_and_named_by_all_they_are_of():
    parts = list(parts_of(ENTRIES, ASKED, size=64))
    assert [entry for part in parts for entry in part.entries] == ENTRIES
    assert [part.first for part in parts] == [0, 64, 128, 192]
    assert len({part.name for part in parts}) == 4
    assert next(parts_of(ENTRIES, ASKED)).name == parts[0].name
    assert next(parts_of(ENTRIES, replace(ASKED, seed=1))).name != parts[0].name
    assert next(parts_of([replace(ENTRIES[0], size=9), *ENTRIES[1:]], ASKED)).name != parts[0].name
