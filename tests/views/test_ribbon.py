"""Ribbon: forward above the line, backward below it and hatched, unknown to both sides; small whatever the length."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.summary import Summary
from retropace.views import ribbon
from retropace.views.story import all_bouts, ribbon_label

SVG = "{http://www.w3.org/2000/svg}"


def drawn(summary: Summary, **more: object) -> ET.Element:
    bouts = all_bouts(summary)
    plan = summary.followed.steps if summary.followed else ()
    label = ribbon_label(len(summary.grid), bouts)
    return ET.fromstring(ribbon.ribbon_svg(summary.grid, bouts, label=label, plan=plan, **more))  # type: ignore[arg-type]


def paths(svg: ET.Element, css: str) -> list[str]:
    return [p.get("d", "") for p in svg.iter(f"{SVG}path") if p.get("class") == css]


def heights(data: str) -> list[float]:
    """Every y of absolute path data made of M, L, V and H."""
    return [float(y) for y in re.findall(r"[ML]-?[\d.]+ (-?[\d.]+)", data)]


def line_y(svg: ET.Element) -> float:
    return heights(paths(svg, "line")[0])[0]


def test_forward_stands_above_the_line_and_backward_below(repeats_summary: Summary) -> None:
    svg = drawn(repeats_summary)
    zero = line_y(svg)
    assert all(y <= zero for css in ("fr", "fw", "fe") for d in paths(svg, css) for y in heights(d))
    assert all(y >= zero for d in paths(svg, "be") for y in heights(d))
    assert paths(svg, "fr")
    assert paths(svg, "fw")


def test_backward_is_hatched_and_forward_is_not(repeats_summary: Summary) -> None:
    svg = drawn(repeats_summary)
    hatched = [p for p in svg.iter(f"{SVG}path") if (p.get("fill") or "").startswith("url(#rh")]
    assert len(hatched) == 1
    assert hatched[0].get("d", "").count("M") == 7  # six repeats, one in two parts
    assert all(p.get("fill") is None for p in svg.iter(f"{SVG}path") if p.get("class") in ("fr", "fw"))


def test_unknown_is_an_outline_mirrored_at_the_line(repeats_summary: Summary) -> None:
    svg = drawn(repeats_summary)
    (data,) = paths(svg, "un")
    points = [float(y) for y in re.findall(r"[ML]-?[\d.]+ (-?[\d.]+)", data)]
    assert min(points) + max(points) == pytest.approx(2 * line_y(svg), abs=0.3)
    words = [t.text for t in svg.iter(f"{SVG}text")]
    assert "unknown" in words


def test_words_and_label_tell_the_story(repeats_summary: Summary) -> None:
    svg = drawn(repeats_summary)
    words = [t.text for t in svg.iter(f"{SVG}text")]
    assert {"forward ›", "‹ backward", "m/s", "dashed outline: planned"} <= set(words)
    label = svg.get("aria-label", "")
    assert svg.get("role") == "img"
    assert "backward 6 times, 1:52 in all: 5:00 to 5:20" in label
    assert "unknown for 8 s" in label


def test_each_planned_step_is_one_outline(repeats_summary: Summary) -> None:
    assert repeats_summary.planned is not None
    outlines = [r for r in drawn(repeats_summary).iter(f"{SVG}rect") if r.get("class") == "plan"]
    assert len(outlines) == len(repeats_summary.planned.steps)
    assert not [
        r for r in drawn(replace(repeats_summary, followed=None)).iter(f"{SVG}rect") if r.get("class") == "plan"
    ]


def test_assumed_forward_is_pale_with_a_dashed_edge(forward_summary: Summary) -> None:
    svg = drawn(forward_summary)
    assert paths(svg, "fp")
    assert paths(svg, "fa")
    assert not paths(svg, "fr")
    assert "forward as far as anyone can tell" in svg.get("aria-label", "")


def test_a_month_stays_small_and_keeps_every_bout(month_summary: Summary) -> None:
    text = ribbon.ribbon_svg(month_summary.grid, all_bouts(month_summary), label="month")
    assert len(text) < 40_000
    svg = ET.fromstring(text)
    (edges,) = paths(svg, "be")
    assert edges.count("M") == 31
    assert paths(svg, "slash")[0].count("M") == 2 * 30


def test_without_speed_the_side_still_tells_and_the_words_say_so(repeats_summary: Summary) -> None:
    blind = replace(
        repeats_summary, grid=replace(repeats_summary.grid, speed_mps=np.full(len(repeats_summary.grid), np.nan))
    )
    svg = drawn(blind)
    assert any("no speed" in (t.text or "") for t in svg.iter(f"{SVG}text"))
    assert paths(svg, "be")
    assert not [t.text for t in svg.iter(f"{SVG}text") if t.text == "1"]


def test_imperial_axis_counts_miles_an_hour(repeats_summary: Summary) -> None:
    words = [t.text for t in drawn(repeats_summary, system="imperial").iter(f"{SVG}text")]
    assert "mph" in words


@pytest.mark.parametrize(
    ("gait", "direction", "strand"),
    [
        (Gait.RUN, Direction.FORWARD, "forward run"),
        (Gait.WALK, Direction.BACKWARD, "backward walk"),
        (Gait.UNKNOWN, Direction.BACKWARD, "backward run"),
        (Gait.OTHER, Direction.UNKNOWN, "other"),
        (Gait.OTHER, Direction.SIDEWAYS, "other"),
        (Gait.STAND, Direction.NONE, "standing"),
        (Gait.RUN, Direction.UNKNOWN, "unknown"),
    ],
)
def test_strands(gait: Gait, direction: Direction, strand: str) -> None:
    assert ribbon.strand_of(Bout(0, 1, gait, direction, 0.9, ())) == strand


def test_thumbnail_has_no_words_and_shows_the_selection(repeats_summary: Summary) -> None:
    bouts = all_bouts(repeats_summary)
    svg = ET.fromstring(ribbon.thumbnail(repeats_summary.grid, bouts, label="all", selected_s=(300, 780)))
    assert svg.get("height") == "44"
    assert not list(svg.iter(f"{SVG}text"))
    (frame,) = [r for r in svg.iter(f"{SVG}rect") if r.get("class") == "select"]
    assert float(frame.get("x", "0")) == pytest.approx(1 + 348 * 300 / 1240, abs=0.5)


def test_nothing_recorded_draws_nothing(empty_summary: Summary) -> None:
    svg = drawn(empty_summary)
    assert not list(svg)


def test_labels_are_escaped(repeats_summary: Summary) -> None:
    text = ribbon.thumbnail(repeats_summary.grid, [], label='<b>"\x00&')
    assert ET.fromstring(text).get("aria-label") == '<b>"&'
