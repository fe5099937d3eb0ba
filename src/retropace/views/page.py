"""Page: the report of one recording as a single HTML file that needs no network, no script and no other file."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

from retropace import __version__
from retropace.quantities import Direction, System
from retropace.sources import Source, bibliography
from retropace.summary import Summary
from retropace.views import charts, drawing, facts, rows, story
from retropace.views.bars import mirrored
from retropace.views.document import SCHEMA
from retropace.views.figures import inside, moment
from retropace.views.palette import DARK, LIGHT, PAPER, declarations
from retropace.views.ribbon import strand_of, thumbnail
from retropace.views.track import HIDE_RADIUS_M, Track, track
from retropace.views.verdicts import asked, sign
from retropace.views.worn import worn_line

if TYPE_CHECKING:
    from markupsafe import Markup

#: Drawing widths [px]: a phone of 390 px with its margins, and everything wider. Both are in the page, one is shown.
PHONE_PX, WIDE_PX = 350.0, 600.0
#: Rows in the first table and in the complete one; more are folded.
_MOST_TELLING, _MOST_UNKNOWN, _MOST_ALL = 24, 6, 200


@dataclass(frozen=True, slots=True)
class Mark:
    """The quiet mark beside a number: where it leads, what is in it, and what is read out."""

    first: int
    numbers: str
    words: str


def _spans(ordered: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as ranges: 1, 3, 4, 5 → (1, 1), (3, 5)."""
    spans: list[tuple[int, int]] = []
    for number in ordered:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans


@dataclass(slots=True)
class Citations:
    """Sources in the order they are first cited on the page; `numbers` by key."""

    numbers: dict[str, int] = field(default_factory=dict)

    def mark(self, keys: Sequence[str]) -> Mark | None:
        """One mark for all sources of a number; sources cited for the first time get the next numbers."""
        if not keys:
            return None
        cited = sorted(self.numbers.setdefault(key, len(self.numbers) + 1) for key in keys)
        joined = ",".join(f"{a}–{b}" if b > a else f"{a}" for a, b in _spans(cited))
        words = f"source {joined}" if len(cited) == 1 else f"sources {joined}"
        return Mark(cited[0], joined, words)

    def listed(self) -> list[tuple[int, Source]]:
        """Every source cited so far."""
        return [(number, bibliography()[key]) for key, number in self.numbers.items()]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure in both widths and the numbers under its cursor, as JSON."""

    phone: str
    wide: str
    readings: str


def html_report(
    summary: Summary,
    *,
    system: System = "metric",
    hide_radius_m: float = HIDE_RADIUS_M,
    home: tuple[float, float] | None = None,
) -> str:
    """The report as HTML text. It loads nothing, and runs no script but its own (named by checksum in its policy).

    The track is hidden within about `hide_radius_m` of `home`, of start and end where home is not known; 0 shows all of it.
    """
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("retropace", "views"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "notes": facts.notes,
        "svg": Markup,
        "sentence": _sentence,
        "unbroken": _unbroken,
        "full_stop": _full_stop,
        "source": source_words,
    }
    citations = Citations()
    style, script = _style(), _asset("report.js")
    parts = _parts(summary, system, _Hidden(hide_radius_m, home))
    return environment.get_template("report.html").render(
        **parts,
        cite=citations.mark,
        citations=citations,
        style=Markup(style),  # noqa: S704 - our own file, no outside words in it
        script=Markup(script),  # noqa: S704 - likewise
        style_hash=_checksum(style),
        script_hash=_checksum(script),
    )


def _asset(name: str) -> str:
    return resources.files("retropace.views").joinpath(name).read_text(encoding="utf-8")


def _style() -> str:
    dark = declarations(DARK)
    return (
        f":root{{color-scheme:light dark;{declarations(LIGHT)}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
        f"{drawing.stylesheet()}{_asset('report.css')}"
        f"@media print{{:root:root:root{{color-scheme:light;{declarations(PAPER)}}}}}"
    )


def _checksum(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What is not drawn of the track."""

    radius_m: float
    home: tuple[float, float] | None


def _parts(summary: Summary, system: System, hidden: _Hidden) -> dict[str, Any]:
    frame = charts.frame_of(summary)
    telling = rows.telling(summary)
    backward = Direction.BACKWARD in summary.by_direction
    zoom = story.zoom_span(summary)
    return {
        "title": story.headline(summary),
        "occasion": story.occasion(summary),
        "zone": story.zone(summary),
        "place": story.where(summary),
        "simulated": summary.recording.origin.simulated,
        "facts": facts.facts(summary, system),
        "overview": _overview(frame, zoom),
        "main": _figure(frame.between(*zoom) if zoom else frame, system, "m"),
        "whole": _figure(frame, system, "w", speed=True) if zoom else None,
        "legend": _legend(frame),
        "tracks": _tracks(summary, hidden, system),
        "bars": [(c, mirrored(c, f"b{i}")) for i, c in enumerate(facts.comparisons(summary, system))],
        "telling": rows.rows(summary, system, telling, _MOST_TELLING if backward else _MOST_UNKNOWN) if telling else [],
        "telling_title": "Backward stretches, and how we know" if backward else "Which way is unknown here, and why",
        "stretches": rows.rows(summary, system, most=rows.MOST_ROWS if not telling else _MOST_ALL),
        "count": len(summary.bouts),
        "witnesses": story.witness_lines(story.all_bouts(summary)),
        "numbers": facts.metric_rows(summary, system, first=True),
        "more": facts.metric_rows(summary, system, first=False),
        "has_backward": backward,
        "worn": worn_line(summary),
        "unknowns": summary.unknowns,
        "repairs": facts.repair_lines(summary),
        "corrections": facts.correction_lines(summary),
        "device": facts.device_lines(summary, system),
        "statements": [(sign(c.verdict), c) for c in asked()] if backward else [],
        "origin": summary.recording.origin,
        "brand": f'<svg width="22" height="18" viewBox="0 0 22 18" aria-hidden="true">{drawing.brand(0, 0)}</svg>',
        "version": __version__,
        "schema": SCHEMA,
    }


def _sentence(words: str) -> str:
    """Words after a colon: "the watch does not measure it."."""
    return _full_stop(inside(words))


def _unbroken(words: str) -> "Markup":
    """Words in which no short bracket is broken over two lines."""
    from markupsafe import Markup, escape

    parts = re.split(r"(\([^()]{1,32}\))", words)
    return Markup("").join(
        Markup('<span class="nw">{}</span>').format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def _full_stop(words: str) -> str:
    return words if words.endswith((".", "?")) else f"{words}."


def _overview(frame: charts.Frame, zoom: tuple[float, float] | None) -> tuple[str, str] | None:
    if zoom is None:
        return None
    words = f"The whole recording; framed: {moment(zoom[0])} to {moment(zoom[1])}, drawn larger below."
    sizes = ((PHONE_PX, "op"), (WIDE_PX, "ow"))
    phone, wide = (
        thumbnail(frame.grid, frame.bouts, label=words, width=width, selected_s=zoom, name=name)
        for width, name in sizes
    )
    return phone, wide


def _figure(frame: charts.Frame, system: System, name: str, *, speed: bool = False) -> Drawn:
    label = story.ribbon_label(len(frame.grid), frame.bouts)
    phone, wide = (
        charts.figure(frame, label=label, width=width, name=f"{name}{int(width)}", system=system, speed=speed)
        for width in (PHONE_PX, WIDE_PX)
    )
    return Drawn(
        phone, wide, json.dumps(charts.cursor(frame, (PHONE_PX, WIDE_PX), system, speed=speed), separators=(",", ":"))
    )


def _legend(frame: charts.Frame) -> list[str]:
    """Sentences for the shapes that need one, only for those that are there."""
    bouts = frame.bouts
    said = []
    if any(bout.assumed for bout in bouts):
        said.append("Pale with a dashed edge: forward, assumed.")
    if story.in_doubt(bouts):
        said.append("Dashed outline to both sides: unknown which way.")
    if any(strand_of(bout) == "other" for bout in bouts):
        said.append("Dots on the line: sideways, or another sport.")
    return said


def _tracks(summary: Summary, hidden: _Hidden, system: System) -> tuple[str | None, str | None, str]:
    def drawn(width: float, name: str) -> Track:
        bouts, radius_m = story.all_bouts(summary), hidden.radius_m
        return track(
            summary.grid, bouts, width=width, hide_radius_m=radius_m, home=hidden.home, system=system, name=name
        )

    phone, wide = drawn(PHONE_PX, "kp"), drawn(340.0, "kw")
    return phone.svg, wide.svg, wide.words


def source_words(source: Source) -> str:
    """A source in one line of running text: who, when, what, where, on whom."""
    if source.key in ("device", "design"):
        return f"{source.authors}: {inside(source.title)}."
    read = "" if source.seen else " Not read by us."
    people = f"{source.population[:1].upper()}{source.population[1:]}" + (f", n = {source.n}" if source.n else "")
    return f"{source.authors} ({source.year}). {source.title}. {source.venue}. {people}.{read}"
