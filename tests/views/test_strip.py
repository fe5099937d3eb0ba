"""Strip: the ribbon in characters."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.summary import Summary
from retropace.views.story import all_bouts
from retropace.views.strip import strip


def test_backward_hangs_below_and_forward_stands_above(repeats_summary: Summary) -> None:
    made = strip(repeats_summary.grid, all_bouts(repeats_summary), 124)
    assert made is not None
    assert len(made.below[0].split()) == 6 or len(made.below[0].split()) == 7
    under = [i for i, sign in enumerate(made.below[0]) if sign != " "]
    assert all(30 <= i <= 73 for i in under)
    assert made.line[103] != "?"
    assert "?" in made.line
    assert "·" in made.line
    assert made.above[1].strip()


@settings(max_examples=25, deadline=None)
@given(width=st.integers(10, 200), blocks=st.booleans())
def test_every_line_is_as_wide_as_asked(repeats_summary: Summary, width: int, *, blocks: bool) -> None:
    made = strip(repeats_summary.grid, all_bouts(repeats_summary), width, blocks=blocks)
    assert made is not None
    assert {len(line) for line in (*made.above, made.line, *made.below)} == {width}
    if not blocks:
        assert all(line.isascii() for line in (*made.above, made.line, *made.below))


def test_a_short_recording_leaves_no_holes(repeats_summary: Summary) -> None:
    part = replace(repeats_summary, grid=repeats_summary.grid.between(100, 110))
    made = strip(part.grid, all_bouts(part), 70)
    assert made is not None
    assert " " not in made.above[1]


def test_cuts_are_shown(month_summary: Summary) -> None:
    made = strip(month_summary.grid, all_bouts(month_summary), 110)
    assert made is not None
    assert made.line.count("/") >= 30


def test_nothing_recorded_has_no_strip(empty_summary: Summary) -> None:
    assert strip(empty_summary.grid, [], 60) is None
