"""Trend: figures over days with their band; direction by the shape of the marks; nothing where there is nothing."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from retropace.views.trend import Dot, Reference, Scale, Trace, spark, trend

DAY = dt.date(2026, 11, 1)


def dots(*values: float, half: float = 1.0) -> list[Dot]:
    return [Dot(DAY + dt.timedelta(days=3 * n), v, v - half, v + half) for n, v in enumerate(values)]


def drawn(*traces: Trace, scale: Scale | None = None, reference: Reference | None = None) -> Any:
    made = trend(traces, scale or Scale(10.0), label="L", day_words=lambda day: f"{day.day}", reference=reference)
    return etree.fromstring(made)


def marks(svg: Any, css: str) -> list[Any]:
    found: list[Any] = svg.xpath(f"//*[@class='{css}']")
    return found


def test_backward_has_chevrons_and_forward_dots() -> None:
    svg = drawn(Trace(dots(140, 141), "back", "backward"), Trace(dots(130, 131, 132), "forward", "forward"))
    assert (len(marks(svg, "chevb")), len(marks(svg, "dotf"))) == (2 + 1, 3 + 1)  # one more of each names it
    assert {mark.text for mark in svg.xpath("//*[local-name()='text']")} >= {"backward", "forward"}


def test_higher_figures_stand_higher_unless_less_is_better() -> None:
    up = [float(m.get("cy")) for m in marks(drawn(Trace(dots(1, 2, 3))), "doti")]
    down = [float(m.get("cy")) for m in marks(drawn(Trace(dots(1, 2, 3)), scale=Scale(1.0, down=True)), "doti")]
    assert up == sorted(up, reverse=True)
    assert down == sorted(down)


def test_days_stand_to_scale() -> None:
    days = [Dot(DAY + dt.timedelta(days=n), 1.0, 1.0, 1.0) for n in (0, 10, 40)]
    first, second, third = (float(m.get("cx")) for m in marks(drawn(Trace(days)), "doti"))
    assert third - first == pytest.approx(4 * (second - first), abs=0.3)


def test_the_band_is_drawn_where_it_has_a_width() -> None:
    assert len(marks(drawn(Trace(dots(1, 2), "back")), "bandb")) == 1
    assert not marks(drawn(Trace(dots(1, 2, half=0.0), "back")), "bandb")


def test_what_it_is_compared_with() -> None:
    assert len(marks(drawn(Trace(dots(1, 2)), reference=Reference(3, 5, "studies")), "ref")) == 1
    assert len(marks(drawn(Trace(dots(1, 2)), reference=Reference(4, 4, "limit")), "edge")) == 1


def test_so_many_figures_have_no_line() -> None:
    svg = drawn(Trace(dots(*range(60))))
    assert not marks(svg, "doti")
    assert len(marks(svg, "trace")) == 60


def test_no_figure_is_no_drawing() -> None:
    assert trend([Trace([])], Scale(1.0), label="", day_words=str) == ""
    assert spark([], Scale(1.0), label="") == ""


@given(st.lists(st.floats(-50, 400), min_size=1, max_size=12), st.floats(0, 30), st.booleans())
def test_everything_stays_inside(values: list[float], half: float, down: bool) -> None:
    svg = drawn(Trace(dots(*values, half=half)), scale=Scale(10.0, down=down), reference=Reference(10, 20, "studies"))
    for mark in marks(svg, "doti"):
        assert 0 <= float(mark.get("cx")) <= 288
        assert 0 <= float(mark.get("cy")) <= 136


def test_a_small_one_has_no_words() -> None:
    svg: Any = etree.fromstring(
        spark([Trace(dots(31, 45))], Scale(20.0), label="31, then 45", reference=Reference(20, 20, ""))
    )
    assert not svg.xpath("//*[local-name()='text']")
    assert len(marks(svg, "edge")) == 1
