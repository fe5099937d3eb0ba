"""Following: which session was followed, and what was done of it."""

from made import FIRST_DAY, REVERSE, WALK, WARM_UP, Part, recording, session_of
from retropace.readers import read_bytes
from retropace.summary import Summary, summarise
from retropace.web.pages.following import Against, against
from retropace.writers.fit import activity_bytes

PLAN = session_of(FIRST_DAY, "First day")


def done(parts: tuple[Part, ...], **how: bool) -> Summary:
    return summarise(read_bytes("made.fit", activity_bytes(recording(parts, **how))), session=PLAN)  # type: ignore[arg-type]


def told(summary: Summary) -> Against:
    found = against(summary)
    assert found is not None
    return found


def test_planned_against_done() -> None:
    found = told(done(FIRST_DAY, code=True))
    assert (found.name, found.length, found.start) == ("First day", "15:00", "0:00")
    assert 90 <= found.agreement_pct <= 100
    assert [(step.planned, step.done) for step in found.steps] == [("20 s", "20 s")] * 6
    assert [step.start for step in found.steps][:2] == ["5:00", "6:20"]
    assert {line.words: (line.planned, line.done) for line in found.sums}["‹ backward running"] == ("2:00", "2:00")


def test_a_repeat_that_was_left_out_is_said_so() -> None:
    """The third repeat was walked forward instead."""
    walked = Part(20, 1.3, 110)
    parts = (WARM_UP, *(REVERSE, WALK) * 2, walked, WALK, *(REVERSE, WALK) * 3, FIRST_DAY[-1])
    found = told(done(parts, code=True))
    assert [bool(step.done) for step in found.steps] == [True, True, False, True, True, True]
    assert {line.words: line.done for line in found.sums}["‹ backward running"] == "1:40"


def test_what_was_not_planned_or_not_found_is_not_compared() -> None:
    run = recording((Part(900, 2.8, 168),))
    assert against(summarise(run)) is None
    assert against(summarise(run, session=PLAN)) is None
