"""ZWO: a session for Zwift, as free running with words on the screen.

Zwift's paces are shares of the runner's own forward records, which say nothing about running backward: every step is a
free block of its length, and what to do stands in its text. Repeats are written out.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from retropace.quantities import Direction
from retropace.saying import sentence
from retropace.session import Session
from retropace.writers import archive, wording
from retropace.writers.steps import whole_seconds
from retropace.writers.writer import Feature, Options, Writer, Written, degraded, unsupported

if TYPE_CHECKING:
    from lxml.etree import _Element

#: How long a text stays on the screen [s], and how long before a step's end the next one is named.
SHOWN_S, AHEAD_S = 10, 5


def session_file(session: Session, options: Options) -> Written:
    """A workout file of the session, to be done on a treadmill in manual mode."""
    from lxml import etree

    session, rounded = whole_seconds(session)
    root = etree.Element("workout_file")
    for name, text in (("author", "retropace"), ("name", session.name), ("description", _about(session, options))):
        etree.SubElement(root, name).text = text
    etree.SubElement(root, "sportType").text = "run"
    tags = etree.SubElement(root, "tags")
    etree.SubElement(tags, "tag", name="reverse running")
    _blocks(etree.SubElement(root, "workout"), session, options)
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    notes = (*rounded, *_notes(session))
    return Written(f"{archive.slug(session.name)}.zwo", WRITER.media_type, content, notes)


def _about(session: Session, options: Options) -> str:
    care = wording.care(options.limits, treadmill=True) if wording.backward_s(session) else ()
    return "\n".join([wording.extent(session), *wording.session_lines(session, options.system), *care])


def _blocks(workout: "_Element", session: Session, options: Options) -> None:
    from lxml import etree

    following = [*session.steps[1:], None]
    for step, after in zip(session.steps, following, strict=True):
        seconds = int(step.duration_s)
        block = etree.SubElement(workout, "FreeRide", Duration=str(seconds), FlatRoad="1")
        said = sentence(wording.step_line(step, options.system))
        form = f": {wording.posture(step)}" if step.direction == Direction.BACKWARD else ""
        _text(block, 0, said + form, min(SHOWN_S, seconds))
        if after is not None and seconds > SHOWN_S + AHEAD_S:
            _text(block, seconds - AHEAD_S, f"Next: {wording.step_line(after, options.system)}", AHEAD_S)


def _text(block: "_Element", at_s: int, message: str, shown_s: int) -> None:
    from lxml import etree

    etree.SubElement(block, "textevent", timeoffset=str(at_s), message=message, duration=str(shown_s))


def _notes(session: Session) -> Iterator[str]:
    yield "Zwift sets no speed: every step is free running, and its text says what to do."
    if wording.backward_s(session):
        yield "Zwift cannot know that you face backward: set the belt by hand."


WRITER = Writer(
    key="zwo",
    name="Zwift workout",
    suffix=".zwo",
    media_type="application/xml",
    delivery="Put it into Documents/Zwift/Workouts and your Zwift number, then start Zwift.",
    features={
        Feature.REPEATS: degraded("Written out, as Zwift repeats only blocks with a pace."),
        Feature.NAMES: degraded("As text on the screen."),
        Feature.CUES: degraded("One sentence when a backward step begins, the next step named before it."),
        Feature.DIRECTION: degraded("As text on the screen."),
        Feature.TIMES: degraded("Whole seconds; parts of a second are rounded to the safe side."),
        Feature.ROLES: unsupported("Every block is free running."),
        Feature.SPEEDS: degraded("As text; Zwift's paces are shares of forward records and mean nothing backward."),
        Feature.DAYS: degraded("In a list beside the files."),
        Feature.SESSIONS: degraded("A zip with a file for each different session."),
        Feature.WORKOUTS: unsupported("Left out."),
        Feature.REASONS: degraded("Limits stand in the description; reasons and sources are left out."),
    },
    session=session_file,
    programme=partial(archive.package, write=session_file, kind="zwo"),
)
