"""Pair: two ribbons on one scale, the shorter one narrower, both from their first repeat."""

import re
from xml.etree import ElementTree as ET

import pytest

from made import Part, recording
from made_files import FORWARD, backward_run
from retropace.recording import Origin, Recording
from retropace.summary import Summary, summarise
from retropace.web.pair import Side, near, pair_svg, sides, whole_svg, window


def run(parts: tuple[Part, ...], seed: int = 1) -> Summary:
    return summarise(recording(parts, code=True, seed=seed))


def drawn(pair: tuple[Side, Side], width: float = 920) -> str:
    svg = pair_svg(*pair, label="both", width=width, name="p")
    ET.fromstring(svg)
    return svg


def lines(svg: str) -> list[tuple[float, float, float]]:
    """Every ribbon's line: y, x from, x to."""
    found = re.findall(r'd="M([\d.]+) ([\d.]+)H([\d.]+)" class="line"', svg)
    return [(float(y), float(left), float(right)) for left, y, right in found]


def test_one_scale_of_time() -> None:
    long, short = run((Part(800, 2.6, 165),)), run((Part(400, 2.6, 165),), seed=2)
    (_, left, right), (_, other_left, other_right) = lines(drawn(sides(long, short, ("a", "b"))))
    assert left == other_left
    assert (other_right - other_left) / (right - left) == pytest.approx(0.5, abs=0.01)


def test_both_begin_before_their_first_repeat() -> None:
    early, late = run(backward_run(4)), run((Part(900, 1.4, 112), *backward_run(4)), seed=2)
    assert near(early, late)
    assert window(late)[0] - window(early)[0] == pytest.approx(900, abs=6)
    pair = sides(early, late, ("a", "b"))
    starts = [min(b.start_s for b in side.frame.bouts if b.direction.value == "backward") for side in pair]
    assert starts == [pytest.approx(20, abs=3)] * 2
    assert all(side.frame.grid.time_s[0] == pytest.approx(0, abs=1) for side in pair)
    assert 'class="select"' in whole_svg(late, 350, "w")


def test_without_repeats_all_is_shown() -> None:
    assert not near(run(FORWARD), run(backward_run(4)))
    pair = sides(run(FORWARD), run(backward_run(4)), ("a", "b"))
    assert [len(side.frame.grid) for side in pair] == [240, 500]


def test_nothing_recorded_is_said() -> None:
    empty = summarise(Recording(Origin("empty.fit", "made"), None))
    svg = drawn(sides(empty, run(FORWARD), ("first", "second")), 350)
    assert "There is nothing to draw" in svg
    assert svg.count('class="line"') == 1
    assert "nothing to draw" in drawn(sides(empty, empty, ("first", "second")))


@pytest.mark.parametrize("width", [350, 920])
def test_titles_and_sides_are_named(width: float) -> None:
    svg = drawn(sides(run(backward_run(2)), run(backward_run(6), seed=2), ("Mon 2 Nov", "Fri 6 Nov")), width)
    for words in ("Mon 2 Nov", "Fri 6 Nov"):
        assert words in svg
    assert svg.count("‹ backward") == svg.count("forward ›") == 2
