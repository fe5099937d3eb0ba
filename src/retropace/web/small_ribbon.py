"""Small ribbon: a session in a list, drawn from its digest: one block a bout, forward above the line, backward below."""

from collections.abc import Sequence

from retropace.bout import Bout
from retropace.digest import Digest, Stretch
from retropace.quantities import Direction, Gait
from retropace.views import drawing
from retropace.views.ribbon import NOMINAL_MPS, strand_of
from retropace.views.story import ribbon_label

#: The patterns that every small ribbon of a page shares; `patterns_svg` must stand on the page before them.
HATCH, DOTS = "small-hatch", "small-dots"
#: The scale shows at least this much [m/s] above the line and below it.
_LEAST_UP_MPS, _LEAST_DOWN_MPS = 1.6, 0.8
#: Half height [px] of what has no speed along facing, and of what is unknown.
_OTHER_PX, _UNKNOWN_PX = 4.0, 6.0
#: Narrower blocks [px] are drawn together with their neighbour of the same kind, or as wide as this.
_LEAST_PX = 0.8


def patterns_svg() -> str:
    """The patterns alone, taking no room."""
    return (
        '<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{drawing.hatch(HATCH, 3.6, 1.2)}{drawing.dots(DOTS)}</defs></svg>"
    )


def small_ribbon(found: Digest, width: float = 350, height: float = 44) -> str:
    """The session as an SVG element; what is forward by assumption only is pale."""
    bouts = [_bout(stretch) for stretch in found.stretches]
    if not bouts:
        return ""
    speeds = [NOMINAL_MPS if stretch.speed_mps is None else stretch.speed_mps for stretch in found.stretches]
    zero, px_per_mps = _scale(bouts, speeds, height)
    start_s, length_s = bouts[0].start_s, max(bouts[-1].end_s - bouts[0].start_s, 1.0)
    per_s = (width - 2) / length_s
    marks = []
    for bout, speed in zip(bouts, speeds, strict=True):
        x = 1 + (bout.start_s - start_s) * per_s
        marks.append(_block(bout, x, max(bout.duration_s * per_s, _LEAST_PX), speed * px_per_mps, zero))
    line = drawing.path(drawing.level(1, width - 1, zero), "line")
    return drawing.image(width, height, ribbon_label(found.duration_s, bouts), ["".join(marks), line])


def _bout(stretch: Stretch) -> Bout:
    known_by = ("assumed",) if stretch.assumed else ()
    return Bout(stretch.start_s, stretch.end_s, stretch.gait, stretch.direction, 1.0, known_by)


def _scale(bouts: Sequence[Bout], speeds: Sequence[float], height: float) -> tuple[float, float]:
    """Where the line stands, and pixels per metre a second: one scale on both sides."""
    up = max((s for b, s in zip(bouts, speeds, strict=True) if b.direction is not Direction.BACKWARD), default=0.0)
    down = max((s for b, s in zip(bouts, speeds, strict=True) if b.direction is Direction.BACKWARD), default=0.0)
    up, down = max(up, _LEAST_UP_MPS), max(down, _LEAST_DOWN_MPS)
    px_per_mps = (height - 4) / (up + down)
    return 2 + up * px_per_mps, px_per_mps


def _block(bout: Bout, x: float, width: float, tall: float, zero: float) -> str:
    strand = strand_of(bout)
    if strand == "standing":
        return drawing.path(drawing.level(x, x + width, zero), "st") if width > 3 * _LEAST_PX else ""
    if strand == "other":
        return drawing.rectangle(x, zero - _OTHER_PX, width, 2 * _OTHER_PX, "se", f"url(#{DOTS})")
    if strand == "unknown":
        return drawing.rectangle(x, zero - max(tall, _UNKNOWN_PX), width, max(tall, _UNKNOWN_PX) + _UNKNOWN_PX, "un")
    if bout.direction is Direction.BACKWARD:
        faint = "bw" if bout.gait is Gait.WALK else ""
        hatched = drawing.rectangle(x, zero, width, tall, faint, f"url(#{HATCH})")
        return hatched + drawing.rectangle(x, zero, width, tall, "be")
    fill, edge = ("fp", "fa") if bout.assumed else ("fw" if bout.gait is Gait.WALK else "fr", "fe")
    top = drawing.path(drawing.level(x, x + width, zero - tall), edge)
    return drawing.rectangle(x, zero - tall, width, tall, fill) + top
