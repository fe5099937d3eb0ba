"""Live ribbon: every piece a block on its own side, where its time is."""

import re
from xml.etree import ElementTree as ET

import pytest

from retropace.guide import Guide, guide
from retropace.place import Place, Surface, Watcher
from retropace.quantities import Direction, Gait
from retropace.rules import rules_on
from retropace.screening import Limits
from retropace.session import Session, Step
from retropace.views.live_ribbon import HEIGHT_PX, WIDTH_PX, live_ribbon
from served import TODAY

RULES = rules_on(TODAY)
LIMITS = Limits(
    backward_run=True,
    speed_mps=2.0,
    longest_bout_s=60.0,
    glance_every_s=5.0,
    watchers=(),
    start_low=False,
    treadmill_kmh=None,
    treadmill_run=False,
    clear_run_m=50.0,
)
WALK, RUN = (Gait.WALK, Direction.FORWARD, 60.0), (Gait.RUN, Direction.FORWARD, 60.0)
BACK, STAND = (Gait.RUN, Direction.BACKWARD, 20.0), (Gait.STAND, Direction.NONE, 10.0)


def coached(*steps: tuple[Gait, Direction, float]) -> Guide:
    session = Session("Test", tuple(Step(gait, way, lasts) for gait, way, lasts in steps))
    return guide(session, LIMITS, Place(surface=Surface.GRASS, clear_length_m=60.0, watcher=Watcher.NOBODY), RULES)


def blocks(svg: str) -> dict[int, tuple[float, float, float]]:
    """Left edge, width and height (below the line positive) of each piece by its number; height 0 stands."""
    found = {}
    for number, x, line, how in re.findall(r'data-piece="(\d+)" d="M([\d.]+) ([\d.]+)([^"]*)"', svg):
        if how.startswith("H"):
            found[int(number)] = (float(x), float(how[1:]) - float(x), 0.0)
        else:
            down, across = re.match(r"v(-?[\d.]+)h([\d.]+)", how).groups()  # type: ignore[union-attr]
            found[int(number)] = (float(x), float(across), float(down))
            assert 0 <= float(line) + float(down) <= HEIGHT_PX
    return found


def test_every_piece_lies_where_its_time_is_and_on_its_side() -> None:
    made = coached(WALK, BACK, STAND, RUN, BACK, WALK)
    svg = live_ribbon(made, label="a <session>")
    assert ET.fromstring(svg).get("aria-label") == "a <session>"
    drawn = blocks(svg)
    assert sorted(drawn) == list(range(len(made.pieces)))
    per_s = WIDTH_PX / made.pieces[-1].end_s
    for number, piece in enumerate(made.pieces):
        x, wide, down = drawn[number]
        assert x == pytest.approx(piece.start_s * per_s, abs=0.06)
        assert wide == pytest.approx(piece.duration_s * per_s, abs=0.11)
        assert (down > 0) == piece.backward
        assert (down < 0) == (piece.doing in ("walk", "run"))


def test_walking_is_lower_than_running() -> None:
    drawn = blocks(live_ribbon(coached(WALK, RUN), label="x"))
    assert drawn[1][2] < drawn[0][2] < 0


def test_a_long_session_stays_small_and_inside() -> None:
    made = coached(*((BACK, WALK) * 50))
    svg = live_ribbon(made, label="A long session")
    assert len(made.pieces) == 100
    assert len(svg.encode()) <= 6000
    assert all(x + wide <= WIDTH_PX + 0.1 for x, wide, _ in blocks(svg).values())


def test_only_what_is_drawn_has_a_pattern_of_ours() -> None:
    svg = live_ribbon(coached(WALK, BACK), label="x")
    assert svg.count('fill="url(#lrh)"') == svg.count('id="lrh"') == 1
    assert "style=" not in svg
