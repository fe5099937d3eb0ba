"""Fading and kept weeks: ink for what was felt, a gap where nobody answered, an outline for a week without a session."""

from typing import Any

from lxml import etree

from retropace.views.fading import After, fading
from retropace.views.kept_weeks import NOTHING, RESTED, WENT, kept_weeks


def drawn(*sessions: After, worst: float = 4.0) -> Any:
    return etree.fromstring(fading(sessions, label="L", title="Left calf", of_most="4 of 10", worst=worst))


def test_one_line_a_session_and_no_colour() -> None:
    svg = drawn(After("1", (4.0, 2.0)), After("2", (3.0, 0.0)))
    assert len(svg.xpath("//*[@class='trace']")) == 2
    heights = [float(dot.get("cy")) for dot in svg.xpath("//*[local-name()='circle']")]
    assert heights[0] < heights[2] < heights[1] < heights[3]
    assert {mark.get("class") for mark in svg.xpath("//*[local-name()='circle']")} == {"doti"}


def test_silence_is_a_gap() -> None:
    svg = drawn(After("1", (4.0, None)), After("2", (None, None)))
    assert not svg.xpath("//*[@class='trace']")
    assert len(svg.xpath("//*[local-name()='circle']")) == 1


def test_nothing_felt_stands_on_the_ground() -> None:
    (dot,) = drawn(After("1", (0.0,)), worst=0.0).xpath("//*[local-name()='circle']")
    assert float(dot.get("cy")) == 124 - 26


def test_weeks_are_told_apart_by_shape() -> None:
    svg: Any = etree.fromstring(kept_weeks([WENT, RESTED, NOTHING], label="2 of 3", name="k"))
    (went,) = svg.xpath("//*[contains(@class,'bb')]")
    assert went.get("fill") == "url(#kh)"
    assert (len(svg.xpath("//*[@class='st']")), len(svg.xpath("//*[@class='plan']"))) == (1, 1)
