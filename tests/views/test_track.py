"""Track: drawn without a map, and never where somebody lives."""

import math
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.recording import Origin, Recording, Stream
from retropace.signals import EARTH_RADIUS_M, grid
from retropace.summary import Summary
from retropace.views.story import all_bouts
from retropace.views.track import Track, circle_centre, track

SVG = "{http://www.w3.org/2000/svg}"
WAYS = ("way", "wayu", "back-wash", "back-ticks", "chev", "chevf")


def made(summary: Summary, **more: object) -> Track:
    return track(summary.grid, all_bouts(summary), **more)  # type: ignore[arg-type]


def circles(svg: ET.Element) -> list[tuple[float, float, float]]:
    found = [c for c in svg.iter(f"{SVG}circle") if c.get("class") == "hidden"]
    return [(float(c.get("cx", "0")), float(c.get("cy", "0")), float(c.get("r", "0"))) for c in found]


def points(svg: ET.Element) -> list[tuple[float, float]]:
    data = "".join(p.get("d", "") for p in svg.iter(f"{SVG}path") if p.get("class") in ("way", "wayu"))
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", data)]


@pytest.mark.parametrize("radius", [50.0, 100.0, 200.0])
def test_nothing_is_drawn_inside_the_hidden_circles(repeats_summary: Summary, radius: float) -> None:
    drawn = made(repeats_summary, hide_radius_m=radius)
    assert drawn.svg is not None
    svg = ET.fromstring(drawn.svg)
    assert circles(svg)
    assert points(svg)
    for cx, cy, r in circles(svg):
        assert all(math.hypot(x - cx, y - cy) >= r - 1.5 for x, y in points(svg))
    assert f"{radius:.0f} m" in drawn.words


@given(st.floats(-70, 70), st.floats(-179, 179), st.floats(50, 1000))
def test_the_circle_hides_the_door_but_does_not_point_at_it(latitude: float, longitude: float, radius: float) -> None:
    lat, lon = circle_centre(latitude, longitude, radius)
    north = math.radians(latitude - lat) * EARTH_RADIUS_M
    east = math.radians(longitude - lon) * EARTH_RADIUS_M * math.cos(math.radians(lat))
    assert math.hypot(north, east) <= 0.72 * radius
    step = 0.2 * radius / EARTH_RADIUS_M
    near = circle_centre(lat + math.degrees(step), lon, radius)
    assert near == pytest.approx((lat, lon), abs=1e-12)


def test_two_outings_from_one_door_hide_the_same_circle() -> None:
    door = circle_centre(54.30012, 10.10034, 200.0)
    assert circle_centre(54.30018, 10.10041, 200.0) == door


def test_backward_is_hatched_and_named(repeats_summary: Summary) -> None:
    drawn = made(repeats_summary, hide_radius_m=50)
    assert drawn.svg is not None
    svg = ET.fromstring(drawn.svg)
    ticks = [p.get("d", "") for p in svg.iter(f"{SVG}path") if p.get("class") == "back-ticks"]
    assert ticks[0].count("M") == 7
    assert "‹ backward, 6 times" in [t.text for t in svg.iter(f"{SVG}text")]
    assert "6 backward stretches" in svg.get("aria-label", "")


def test_no_coordinates_are_written(repeats_summary: Summary) -> None:
    drawn = made(repeats_summary, hide_radius_m=50)
    assert drawn.svg is not None
    assert "54.3" not in drawn.svg
    assert "10.1" not in re.sub(r"[MLVH][\d. -]+|\"[\d.]+\"", "", drawn.svg)


def test_zero_radius_shows_all_and_warns(repeats_summary: Summary) -> None:
    drawn = made(repeats_summary, hide_radius_m=0)
    assert drawn.svg is not None
    assert not circles(ET.fromstring(drawn.svg))
    assert "think before" in drawn.words


def test_without_position_a_sentence_says_why(forward_summary: Summary, empty_summary: Summary) -> None:
    assert made(forward_summary) == Track(None, "No track: the file holds no position.")
    assert made(empty_summary).svg is None


def test_a_track_all_within_the_circle_is_not_drawn(repeats_summary: Summary) -> None:
    drawn = made(repeats_summary, hide_radius_m=5000)
    assert drawn.svg is None
    assert "hidden" in drawn.words


def test_a_treadmill_with_a_fix_does_not_draw_a_point(repeats_summary: Summary) -> None:
    n = len(repeats_summary.grid)
    still = replace(repeats_summary.grid, latitude_deg=np.full(n, 54.0), longitude_deg=np.full(n, 10.0))
    assert "never moves" in track(still, [], hide_radius_m=0).words


def test_scale_bar_in_the_readers_unit(repeats_summary: Summary) -> None:
    metric, imperial = (made(repeats_summary, hide_radius_m=50, system=s).svg or "" for s in ("metric", "imperial"))
    assert re.search(r">\d+ m<", metric)
    assert re.search(r">\d+ ft<", imperial)


def test_across_the_date_line(repeats_summary: Summary) -> None:
    grid = repeats_summary.grid
    shifted = np.mod(grid.longitude_deg - 10.1 + 179.999 + 180, 360) - 180
    here, there = (
        track(replace(grid, longitude_deg=lon), [], hide_radius_m=0).svg for lon in (grid.longitude_deg, shifted)
    )
    assert here is not None
    assert there is not None
    assert len(there) == pytest.approx(len(here), rel=0.05)


def test_a_long_way_stays_small() -> None:
    n = 40_000
    turns = np.linspace(0, 400 * np.pi, n)
    channels = {"latitude_deg": 54 + 0.1 * np.sin(turns), "longitude_deg": 10 + 0.1 * np.cos(turns * 1.01)}
    long = grid(Recording(Origin("made", "csv"), None, track=Stream(np.arange(float(n)), channels)))
    drawn = track(long, [], hide_radius_m=0)
    assert drawn.svg is not None
    assert len(drawn.svg) < 80_000


def test_home_is_hidden_instead_of_start_and_end(repeats_summary: Summary) -> None:
    grid_ = repeats_summary.grid
    middle = len(grid_) // 2
    home = float(grid_.latitude_deg[middle]), float(grid_.longitude_deg[middle])
    drawn = made(repeats_summary, hide_radius_m=30.0, home=home)
    assert drawn.svg is not None
    assert len(circles(ET.fromstring(drawn.svg))) == 1
    assert drawn.words.startswith("Home is hidden")
    assert np.isnan(drawn.x[middle])
    assert np.isfinite(drawn.x[0])


def test_every_second_knows_its_place(repeats_summary: Summary) -> None:
    drawn = made(repeats_summary, hide_radius_m=0.0)
    known = np.isfinite(repeats_summary.grid.latitude_deg)
    assert drawn.x.shape == drawn.y.shape == repeats_summary.grid.time_s.shape
    assert np.array_equal(np.isfinite(drawn.x), known)
    assert drawn.svg is not None
    for x, y in points(ET.fromstring(drawn.svg)):
        assert np.nanmin(np.hypot(drawn.x - x, drawn.y - y)) < 0.1
