"""Bars: the same way forward and backward, mirrored at a line, each with its band as a whisker."""

from retropace.estimate import Estimate
from retropace.views import drawing
from retropace.views.facts import Comparison

_WIDTH, _BAR, _GAP = 306.0, 26.0, 2.0
_LINE = 36.0


def mirrored(comparison: Comparison, name: str, width: float = _WIDTH) -> str:
    """Two bars as an SVG element: forward above the line, backward below it and hatched."""
    high = max(e.high or 0.0 for e in (comparison.forward, comparison.backward))
    scale = (width - 12) / high if high > 0 else 0.0
    forward, backward = ((e.value or 0.0) * scale for e in (comparison.forward, comparison.backward))
    above, below = _LINE - _GAP - _BAR, _LINE + _GAP
    marks = [
        f"<defs>{drawing.hatch(f'{name}h')}</defs>",
        drawing.rectangle(0, above, forward, _BAR, "fw", radius=2),
        drawing.path(f"M0 {drawing.short(above)}H{drawing.short(forward)}", "fe"),
        drawing.rectangle(0, below, backward, _BAR, "bb", f"url(#{name}h)", radius=2),
        _whisker(comparison.forward, above + _BAR / 2, scale),
        _whisker(comparison.backward, below + _BAR / 2, scale),
        drawing.path(drawing.level(0, width, _LINE), "line"),
    ]
    label = f"Forward {comparison.forward_figure.text}; backward {comparison.backward_figure.text}"
    return drawing.image(width, 2 * _LINE, label, marks)


def _whisker(estimate: Estimate, y: float, scale: float) -> str:
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return ""
    ends = [drawing.short(edge * scale) for edge in (estimate.low, estimate.high)]
    middle, top = drawing.short(y), drawing.short(y - 5)
    return drawing.path(f"M{ends[0]} {middle}H{ends[1]}M{ends[0]} {top}v10M{ends[1]} {top}v10", "whisker")
