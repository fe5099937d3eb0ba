"""Rows: every bout, or every kind of bout, with how it is known."""

from dataclasses import replace

from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.summary import BoutSummary, Summary
from retropace.views.rows import rows, telling


def test_repeats_are_numbered_and_doubt_has_no_figure(repeats_summary: Summary) -> None:
    found = rows(repeats_summary, items=telling(repeats_summary))
    assert [row.mark for row in found] == ["1", "2", "3", "4", "5", "?", "5", "6"]
    doubt = found[5]
    assert (doubt.direction, doubt.speed, doubt.blocks, doubt.surely) == ("which way?", "", 0, "unknown")
    assert "phone was in the hand" in doubt.how
    assert found[0].speed.endswith("m/s")
    assert found[0].span == "5:00–5:20"
    assert (found[0].squares, found[1].squares) == ("▮▮▮▯", "▮▮▮▮")


def test_many_are_folded_by_kind_and_none_is_lost(repeats_summary: Summary, month_summary: Summary) -> None:
    assert [row.mark for row in rows(month_summary)] == ["31 ×"] * 3
    folded = rows(repeats_summary)
    count = sum(int(row.mark.removesuffix(" ×")) if row.mark.endswith("×") else 1 for row in folded)
    assert count == len(repeats_summary.bouts)
    assert folded[0].length == "1:00 to 5:00"
    assert folded[0].surely == "sure, 98–99 %"


def test_few_are_listed_one_by_one(forward_summary: Summary) -> None:
    standing, running = rows(forward_summary)
    assert (standing.direction, standing.blocks, standing.surely) == ("standing", None, "")
    assert (running.how, running.surely, running.squares) == ("assumed", "assumed", "▯▯▯▯")


def test_other_sports_are_named_and_not_doubted(forward_summary: Summary) -> None:
    ride = Bout(0, 60, Gait.OTHER, Direction.UNKNOWN, 1.0, ("sport",), "another sport")
    summary = replace(forward_summary, bouts=(BoutSummary(ride, {}),))
    (row,) = rows(summary)
    assert (row.direction, row.mark, row.blocks) == ("other sport", "", None)
    assert telling(summary) == []


def test_speeds_in_the_readers_units(forward_summary: Summary) -> None:
    assert rows(forward_summary, "imperial")[1].speed.endswith("mph")
