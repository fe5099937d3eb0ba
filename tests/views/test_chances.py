"""Chances: the strip fills as probabilities are; what nobody saw is not filled; the table says the same."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from retropace.bout import Bout
from retropace.motion.placement import Placement
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.signals import Grid
from retropace.summary import Summary
from retropace.views import chances, charts, ribbon
from retropace.views.strip import chance_strip
from retropace.views.worn import PLACES, worn, worn_line

SVG = "{http://www.w3.org/2000/svg}"


def probability(grid: Grid, backward: FloatArray) -> FloatArray:
    """Running, backward with this probability."""
    found = np.zeros((len(grid), 7))
    found[:, 2], found[:, 4] = 1 - backward, backward
    return found


@pytest.fixture
def grid(repeats_summary: Summary) -> Grid:
    return repeats_summary.grid.between(0, 100)


BOUTS = (
    Bout(0, 40, Gait.RUN, Direction.FORWARD, 0.99, ("motion_pocket",)),
    Bout(40, 60, Gait.RUN, Direction.BACKWARD, 0.95, ("motion_pocket",)),
    Bout(60, 80, Gait.RUN, Direction.UNKNOWN, 0.6, ("motion_pocket",), "not sure"),
    Bout(80, 100, Gait.RUN, Direction.FORWARD, 0.98, ("assumed",)),
)


@pytest.fixture
def found(grid: Grid) -> chances.Chances:
    backward = np.repeat([0.0, 0.95, 0.4, 0.0], [40, 20, 20, 20])
    made = chances.chances(grid, BOUTS, probability(grid, backward))
    assert made is not None
    return made


def areas(found: chances.Chances, grid: Grid, css: str) -> float:
    """Area of everything of a class in the strip [px2]."""
    drawn = ribbon.profile(grid, BOUTS, 0.0, 200.0)
    assert drawn is not None
    svg = ET.fromstring(
        f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(chances.strip_marks(found, drawn, 0, "x"))}</svg>'
    )
    data = "".join(path.get("d", "") for path in svg.iter(f"{SVG}path") if path.get("class") == css)
    boxes = re.findall(r"M([\d.]+) [\d.]+H([\d.]+)v(-?[\d.]+)", data)
    return sum((float(b) - float(a)) * abs(float(h)) for a, b, h in boxes)


def test_areas_are_the_probabilities(found: chances.Chances, grid: Grid) -> None:
    whole = 200 * chances.STRIP_PX / 100
    assert areas(found, grid, "fr") == pytest.approx(whole * (40 + 20 * 0.05 + 20 * 0.6), rel=0.02)
    assert areas(found, grid, "bb") == pytest.approx(whole * (20 * 0.95 + 20 * 0.4), rel=0.02)
    assert areas(found, grid, "un") == pytest.approx(whole * 20, rel=0.02)
    assert areas(found, grid, "edge") == pytest.approx(whole * 20, rel=0.02)


def test_table_and_characters_say_the_same(found: chances.Chances, grid: Grid) -> None:
    told = [(line.forward, line.backward) for line in chances.lines(found, grid, BOUTS)]
    assert told == [("100 %", "0 %"), ("5 %", "95 %"), ("60 %", "40 %"), ("", "")]
    forward, backward = chance_strip(grid, found, 10)
    assert forward[:4] == "████"
    assert backward[:6] == "    ██"
    assert forward[8:] == backward[8:] == "??"
    assert "#" in chance_strip(grid, found, 10, blocks=False)[0]


def test_what_the_person_said_is_certain(grid: Grid) -> None:
    said = (Bout(0, 100, Gait.RUN, Direction.BACKWARD, 1.0, ("person",)),)
    made = chances.chances(grid, said, probability(grid, np.zeros(100)))
    assert made is not None
    assert made.backward.min() == 1
    assert made.forward.max() == 0


def test_nothing_is_drawn_where_nothing_shows_it(grid: Grid) -> None:
    habit = (replace(BOUTS[3], start_s=0.0),)
    assert chances.chances(grid, habit, probability(grid, np.zeros(100))) is None
    assert chances.chances(grid, BOUTS, None) is None


def test_a_part_of_a_figure_keeps_its_part_of_the_strip(found: chances.Chances, grid: Grid) -> None:
    part = charts.Frame(grid, BOUTS, (), found).between(40, 60)
    assert part.chances is not None
    assert part.chances.backward.tolist() == [0.95] * 20


def test_places_are_those_of_the_engine_and_each_has_words(repeats_summary: Summary) -> None:
    assert list(PLACES) == [str(place) for place in Placement]
    assert worn(repeats_summary) is None
    assert worn_line(repeats_summary) == ""
