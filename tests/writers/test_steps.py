"""Steps made ready for other formats: folding loses nothing, parts are found, rubbish is refused."""

import doctest
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_plans import BACK, BACK_WALK, RUN, SESSIONS, SIDE, STAND, WALK, intervals, step
from retropace.errors import OutOfRange, UnusableInput
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step
from retropace.simulate.demo import demo_session
from retropace.writers import archive, intervals_icu, markdown, steps, tcx_workout, wording
from retropace.writers.steps import Block, Role, checked, fitted, folded, lines_of, played, split, whole_seconds

LETTERS = st.lists(st.tuples(st.integers(1, 8), st.text("abcd", min_size=1, max_size=4))).map(
    lambda groups: "".join(text * times for times, text in groups)
)


def unfolded(blocks: tuple[Block[str], ...]) -> str:
    return "".join("".join(block.items) * block.times for block in blocks)


@given(LETTERS)
def test_folding_loses_nothing_and_never_lengthens(row: str) -> None:
    blocks = folded(row)
    assert unfolded(blocks) == row
    assert lines_of(blocks) <= len(row)


@given(LETTERS, st.integers(2, 5))
def test_split_repeats_are_short_enough_and_complete(row: str, passes: int) -> None:
    blocks = split(folded(row), max(3, passes))
    assert unfolded(blocks) == row
    assert all(block.times <= max(3, passes) for block in blocks)


@pytest.mark.parametrize(
    ("row", "lines"),
    [("", 0), ("a", 1), ("aa", 2), ("aaaa", 2), ("abab", 3), ("wabababc", 5), ("abcabcabcx", 5), ("ababcdcd", 6)],
)
def test_the_fewest_lines(row: str, lines: int) -> None:
    assert lines_of(folded(row)) == lines


def test_parts_of_the_articles_own_session() -> None:
    roles = [item.role for item in played(demo_session().steps)]
    assert roles == [Role.WARM_UP] * 5 + [Role.ACTIVE, Role.RECOVERY] * 6 + [Role.COOL_DOWN]


def test_parts_of_other_sessions() -> None:
    minute = [item.role for item in played((step(RUN, 60), step(BACK, 30)) * 2)]
    assert minute == [Role.ACTIVE] * 4
    rested = played((step(BACK, 20), step(STAND, 60), step(BACK, 20), step(STAND, 60), step(WALK, 60)))
    assert [item.role for item in rested] == [Role.ACTIVE, Role.REST, Role.ACTIVE, Role.REST, Role.COOL_DOWN]
    assert [item.role for item in played((step(WALK, 60), step(STAND, 5)))] == [Role.ACTIVE] * 2
    named = played((step(RUN, 600, "Warm up"), step(BACK, 20), step(SIDE, 20), step(RUN, 300, "Cool down")))
    assert [item.role for item in named] == [Role.WARM_UP, Role.ACTIVE, Role.ACTIVE, Role.COOL_DOWN]
    walking = played((step(WALK, 300), step(BACK_WALK, 60), step(WALK, 60), step(BACK_WALK, 60)))
    assert [item.role for item in walking] == [Role.WARM_UP, Role.ACTIVE, Role.RECOVERY, Role.ACTIVE]


@pytest.mark.parametrize(
    ("session", "kind", "says"),
    [
        (Session("Empty", ()), UnusableInput, "no steps"),
        (Session("Nan", (step(BACK, float("nan")),)), OutOfRange, "nan s"),
        (Session("Short", (step(BACK, 0.5),)), OutOfRange, "0.5 s"),
        (Session("Minus", (step(BACK, -20),)), OutOfRange, "-20 s"),
        (Session("Day", (step(WALK, 86_401),)), OutOfRange, "86401 s"),
        (Session("Fast", (step(BACK, 20, speed_mps=13),)), OutOfRange, "13 m/s"),
        (Session("Still", (step(BACK, 20, speed_mps=0.0),)), OutOfRange, "0 m/s"),
        (Session("Long", (step(BACK, 20),) * 1001), OutOfRange, "1001 steps"),
        (Session("Odd", (Step(Gait.OTHER, Direction.FORWARD, 20),)), UnusableInput, "other forward"),
        (Session("Odd", (Step(Gait.RUN, Direction.NONE, 20),)), UnusableInput, "run none"),
    ],
)
def test_what_nobody_can_follow_is_refused(session: Session, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        checked(session)


def test_names_become_one_line_and_losses_are_told() -> None:
    clean, notes = checked(Session("A\nB", (step(BACK, 20, "x\x00y \ud800"),)))
    assert (clean.name, clean.steps[0].name) == ("A B", "x y")
    assert notes == ("Characters that cannot be shown were left out of a name.",)
    assert checked(Session("", (step(BACK, 20, " a  b "),)))[1] == ()


@given(SESSIONS)
def test_whole_seconds_are_on_the_safe_side(session: Session) -> None:
    whole, notes = whole_seconds(session)
    for before, after in zip(session.steps, whole.steps, strict=True):
        assert after.duration_s == int(after.duration_s) >= 1
        change_s = after.duration_s - before.duration_s
        assert -1 < change_s <= 0 if before.direction == Direction.BACKWARD else 0 <= change_s < 1
    assert bool(notes) == (whole != session)


def test_fitting_prefers_the_steps_own_names() -> None:
    session = intervals(6, 20)
    blocks, notes = fitted(session.steps, 8, "a thing")
    assert notes == ()
    assert tuple(chain.from_iterable(block.items * block.times for block in blocks)) == played(session.steps)
    renamed = tuple(replace(s, name=f"{s.name} {k}") for k, s in enumerate(session.steps))
    assert "one name" in fitted(renamed, 8, "a thing")[1][0]
    with pytest.raises(OutOfRange, match="a thing holds 3"):
        fitted(session.steps, 3, "a thing")


@pytest.mark.parametrize("module", [archive, intervals_icu, markdown, steps, tcx_workout, wording])
def test_worked_examples_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
