"""Body map: every part on both sides once, large enough to touch, apart from each other, mirrored; marks without colour."""

import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retropace.log import Part, Side, Where
from retropace.views.bodymap import (
    HEIGHT,
    LEAST_TOUCH,
    SIDES,
    SPOTS,
    WIDTH,
    area,
    body_stylesheet,
    body_svg,
    level,
    place_name,
    spot_key,
    told_marks,
)

EVERY = [(part, side) for part in Part for side in SIDES]


def marks(svg: str) -> dict[str, ET.Element]:
    return {mark.attrib["data-mark"]: mark for mark in ET.fromstring(svg).iter() if "data-mark" in mark.attrib}


def points(data: str) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", data)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_every_part_is_there_once_on_each_side() -> None:
    assert sorted(spot.part for spot in SPOTS) == sorted(Part)
    svg = body_svg({})
    assert sorted(marks(svg)) == sorted(spot_key(where) for where in EVERY)
    assert svg.count("data-mark") == len(EVERY)
    for where in EVERY:
        assert body_stylesheet().count(f".at-{spot_key(where)}{{") == 1


@pytest.mark.parametrize("where", EVERY, ids=spot_key)
def test_each_can_be_touched_where_it_is_drawn(where: Where) -> None:
    x, y, width, height = area(where)
    assert width >= LEAST_TOUCH
    assert height >= LEAST_TOUCH
    assert 0 <= x <= x + width <= WIDTH
    assert 0 <= y <= y + height <= HEIGHT
    drawn = points(marks(body_svg({}))[spot_key(where)].attrib["d"])[::2]  # without the bends between
    inside = [x <= a <= x + width and y <= b <= y + height for a, b in drawn]
    assert sum(inside) / len(inside) > 0.7


def test_no_two_touch_areas_overlap() -> None:
    for one, other in itertools.combinations(EVERY, 2):
        (x, y, w, h), (u, v, p, q) = area(one), area(other)
        apart = x + w <= u + 1e-9 or u + p <= x + 1e-9 or y + h <= v + 1e-9 or v + q <= y + 1e-9
        assert apart, (one, other)


@pytest.mark.parametrize("part", Part)
def test_left_mirrors_right_and_is_ones_own_left(part: Part) -> None:
    left, right = area((part, Side.LEFT)), area((part, Side.RIGHT))
    view = next(spot.view for spot in SPOTS if spot.part is part)
    axis = WIDTH / 4 if view == "front" else 3 * WIDTH / 4
    assert left[1:] == right[1:]
    assert left[0] - axis == pytest.approx(axis - (right[0] + right[2]))
    own_left_is_right_of_the_axis = left[0] + left[2] / 2 > axis
    assert own_left_is_right_of_the_axis is (view == "front")
    drawn = marks(body_svg({}))
    ours, theirs = (points(drawn[spot_key((part, side))].attrib["d"]) for side in SIDES)
    for (a, b), (c, d) in zip(ours, theirs, strict=True):
        assert a - axis == pytest.approx(axis - c, abs=0.11)  # coordinates have one decimal
        assert b == d


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.tuples(st.sampled_from(Part), st.sampled_from(Side)), st.floats(0, 10)))
def test_marks_tell_how_much_by_pattern_and_number(values: dict[Where, float]) -> None:
    drawn = body_svg(values, label="a body", name="x")
    told = ET.fromstring(drawn)
    assert told.attrib["aria-label"] == "a body"
    patterns = {pattern.attrib["id"] for pattern in told.iter("{http://www.w3.org/2000/svg}pattern")}
    by_key = marks(drawn)
    for (part, side), mark in ((where, by_key[spot_key(where)]) for where in EVERY):
        value = values.get((part, side), values.get((part, Side.BOTH), 0.0))
        assert f"lv{level(value)}" in mark.attrib["class"]
        assert ("fill" in mark.attrib) is (value > 0)
        assert value == 0 or mark.attrib["fill"].removeprefix("url(#").removesuffix(")") in patterns
    numbers = re.findall(r'class="bm-number lv\d">([^<]+)<', drawn)
    both = {(p, one): v for (p, side), v in values.items() for one in (SIDES if side is Side.BOTH else (side,))}
    both |= {where: value for where, value in values.items() if where[1] is not Side.BOTH}
    assert sorted(numbers) == sorted(f"{value:g}" for value in both.values() if value > 0)


def test_without_a_label_it_is_for_the_eyes_only() -> None:
    assert 'aria-hidden="true"' in body_svg({})
    assert "bm-number" not in body_svg({(Part.CALF, Side.LEFT): 4.0})


def test_every_place_has_a_name_of_its_own() -> None:
    names = [place_name((part, side)) for part in Part for side in Side]
    assert len(set(names)) >= len(names) - 2  # neck and lower back have no other name for both sides
    assert place_name((Part.THIGH_FRONT, Side.RIGHT)) == "right front thigh"
    assert told_marks({(Part.CALF, Side.LEFT): 0.0}) == ""
