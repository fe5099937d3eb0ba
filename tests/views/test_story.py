"""Story: sentences that say what the bouts say, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.recording import SportSpan
from retropace.session import Session, Step
from retropace.summary import BoutSummary, Summary
from retropace.views import story

RUN, WALK, OTHER, STAND = Gait.RUN, Gait.WALK, Gait.OTHER, Gait.STAND
FORWARD, BACKWARD, UNKNOWN, NONE = Direction.FORWARD, Direction.BACKWARD, Direction.UNKNOWN, Direction.NONE


def told(summary: Summary, *bouts: Bout) -> str:
    """The headline of other bouts in the same recording; totals are taken from the bouts."""
    items = tuple(BoutSummary(bout, {}) for bout in bouts)
    return story.headline(replace(summary, bouts=items, session={}, planned=None, followed=None))


def bout(start: float, end: float, direction: Direction, gait: Gait = RUN, *known_by: str) -> Bout:
    return Bout(start, end, gait, direction, 0.98, known_by or ("lap",))


def test_repeats_beside_their_plan(repeats_summary: Summary) -> None:
    assert story.headline(repeats_summary) == (
        "1:52 backward in 6 repeats, one of them shorter than planned. Which way you faced is unknown for 8 s of 20:10."
    )


def test_as_planned(repeats_summary: Summary) -> None:
    plan = Session("one", (Step(RUN, BACKWARD, 20.0), Step(WALK, FORWARD, 60.0)))
    items = (BoutSummary(bout(0, 20, BACKWARD), {}), BoutSummary(bout(20, 80, FORWARD, WALK), {}))
    done = replace(repeats_summary, bouts=items, session={}, planned=plan)
    assert story.headline(done) == "20 s backward in one stretch, as planned."
    short = replace(done, bouts=(BoutSummary(bout(0, 14, BACKWARD), {}), items[1]))
    assert story.headline(short) == "14 s backward in one stretch; planned: 20 s in 1."
    twice = replace(done, planned=Session("two", plan.steps * 2))
    assert story.headline(twice) == "20 s backward in one stretch; planned: 40 s in 2."
    forward_only = replace(done, planned=Session("none", (Step(WALK, FORWARD, 80.0),)))
    assert story.headline(forward_only) == "20 s backward in one stretch; none was planned."


def test_plan_that_was_not_found(repeats_summary: Summary) -> None:
    assert story.headline(replace(repeats_summary, followed=None)).endswith("The planned session was not found in it.")


def test_forward_by_assumption_says_so(forward_summary: Summary) -> None:
    assert story.headline(forward_summary) == (
        "A forward run, as far as anyone can tell: nothing in the file saw which way you faced."
    )


def test_forward_that_was_seen_is_plain(forward_summary: Summary) -> None:
    assert told(forward_summary, bout(0, 600, FORWARD, WALK)) == "A forward walk, with no backward stretch in it."
    both = (bout(0, 300, FORWARD, WALK), bout(300, 600, FORWARD))
    assert told(forward_summary, *both) == "A forward run and walk, with no backward stretch in it."


def test_walking_backward_is_called_walking(forward_summary: Summary) -> None:
    assert told(forward_summary, bout(0, 900, BACKWARD, WALK)) == "15:00 walking backward in one stretch."


def test_all_unknown(forward_summary: Summary) -> None:
    assert told(forward_summary, bout(0, 90, UNKNOWN)) == "Which way you faced is unknown for 1:30."


def test_of_other_sports_nobody_asks(forward_summary: Summary) -> None:
    swum = replace(forward_summary.recording, sports=(SportSpan(0, 900, "swimming"),))
    summary = replace(forward_summary, recording=swum)
    assert told(summary, bout(0, 900, UNKNOWN, OTHER)) == "No running or walking: the file says swimming."


def test_nothing(empty_summary: Summary) -> None:
    assert story.headline(empty_summary) == "No running or walking in this recording."
    assert story.occasion(empty_summary) == "The file does not say when"
    assert story.zone(empty_summary) == ""


def test_when_and_how_the_zone_is_known(repeats_summary: Summary, forward_summary: Summary) -> None:
    assert story.occasion(repeats_summary) == "Tuesday 12 May 2026 · 18:04"
    assert story.zone(repeats_summary) == "local time, from the file"
    assert story.zone(forward_summary) == "UTC: the file does not say where"
    assert story.where(repeats_summary) == "position recorded"
    assert story.where(forward_summary) == "no position in the file"


@pytest.mark.parametrize(
    ("probability", "blocks", "words"),
    [(1.0, 4, "sure, 100 %"), (0.97, 4, "sure, 97 %"), (0.9699, 3, "fairly sure, 96 %"), (0.9, 3, "fairly sure, 90 %")],
)
def test_certainty(probability: float, blocks: int, words: str) -> None:
    found = story.certainty(Bout(0, 9, RUN, BACKWARD, probability, ("lap",)))
    assert (found.blocks, found.words) == (blocks, words)


def test_doubt_has_no_blocks() -> None:
    assert story.certainty(Bout(0, 9, RUN, BACKWARD, 0.8, ("lap",))).blocks == 0
    assert story.certainty(Bout(0, 9, RUN, UNKNOWN, 0.99, ("none",))).words == "unknown"
    assert story.certainty(Bout(0, 9, RUN, FORWARD, 0.99, ("assumed",))).words == "assumed"


def test_witnesses_in_words() -> None:
    bouts = [bout(0, 9, BACKWARD, RUN, "plan", "device_heading"), bout(9, 20, FORWARD, RUN, "assumed")]
    assert story.known_how(bouts[0]) == "plan + device heading"
    lines = dict(story.witness_lines(bouts))
    assert set(lines) == {"plan", "device heading", "assumed"}
    assert lines["assumed"] == "nothing saw which way you faced"


def test_a_repeat_is_one_through_gaits_and_short_doubt() -> None:
    parts = [bout(0, 9, BACKWARD), bout(9, 17, UNKNOWN), bout(17, 20, BACKWARD, WALK), bout(20, 80, FORWARD)]
    assert [len(r) for r in story.repeats([*parts, bout(80, 100, BACKWARD)])] == [2, 1]
    long_doubt = [bout(0, 9, BACKWARD), bout(9, 40, UNKNOWN), bout(40, 60, BACKWARD)]
    assert len(story.repeats(long_doubt)) == 2
    apart = [bout(0, 9, BACKWARD), bout(30, 40, BACKWARD)]
    assert len(story.repeats(apart)) == 2


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from(Direction)), max_size=20))
def test_repeats_hold_every_backward_bout_once(parts: list[tuple[int, Direction]]) -> None:
    bouts, now = [], 0.0
    for length, direction in parts:
        bouts.append(bout(now, now + length, direction))
        now += length
    inside = [b for repeat in story.repeats(bouts) for b in repeat]
    assert inside == [b for b in bouts if b.direction is BACKWARD]


def test_zoom_is_offered_where_it_helps(
    repeats_summary: Summary, month_summary: Summary, empty_summary: Summary
) -> None:
    span = story.zoom_span(repeats_summary)
    assert span is not None
    assert 250 < span[0] < 300
    assert 720 < span[1] < 790
    assert story.zoom_span(month_summary) is None
    assert story.zoom_span(empty_summary) is None


def test_without_a_zone_the_time_is_utc(forward_summary: Summary) -> None:
    assert story.occasion(replace(forward_summary, local_start=None)).endswith("16:04")
