"""Whatever a recording holds and leaves out, every view says something and none of them fails."""

import io
from dataclasses import fields, replace
from xml.etree import ElementTree as ET

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retropace.bout import Bout
from retropace.metrics import aggregate, compute_bouts, same_forward
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.signals import Grid
from retropace.summary import BoutSummary, Summary
from retropace.views.document import document, document_json
from retropace.views.page import html_report
from retropace.views.picture import picture_svg
from retropace.views.terminal import print_summary

CHANNELS = [f.name for f in fields(Grid) if f.name not in ("time_s", "stretch", "paused")]
STRETCHES = st.lists(
    st.tuples(st.integers(1, 200), st.sampled_from(Gait), st.sampled_from(Direction), st.floats(0.5, 1.0)), max_size=25
)


def summary_of(whole: Summary, parts: list[tuple[int, Gait, Direction, float]], silent: set[str]) -> Summary:
    """`whole` with other bouts, and with the `silent` channels missing."""
    gone = {name: np.full(len(whole.grid), np.nan) for name in silent}
    grid, bouts, now = replace(whole.grid, **gone), [], 0.0
    for length, gait, direction, probability in parts:
        reason = "nobody saw it" if direction is Direction.UNKNOWN else None
        bouts.append(Bout(now, now + length, gait, direction, probability, ("lap",), reason))
        now += length
    person = Person(mass_kg=70.0)
    found = compute_bouts(bouts, grid, person)
    totals = aggregate(found)
    return replace(
        whole,
        grid=grid,
        bouts=tuple(BoutSummary(b, m) for b, m in found),
        session=totals,
        by_direction={d: aggregate(p) for d in Direction if (p := [f for f in found if f[0].direction is d])},
        same_forward=same_forward(totals),
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    parts=STRETCHES, silent=st.sets(st.sampled_from(CHANNELS)), first=st.integers(0, 1240), length=st.integers(0, 1240)
)
def test_every_view_says_something(
    repeats_summary: Summary,
    parts: list[tuple[int, Gait, Direction, float]],
    silent: set[str],
    first: int,
    length: int,
) -> None:
    summary = summary_of(repeats_summary, parts, silent)
    summary = replace(summary, grid=summary.grid.between(first, first + length))
    assert "<h1>" in html_report(summary)
    assert ET.fromstring(picture_svg(summary)).get("aria-label")
    assert document_json([document(summary, series=True)])
    stream = io.StringIO()
    print_summary(summary, width=60, stream=stream)
    assert max(map(len, stream.getvalue().splitlines())) <= 60
