"""Wording: nothing of the command line is said in the app."""

from made import FIRST_DAY, recording
from retropace import summary
from retropace.metrics import gaps
from retropace.metrics.metric import UNKNOWN_MASS
from retropace.person import Person
from retropace.readers import read_bytes
from retropace.signals import grid
from retropace.web.wording import ELSEWHERE, here
from retropace.writers.fit import activity_bytes


def test_advice_is_for_the_app() -> None:
    read = read_bytes("made.fit", activity_bytes(recording(FIRST_DAY)))
    told = [gap.remedy for gap in (*gaps(grid(read), Person()), *summary.summarise(read).unknowns) if gap.remedy]
    told.append(UNKNOWN_MASS)
    assert sum(words != here(words) for words in told) >= 3
    for words in told:
        assert "--" not in here(words)
        assert "file" not in here(words)


def test_every_replaced_sentence_is_still_said_somewhere() -> None:
    said = {summary._TELL_US, UNKNOWN_MASS, "Write mass_kg in the person file."}
    assert all(any(words in one for one in said) for words in ELSEWHERE)


def test_other_words_stay() -> None:
    assert here("Wear a heart-rate strap or watch.") == "Wear a heart-rate strap or watch."
