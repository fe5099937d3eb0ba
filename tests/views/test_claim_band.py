"""The bands of claims: every one that is written can be drawn, and none is made up."""

import re
from typing import Any

import pytest
from lxml import etree

from retropace.claims import Claim, claims
from retropace.views.claim_band import band_of, band_svg, split

WITH_BAND = [claim for claim in claims() if re.search(r"\([^)]*\d+(?:–| to )[−\d][^)]*\)", claim.number)]


def test_several_claims_have_a_band() -> None:
    assert len(WITH_BAND) >= 6


@pytest.mark.parametrize("claim", WITH_BAND, ids=lambda claim: claim.key)
def test_every_band_is_drawn_as_it_is_written(claim: Claim) -> None:
    band = band_of(claim.number)
    assert band is not None
    for figure in (band.low, band.value, band.high):
        assert f"{abs(figure):g}" in claim.number or f"{abs(figure):.2f}" in claim.number
    svg: Any = etree.fromstring(band_svg(band, label=claim.number, neutral_words="no difference"))
    assert svg.get("aria-label") == claim.number


@pytest.mark.parametrize("claim", [c for c in claims() if c not in WITH_BAND], ids=lambda claim: claim.key)
def test_no_band_is_made_up(claim: Claim) -> None:
    assert band_of(claim.number) is None


def test_less_lies_left_of_no_difference_and_more_right() -> None:
    less, more = band_of("24 % less (10–35 %)"), band_of("× 1.30 (1.15–1.45)")
    assert less is not None
    assert more is not None
    assert less.high < less.neutral
    assert more.neutral < more.low


def test_a_band_round_no_difference_crosses_its_line() -> None:
    svg = band_svg(band_of("× 1.00 (0.90–1.10)"), label="", neutral_words="same")  # type: ignore[arg-type]
    tree: Any = etree.fromstring(svg)
    (box,) = tree.xpath("//*[@class='bandb']")
    left, right = float(box.get("x")), float(box.get("x")) + float(box.get("width"))
    (line,) = tree.xpath("//*[@class='line']")
    assert left < float(line.get("d")[1:].split(" ")[0]) < right


@pytest.mark.parametrize("claim", [c for c in claims() if c.number], ids=lambda claim: claim.key)
def test_a_number_loses_nothing_when_it_is_split(claim: Claim) -> None:
    large, quiet = split(claim.number)
    assert " ".join(part for part in (large, quiet) if part) == claim.number
    assert large
