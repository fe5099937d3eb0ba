"""Claim band: the number of a claim with its band, against the line where there would be no difference."""

import re
from dataclasses import dataclass

from retropace.views import drawing

_NUMBER = r"[−-]?\d+(?:\.\d+)?"
#: A number with its band in brackets, as the claims write it: "× 1.30 (1.15–1.45)", "−0.99 (−1.61 to −0.37) points".
_BANDED = re.compile(
    rf"(?P<value>{_NUMBER})(?P<unit>[^()]*?)\((?P<low>{_NUMBER})\s*(?:–|to)\s*(?P<high>{_NUMBER})[^)]*\)"
)
_HEIGHT, _MIDDLE, _BAR = 46.0, 16.0, 14.0


@dataclass(frozen=True, slots=True)
class Band:
    """A number with its band; `neutral` is where there would be no difference: 1 for a ratio, else 0. Less is negative."""

    value: float
    low: float
    high: float
    neutral: float


def band_of(number: str) -> Band | None:
    """The band in a claim's number; None where it has none.

    >>> band_of("× 1.30 (1.15–1.45)")
    Band(value=1.3, low=1.15, high=1.45, neutral=1.0)
    >>> band_of("−0.99 (−1.61 to −0.37) points of sway index").neutral, band_of("168 ± 11 against 146 ± 7")
    (0.0, None)
    >>> band_of("24 % less (10–35 %)")
    Band(value=-24.0, low=-35.0, high=-10.0, neutral=0.0)
    """
    found = _BANDED.search(number)
    if found is None:
        return None
    value, low, high = (float(found[name].replace("−", "-")) for name in ("value", "low", "high"))
    if not low <= value <= high:
        return None
    if "less" in found["unit"]:  # less is to the left of no difference
        value, low, high = -value, -high, -low
    ratio = number.lstrip().startswith("×") or "of your" in number
    return Band(value, low, high, 1.0 if ratio else 0.0)


def split(number: str) -> tuple[str, str]:
    """A claim's number as what stands large and what stands quietly after it.

    >>> split("× 1.30 (1.15–1.45)"), split("15.7 against 13.2 m/s² forward"), split("+ 10 % (standard error 3 %)")
    (('× 1.30', '(1.15–1.45)'), ('15.7', 'against 13.2 m/s² forward'), ('+ 10 %', '(standard error 3 %)'))
    """
    cut = min((at for sign in (" (", " against ") if (at := number.find(sign)) > 0), default=len(number))
    return number[:cut], number[cut + 1 :]


def band_svg(band: Band, *, label: str, neutral_words: str, width: float = 318.0) -> str:
    """The band on a line, as an SVG element read out as `label`; `neutral_words` stand where there is no difference."""
    ends = (band.low, band.high, band.neutral)
    margin = 0.12 * (max(ends) - min(ends))
    low, high = min(ends) - margin, max(ends) + margin

    def x(value: float) -> float:
        return 4 + (value - low) / (high - low) * (width - 8)

    left, right, neutral = x(band.low), x(band.high), x(band.neutral)
    top = _MIDDLE - _BAR / 2
    anchor = "start" if neutral < width / 3 else "end" if neutral > 2 * width / 3 else "middle"
    ends_path = "".join(f"M{drawing.short(edge)} {drawing.short(top)}v{_BAR:g}" for edge in (left, right))
    marks = [
        drawing.path(drawing.level(0, width, _MIDDLE), "grid"),
        drawing.rectangle(left, top, right - left, _BAR, "bandb", radius=3),
        drawing.path(ends_path, "be"),
        drawing.path(f"M{drawing.short(neutral)} 2V{drawing.short(_MIDDLE + 14)}", "line"),
        f'<circle cx="{drawing.short(x(band.value))}" cy="{_MIDDLE:g}" r="5.5" class="brandb"/>',
        drawing.text(neutral + {"start": -3, "end": 3}.get(anchor, 0), _HEIGHT - 2, neutral_words, "lab", anchor),
    ]
    return drawing.image(width, _HEIGHT, label, marks, "claim-band")
