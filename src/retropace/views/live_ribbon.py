"""Live ribbon: the session as the coach shows it: every piece a block of its own, time strictly linear over the width."""

from collections.abc import Iterator

from retropace.guide import Guide
from retropace.pieces import Piece
from retropace.views import drawing

#: The box of the drawing [px]: the screen stretches it to its own width, so only proportions count.
WIDTH_PX, HEIGHT_PX = 390.0, 84.0
#: Where the line stands [px], and how far from it the tallest block may reach.
_LINE_PX, _REACH_PX = 40.0, 34.0
#: Share of the reach: running is tall and walking low, so that both are told apart from two metres away.
_SHARES = {"run": 0.9, "reverse_run": 1.0, "reverse_walk": 0.55}
_WALKING = 0.5
_STANDING = frozenset({"stand", "other", "turn", "stop"})
#: No block is narrower [px], however long the session.
_NARROWEST_PX = 1.2


def live_ribbon(made: Guide, *, label: str) -> str:
    """The pieces of `made` as an SVG element that may be stretched; x runs from 0 at its start to its end.

    Each block carries its place among the pieces as data-piece, so that a page can show what is done, now and to come.
    `label` is read out in place of the picture.
    """
    groups: dict[str, list[str]] = {"lr-run": [], "lr-walk": [], "lr-back": [], "lr-stand": []}
    for kind, block in _blocks(made.pieces):
        groups[kind].append(block)
    box = f'viewBox="0 0 {drawing.short(WIDTH_PX)} {drawing.short(HEIGHT_PX)}" preserveAspectRatio="none"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} class="lr" role="img" aria-label="{drawing.escaped(label)}">'
    body = "".join(
        f'<g class="{kind}"{_FILL if kind == "lr-back" else ""}>{"".join(blocks)}</g>'
        for kind, blocks in groups.items()
        if blocks
    )
    line = drawing.path(drawing.level(0, WIDTH_PX, _LINE_PX), "lr-line")
    return f"{head}<defs>{drawing.hatch('lrh')}</defs>{body}{line}</svg>"


_FILL = ' fill="url(#lrh)"'


def _blocks(pieces: tuple[Piece, ...]) -> Iterator[tuple[str, str]]:
    """Kind and path of each piece."""
    whole_s = pieces[-1].end_s if pieces else 1.0
    per_s = WIDTH_PX / whole_s
    for number, piece in enumerate(pieces):
        wide = max(_NARROWEST_PX, piece.duration_s * per_s)
        x = min(piece.start_s * per_s, WIDTH_PX - wide)
        yield _kind(piece), f'<path data-piece="{number}" d="{_outline(piece, x, wide)}"/>'


def _kind(piece: Piece) -> str:
    if piece.backward:
        return "lr-back"
    if piece.doing in _STANDING:
        return "lr-stand"
    return "lr-run" if piece.doing == "run" else "lr-walk"


def _outline(piece: Piece, x: float, wide: float) -> str:
    """A block on its side of the line; who stands has only a stroke on it."""
    if piece.doing in _STANDING:
        return drawing.level(x, x + wide, _LINE_PX)
    tall = _REACH_PX * _SHARES.get(piece.doing, _WALKING) * (1 if piece.backward else -1)
    across, down = drawing.short(wide), drawing.short(tall)
    return f"M{drawing.short(x)} {drawing.short(_LINE_PX)}v{down}h{across}v{drawing.short(-tall)}"
