"""How numbers are said."""

import pytest

from core.wording import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (0.2, "1 s"), (54, "54 s"), (59.5, "1 min"), (60, "1 min"), (89, "1 min"), (180, "3 min"),
        (3569, "59 min"), (3600, "1 h 0 min"), (4200, "1 h 10 min"),
    ],
)  # fmt: skip
def test_a_duration_is_said_as_people_say_it(seconds, words):
    assert duration(seconds) == words
