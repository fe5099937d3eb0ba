"""Hanging bars: they grow down from the line, are hatched, and the plan is a dashed outline."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from retropace.views.figures import moment
from retropace.views.hanging import Bar, hanging, scale_s

_LINE = 24.0


def drawn(*bars: Bar, width: float = 316.0) -> Any:
    svg = hanging(bars, label="Weeks", title="backward", clock=moment, width=width, height=184.0, name="t")
    return etree.fromstring(svg)


def boxes(svg: Any, css: str) -> list[dict[str, float]]:
    found = svg.xpath(f"//*[local-name()='rect'][contains(concat(' ', @class, ' '), ' {css} ')]")
    return [{name: float(box.get(name)) for name in ("x", "y", "width", "height")} for box in found]


@given(st.lists(st.builds(Bar, st.just("1"), *[st.floats(0, 7200)] * 3), min_size=1, max_size=30))
def test_bars_hang_below_the_line_and_stay_inside(bars: list[Bar]) -> None:
    for css in ("bb", "plan"):
        for box in boxes(drawn(*bars), css):
            assert box["y"] >= _LINE - 0.1
            assert box["y"] + box["height"] <= 184 - 30 + 0.2
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 316 - 46 + 0.2


def test_recorded_is_hatched_and_told_is_hatched_lighter_below_it() -> None:
    svg = drawn(Bar("1", recorded=300.0, told=150.0, planned=600.0))
    recorded, told = svg.xpath("//*[local-name()='rect'][contains(@class,'bb')][not(contains(@class,'told'))]"), None
    told = svg.xpath("//*[local-name()='rect'][contains(@class,'told')]")
    assert [box.get("fill") for box in (*recorded, *told)] == ["url(#th)", "url(#tt)"]
    (seen,), (said,) = boxes(svg, "bb")[-1:], boxes(svg, "told")
    assert said["y"] == seen["y"] + seen["height"]
    assert said["height"] * 2 == seen["height"]


def test_a_bar_twice_as_long_is_twice_as_deep() -> None:
    one, two = boxes(drawn(Bar("1", 300.0), Bar("2", 600.0)), "bb")
    assert two["height"] == 2 * one["height"]


def test_nothing_done_draws_no_bar_and_still_the_line() -> None:
    svg = drawn(Bar("1"), Bar("2"))
    assert not boxes(svg, "bb")
    assert len(svg.xpath("//*[local-name()='path'][@class='line']")) == 1


def test_lighter_weeks_carry_a_diamond_and_now_is_strong() -> None:
    svg = drawn(Bar("4", 300.0, lighter=True), Bar("now", 200.0, now=True))
    assert len(svg.xpath("//*[@class='diamond']")) == 1
    assert svg.xpath("string(//*[@class='strong'])") == "now"


def test_it_can_be_read_out_and_its_patterns_are_its_own() -> None:
    text = hanging([Bar("1", 60.0)], label="Week <1>", title="backward", clock=moment, width=316, height=184, name="x")
    assert 'role="img" aria-label="Week &lt;1&gt;"' in text
    assert set(re.findall(r'<pattern id="([^"]+)"', text)) == {"xh", "xt"}
    assert "style=" not in text


@given(st.floats(0, 100_000))
def test_the_scale_has_few_round_figures(highest: float) -> None:
    figures = scale_s(highest)
    assert len(figures) <= 3 or highest > 4 * 36_000
    assert figures == sorted(set(figures))
    assert not figures or figures[0] > 0
