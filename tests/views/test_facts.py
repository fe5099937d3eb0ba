"""Facts: what stands first, and what stands beside what."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from retropace.estimate import Estimate
from retropace.quantities import Direction
from retropace.recording import Declared
from retropace.summary import Summary
from retropace.views import facts
from retropace.views.bars import mirrored


def test_first_facts_of_repeats(repeats_summary: Summary) -> None:
    found = facts.facts(repeats_summary)
    assert [(f.value, f.words) for f in found[:3]] == [
        ("1:52", "backward"),
        ("2:00", "planned backward"),
        ("8 s", "which way is unknown"),
    ]
    assert len(found) <= 6
    assert all(f.band for f in found if f.words in ("distance", "energy"))


def test_first_facts_of_a_forward_run(forward_summary: Summary) -> None:
    assert [f.words for f in facts.facts(forward_summary)] == ["time", "distance", "pace", "average heart rate"]


def test_nothing_known_is_no_fact(empty_summary: Summary) -> None:
    assert facts.facts(empty_summary) == []
    assert facts.comparisons(empty_summary) == []
    assert facts.metric_rows(empty_summary, first=True) == []


def test_backward_beside_forward(repeats_summary: Summary) -> None:
    energy, knee = facts.comparisons(repeats_summary)
    part = repeats_summary.by_direction[Direction.BACKWARD]
    assert energy.backward is part["energy_gross_kcal"]
    assert energy.forward is part["energy_gross_forward_kcal"]
    assert "more (" in energy.said
    assert "not measured on you" in energy.said
    assert "The whole session" in energy.said
    assert "less (" in knee.said
    assert "The whole session" not in knee.said  # a peak per step does not add up


def test_without_mass_energy_is_told_per_kilogram(repeats_summary: Summary) -> None:
    part = dict(repeats_summary.by_direction[Direction.BACKWARD])
    part["energy_gross_kcal"] = Estimate.unknown("Your body mass is not known")
    energy = facts.comparisons(replace(repeats_summary, by_direction={Direction.BACKWARD: part}))[0]
    assert energy.backward_figure.unit == "kcal/kg"


def test_bars_are_to_scale_and_keep_their_whiskers(repeats_summary: Summary) -> None:
    energy = facts.comparisons(repeats_summary)[0]
    svg = ET.fromstring(mirrored(energy, "b"))
    forward, backward = (
        next(float(r.get("width", "0")) for r in svg.iter() if r.get("class") == css) for css in ("fw", "bb")
    )
    assert backward / forward == pytest.approx((energy.backward.value or 0) / (energy.forward.value or 1), rel=0.02)
    assert len([p for p in svg.iter() if p.get("class") == "whisker"]) == 2
    label = svg.get("aria-label", "")
    assert energy.forward_figure.text in label
    assert energy.backward_figure.text in label


def test_every_metric_is_in_one_of_the_two_tables(repeats_summary: Summary) -> None:
    both = [name for first in (True, False) for name, _ in facts.metric_rows(repeats_summary, first=first)]
    assert len(both) == len(set(both))
    assert "distance" in both
    assert "backward time" in both


def test_lines(repeats_summary: Summary) -> None:
    said = Declared(629, 637, Direction.BACKWARD, "person")
    reported = {"distance_m": 7253.0, "elapsed_s": 1931.13, "energy_kcal": 439.0}
    recording = replace(repeats_summary.recording, reported=reported)
    summary = replace(repeats_summary, corrections=(said,), recording=recording)
    assert facts.correction_lines(summary) == ["You said: backward from 10:29 to 10:37."]
    assert facts.repair_lines(summary) == ["3 heart rates of zero were taken as missing."]
    assert facts.device_lines(summary) == ["distance 7.25 km", "elapsed 32:11", "energy 439 kcal"]


def test_each_reason_has_one_letter(repeats_summary: Summary) -> None:
    table = facts.metric_rows(repeats_summary, first=True)
    noted = facts.notes(table)
    assert list(noted.values()) == list("abcdefgh"[: len(noted)])
    reasons = {cell.why_unknown for _, cells in table for cell in cells if cell and cell.why_unknown}
    assert set(noted) == reasons
    assert len(noted) >= 1
