"""The planned ribbon: forward above the line, backward below it with a hatch, each step as wide as it is long."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_plans import BACK, BACK_WALK, RUN, SESSIONS, SIDE, STAND, WALK, intervals, step
from retropace.session import Session
from retropace.views.planned import planned_strip, planned_svg, repeats_svg, starts

SIZES = ("x", "y", "width", "height")
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Box:
    paint: str
    x: float
    y: float
    width: float
    height: float


def boxes(session: Session, width: float = 600, height: float = 96) -> list[Box]:
    """Every step's box, with its fill or class."""
    root = ET.fromstring(planned_svg(session, label="x", words=False, width=width, height=height))
    rows = [element for element in root.iter(f"{SVG}rect") if element.get("x") is not None]
    return [Box(r.get("fill") or r.get("class") or "", *(number(r, k) for k in SIZES)) for r in rows]


def number(element: ET.Element, key: str) -> float:
    return float(element.get(key) or 0)


def test_forward_is_above_and_backward_below_hatched() -> None:
    forward, back, edge = boxes(Session("s", (step(WALK, 60), step(BACK, 60))), width=602, height=102)
    assert forward.paint == "fw"
    assert (back.paint, edge.paint) == ("url(#ph)", "be")
    line = forward.y + forward.height
    assert back.y == pytest.approx(line, abs=0.11)
    assert forward.width == back.width == 300


def test_walking_is_lower_than_running_and_speeds_are_to_scale() -> None:
    made = Session(
        "s", (step(WALK, 60), step(RUN, 60), step(BACK, 60, speed_mps=2.0), step(BACK_WALK, 60, speed_mps=1.0))
    )
    walk, run, back, _, slow, _ = boxes(made)
    assert walk.height < run.height
    assert back.height == pytest.approx(2 * slow.height, abs=0.11)


def test_standing_and_sideways_have_no_speed_along_facing() -> None:
    (side,) = boxes(Session("s", (step(STAND, 30), step(SIDE, 30))))
    assert side.paint == "url(#pd)"
    assert 'class="st"' in planned_svg(Session("s", (step(STAND, 30),)), label="x")


def test_words_only_where_asked_for() -> None:
    told = planned_svg(intervals(6, 20), label="Six <repeats>")
    assert "forward ›" in told
    assert "‹ backward" in told
    assert 'aria-label="Six &lt;repeats&gt;"' in told
    assert "<text" not in planned_svg(intervals(6, 20), label="x", words=False)
    assert "‹ backward" not in planned_svg(Session("s", (step(WALK, 60),)), label="x")


@settings(max_examples=60, deadline=None)
@given(SESSIONS)
def test_any_session_is_well_formed_and_inside_its_box(session: Session) -> None:
    for box in boxes(session, width=400, height=60):
        assert -0.1 <= box.x <= box.x + box.width <= 400.2
        assert -0.1 <= box.y <= box.y + box.height <= 60.2
    above, line, below = planned_strip(session, 50)
    assert len(above) == len(line) == len(below) == 50


def test_the_strip() -> None:
    above, line, below = planned_strip(
        Session("s", (step(WALK, 60), step(BACK, 30), step(RUN, 30), step(SIDE, 30))), 10
    )
    assert above == "▁▁▁▁  ▄▄  "
    assert line == "────────~~"
    assert below == "    ▀▀    "
    assert list(starts(Session("s", (step(WALK, 60), step(BACK, 30))))) == [0.0, 60.0]


@given(SESSIONS, st.floats(0.5, 3.0))
def test_the_limit_lies_below_every_repeat_that_keeps_it(session: Session, limit_mps: float) -> None:
    svg = repeats_svg(session, limit_mps, label="<x>", backward="back", limit="limit", width=350, height=112)
    root = ET.fromstring(svg)
    line = next(e.get("d") or "" for e in root.iter(f"{SVG}path") if e.get("class") == "limit")
    limit_y = float(line.split()[1].partition("H")[0])
    zero_y = float(
        next(e.get("d") or "" for e in root.iter(f"{SVG}path") if e.get("class") == "line").split()[1].partition("H")[0]
    )
    assert 0 < zero_y < limit_y <= 82.05
    for row in root.iter(f"{SVG}rect"):
        if row.get("class") == "be":
            bottom = float(row.get("y") or 0) + float(row.get("height") or 0)
            assert bottom <= 82.2
