"""Palette: text can be read on every ground, light and dark and on paper."""

import pytest

from retropace.claims import claims
from retropace.sources import Verdict
from retropace.views import drawing
from retropace.views.palette import DARK, LIGHT, PAPER, SUN, declarations, resolved
from retropace.views.verdicts import SIGNS, asked, sign


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK, PAPER, SUN], ids=["light", "dark", "paper", "sun"])
@pytest.mark.parametrize("words", ["ink", "quiet", "fwd", "back", "side", "stop"])
@pytest.mark.parametrize("ground", ["ground", "surface", "sunk"])
def test_text_reaches_its_contrast(palette: dict[str, str], words: str, ground: str) -> None:
    assert contrast(palette[words], palette[ground]) >= 4.5


def test_palettes_hold_the_same_names() -> None:
    assert LIGHT.keys() == DARK.keys() == PAPER.keys() == SUN.keys()
    assert declarations(LIGHT).count("--") == len(LIGHT)


def test_every_colour_of_the_drawings_is_in_the_palette() -> None:
    assert "var(" not in resolved(drawing.stylesheet(), LIGHT)
    assert "#" not in drawing.stylesheet().replace("url(#", "")


def test_verdicts_differ_in_shape() -> None:
    assert len(set(SIGNS.values())) == len(Verdict) == len({sign(v) for v in Verdict})


def test_the_claims_asked_about() -> None:
    topics = {claim.topic for claim in asked()}
    assert topics == {"muscle", "balance", "posture"}
    assert set(asked()) <= set(claims())
