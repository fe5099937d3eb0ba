"""Folded: a warm-up that would take the room is folded, the main set keeps one true scale, nothing leaves the picture."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach_people import RULES
from retropace.doses import MainSet
from retropace.prescription import prescription
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step
from retropace.views.folded import Words, empty_thumbnail, folded_svg, main_set, thumbnail_hatch, thumbnail_svg
from retropace.views.planned import drawn_mps

WORDS = Words("forward ›", "‹ backward", "8 min", "6 × 20 s back, 60 s walk", "6 × 20 s back", "5 min")
SIX = prescription(MainSet(Gait.RUN, 120, 20, 1.8), RULES)
LONG = Session("Long", (Step(Gait.RUN, Direction.BACKWARD, 3600, "Reverse", 2.0),))


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    found = re.findall(r'<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"[^>]*class="be"', svg)
    return [(float(x), float(y), float(w), float(h)) for x, y, w, h in found]


@pytest.mark.parametrize("width", [350.0, 608.0])
def test_repeats_are_as_wide_as_each_other_and_below_the_line(width: float) -> None:
    drawn = boxes(folded_svg(SIX, WORDS, label="six", width=width))
    repeats = drawn[-6:]
    assert len(drawn) == 8  # two short walks backward in the warm-up
    assert max(w for _, _, w, _ in repeats) - min(w for _, _, w, _ in repeats) <= 0.11
    assert len({y for _, y, _, _ in drawn}) == 1, "all hang from the line"
    assert all(x + w <= width for x, _, w, _ in drawn)
    gaps = [later[0] - before[0] for before, later in pairwise(repeats)]
    assert max(gaps) - min(gaps) <= 0.11


def test_break_marks_stand_only_where_something_is_folded() -> None:
    assert folded_svg(SIX, WORDS, label="six").count("8 min") == 1
    plain = folded_svg(LONG, WORDS, label="long")
    assert "8 min" not in plain
    assert "5 min" not in plain


def test_a_long_label_is_said_in_brief_on_a_phone() -> None:
    wordy = Words("f", "b", "8 min", "6 × 20 s back, 60 s walk and a good deal more of it", "6 × 20 s back", "5 min")
    assert ">6 × 20 s back<" in folded_svg(SIX, wordy, label="six", width=350)


def test_words_are_escaped() -> None:
    assert "<script>" not in folded_svg(SIX, WORDS, label='"><script>')


def test_a_thumbnail_is_small_and_shares_its_pattern() -> None:
    small = thumbnail_svg(SIX, hatch="th")
    assert len(small) < 1500
    assert 'fill="url(#th)"' in small
    assert 'aria-hidden="true"' in small
    assert 'id="th"' in thumbnail_hatch("th")
    assert "url(" not in empty_thumbnail()


@given(
    st.lists(
        st.builds(
            Step,
            st.sampled_from([Gait.RUN, Gait.WALK, Gait.STAND]),
            st.sampled_from(list(Direction)),
            st.floats(1, 4000),
            st.sampled_from(["", "Reverse", "Walk", "Warm-up walk"]),
            st.none() | st.floats(0.1, 6),
        ),
        min_size=1,
        max_size=40,
    ).map(tuple)
)
def test_any_session_is_drawn_inside_its_box(steps: tuple[Step, ...]) -> None:
    session = Session("any", steps)
    for svg in (folded_svg(session, WORDS, label="any"), thumbnail_svg(session, hatch="t")):
        assert "nan" not in svg
        assert "inf" not in svg
    for x, y, w, h in boxes(folded_svg(session, WORDS, label="any", width=350, height=150)):
        assert -0.1 <= x <= x + w <= 350.1
        assert 0 <= y <= y + h <= 150.1
    chosen = steps[main_set(session)]
    assert all(drawn_mps(step) == drawn_mps(step) for step in chosen)
