"""Told: what the person says on the command line about themselves and their recordings, checked."""

from argparse import Namespace
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retropace.correction import WORDS, load_corrections, span
from retropace.errors import UnusableInput
from retropace.person import Person, checked, load_person
from retropace.readers.column_map import Columns, Counts, Wish, at_rate, load_columns
from retropace.readers.rows import number
from retropace.recording import Declared
from retropace.session import Session, load_session

if TYPE_CHECKING:
    from retropace.motion.placement import Placement


#: Counts of 32 bits.
_MOST_COUNTS = 2.0**32


@dataclass(frozen=True, slots=True)
class Told:
    """The person, the session they followed, their corrections, where the sensor was worn; each may be empty."""

    person: Person
    session: Session | None
    corrections: tuple[Declared, ...]
    placement: "Placement | None" = None


def told(options: Namespace) -> Told:
    """What `options` say. Raises UnusableInput naming the option or the field of the file that cannot be used."""
    session = load_session(options.session) if options.session else None
    return Told(_person(options), session, _corrections(options), _placement(options.placement))


def _placement(word: str | None) -> "Placement | None":
    if word is None:
        return None
    from retropace.motion.placement import Placement

    return Placement(word)


def _person(options: Namespace) -> Person:
    person = load_person(options.person) if options.person else Person()
    if options.mass is None:
        return person
    return replace(person, mass_kg=checked("mass_kg", options.mass))


def _corrections(options: Namespace) -> tuple[Declared, ...]:
    """From the file first, then from the options: what stands on the command line is the later word."""
    from_file = load_corrections(options.bouts) if options.bouts else ()
    from_options = [span(text, direction) for word, direction in WORDS.items() for text in getattr(options, word)]
    return (*from_file, *from_options)


def _counts(text: str) -> Counts:
    """How many counts are 1 g and 1 °/s. Raises UnusableInput."""
    numbers = [number(word) for word in text.split(",")]
    if len(numbers) != 2 or not all(0 < one < _MOST_COUNTS for one in numbers):
        what = f"{text!r} does not say how many counts are 1 g and how many 1 °/s"
        raise UnusableInput(what, field="--counts", remedy="Write two numbers and a comma between, as 16384,131.")
    return Counts(*numbers)


def columns_told(options: Namespace) -> Columns | None:
    """What --columns, --rate, --counts, --sensor and --placement say of a table, None where silent. Raises UnusableInput."""
    columns = load_columns(options.columns) if options.columns else None
    if options.rate is not None:
        columns = at_rate(options.rate)
    if options.counts is not None:
        columns = replace(columns or Columns({}), counts=_counts(options.counts))
    if columns is not None and columns.channels and options.sensor is not None:
        what = "The column map says which columns to read already"
        raise UnusableInput(what, field="--sensor", remedy="Leave --sensor out, or the channels in the map.")
    if options.sensor is None and options.placement is None:
        return columns
    return replace(columns or Columns({}), wish=Wish(options.sensor, options.placement))
