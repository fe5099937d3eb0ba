"""Charts: the same x as the ribbon, direction told by marks, silence left empty."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.summary import Summary
from retropace.views import charts, ribbon
from retropace.views.charts import Frame
from retropace.views.story import all_bouts
from retropace.views.timeline import columns, timeline

SVG = "{http://www.w3.org/2000/svg}"


def frame(summary: Summary) -> Frame:
    return Frame(summary.grid, all_bouts(summary), summary.followed.steps if summary.followed else ())


def figure(made: Frame, **more: object) -> ET.Element:
    return ET.fromstring(charts.figure(made, label="figure", name="f", width=600, **more))  # type: ignore[arg-type]


def of_class(svg: ET.Element, css: str) -> str:
    return "".join(p.get("d", "") for p in svg.iter(f"{SVG}path") if p.get("class") == css)


def xs(data: str) -> list[float]:
    return [float(x) for x in re.findall(r"M(-?[\d.]+) ", data)]


def test_chevrons_stand_over_backward_stretches_only(repeats_summary: Summary) -> None:
    made = frame(repeats_summary)
    chevrons = xs(of_class(figure(made), "chev"))
    drawn = ribbon.profile(made.grid, made.bouts, ribbon.GUTTER_PX, 600)
    assert drawn is not None
    spans = [(float(drawn.line.x(300 + 80 * n)), float(drawn.line.x(320 + 80 * n))) for n in range(6)]
    assert chevrons
    assert all(any(a - 4 <= x <= b + 4 for a, b in spans) for x in chevrons)


def test_medians_by_direction_are_those_of_the_data(repeats_summary: Summary) -> None:
    made = frame(repeats_summary)
    words = [t.text or "" for t in figure(made).iter(f"{SVG}text")]
    signs = charts.direction_signs(made)
    back, forth = (np.nanmedian(made.grid.cadence_spm[signs == s]) for s in (-1, 1))
    assert f"median {back:.0f} back, {forth:.0f} forward, steps/min" in words
    beats = made.grid.heart_rate_bpm
    assert f"{np.mean(beats):.0f} /min average, {np.max(beats):.0f} highest" in words


def test_silent_sensor_leaves_a_gap(repeats_summary: Summary) -> None:
    beats = repeats_summary.grid.heart_rate_bpm.copy()
    whole = of_class(figure(frame(repeats_summary)), "trace").count("M")
    beats[400:500] = np.nan
    with_gap = replace(repeats_summary, grid=replace(repeats_summary.grid, heart_rate_bpm=beats))
    assert of_class(figure(frame(with_gap)), "trace").count("M") == whole + 1


def test_a_channel_that_never_spoke_has_no_chart(repeats_summary: Summary) -> None:
    silent = np.full(len(repeats_summary.grid), np.nan)
    quiet = replace(repeats_summary, grid=replace(repeats_summary.grid, heart_rate_bpm=silent, cadence_spm=silent))
    words = [t.text for t in figure(frame(quiet)).iter(f"{SVG}text")]
    assert "Heart rate" not in words
    assert "Cadence" not in words


def test_speed_chart_on_request_in_the_readers_unit(repeats_summary: Summary) -> None:
    words = [t.text or "" for t in figure(frame(repeats_summary), speed=True, system="imperial").iter(f"{SVG}text")]
    assert "Speed" in words
    assert any(w.endswith("mph") and "back" in w for w in words)


def test_between_clips_bouts(repeats_summary: Summary) -> None:
    part = frame(repeats_summary).between(310, 330)
    assert [(b.start_s, b.end_s) for b in part.bouts] == [(310, 320), (320, 330)]
    assert len(part.grid) == 20


@given(st.lists(st.floats(-100, 300), min_size=1, max_size=30), st.floats(0, 100))
def test_round_scale_holds_the_values(values: list[float], least: float) -> None:
    low, high, figures = charts.round_scale(np.array(values), least)
    assert low <= min(values)
    assert high >= max(values)
    assert 1 <= len(figures) <= 4
    assert all(low <= f <= high for f in figures)


def test_readings_tell_the_direction_that_fills_the_column(repeats_summary: Summary) -> None:
    made = frame(repeats_summary)
    line = timeline(made.grid, 0, 600)
    assert line is not None
    read = charts.readings(made, columns(line, made.grid), "metric")
    lengths = {len(v) for v in read.values()}
    assert len(lengths) == 1
    times = [second or 0.0 for second in read["t"]]

    def at(second: float) -> tuple[str, float | None]:
        index = int(np.searchsorted(times, second, side="right")) - 1
        return charts.WAYS[int(read["way"][index] or 0)], read["speed"][index]

    assert at(310)[0] == "‹ backward"
    assert at(310)[1] == pytest.approx(1.66, abs=0.2)
    assert at(100)[0] == "forward ›"
    assert at(633)[0] == "which way is unknown"
    assert at(795) == ("standing", None)


def test_readings_of_the_assumed_and_of_other_sports(forward_summary: Summary) -> None:
    made = frame(forward_summary)
    ride = Bout(0, 1800, Gait.OTHER, Direction.UNKNOWN, 1.0, ("sport",))
    made = replace(made, bouts=[ride, replace(made.bouts[1], start_s=1800)])
    line = timeline(made.grid, 0, 600)
    assert line is not None
    ways = charts.readings(made, columns(line, made.grid), "metric")["way"]
    assert {charts.WAYS[int(way or 0)] for way in ways} == {"other sport", "forward ›, assumed"}
    assert not of_class(figure(made), "udot")


def test_empty_frame_draws_nothing(empty_summary: Summary) -> None:
    assert not list(figure(frame(empty_summary)))


@pytest.mark.parametrize("speed", [False, True])
@pytest.mark.parametrize("width", [350, 600])
def test_the_cursor_stands_on_what_is_drawn(repeats_summary: Summary, width: int, speed: bool) -> None:
    """The heart rate's trace runs through the points that a cursor computes from its readings."""
    made = frame(repeats_summary)
    told = charts.cursor(made, (350.0, 600.0), "metric", speed=speed)
    lines = told["lines"][str(width)]
    assert set(lines) == {"ribbon", "heart_rate", "cadence"} | ({"speed"} if speed else set())
    drawn = ET.fromstring(charts.figure(made, label="figure", name="f", width=float(width), speed=speed))
    trace = [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", of_class(drawn, "trace"))]
    at_zero, per_unit = lines["heart_rate"]
    ys = [at_zero + per_unit * rate for rate in told["heart_rate"] if rate is not None]
    assert min(y for _, y in trace) == pytest.approx(min(ys), abs=1.5)
    assert max(y for _, y in trace) == pytest.approx(max(ys), abs=1.5)
    start_s, end_s, left, right = told["places"][str(width)][0]
    assert (start_s, left, right) == (0.0, 36.0, float(width))
    assert end_s == float(repeats_summary.grid.time_s[-1]) + 1


def test_no_cursor_over_nothing(repeats_summary: Summary) -> None:
    assert charts.cursor(frame(repeats_summary).between(1e6, 2e6), (350.0,), "metric") == {}
