"""Listener: takes raw motion as it comes and keeps what every look says of each second."""

from collections.abc import Mapping, Sequence

import numpy as np

from retropace.motion.frame import Frame, frame
from retropace.motion.heard import NOTHING, Columns, ContactFinder, Contacts, Heard, Look
from retropace.motion.level import Levelled, levelled
from retropace.motion.samples import RATE_HZ, pieces
from retropace.recording import FloatArray, Stream

#: Everything that looks at motion. Each costs about ten milliseconds an hour.
LOOKS: tuple[Look, ...] = ()
#: What finds contacts, by the placement for which it does.
CONTACTS: dict[str, ContactFinder] = {}
#: A whole recording is heard in blocks of this length [s], so that memory does not grow with it.
BLOCK_S = 60


def listen(
    motion: Mapping[str, Stream], looks: Sequence[Look] = LOOKS, finders: Mapping[str, ContactFinder] = CONTACTS
) -> Heard:
    """Everything that the raw streams of a recording say, second by second."""
    rows: list[tuple[FloatArray, FloatArray, Columns]] = []
    found: dict[str, list[Contacts]] = {name: [] for name in finders}
    for number, samples in enumerate(pieces(motion)):
        level = levelled(samples)
        for first_s, count in blocks(level):
            seen = frame(level, first_s, count)
            rows.append((*_clock(first_s, count, number), _looked(seen, looks)))
            for name, finder in finders.items():
                found[name].append(finder(seen))
    if not rows:
        return NOTHING
    times, numbers, columns = zip(*rows, strict=True)
    joined = {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
    contacts = {name: _joined(parts) for name, parts in found.items()}
    return Heard(np.concatenate(times), np.concatenate(numbers), joined, contacts)


def _joined(parts: Sequence[Contacts]) -> Contacts:
    return np.concatenate([initial for initial, _ in parts]), np.concatenate([final for _, final in parts])


def blocks(level: Levelled) -> list[tuple[int, int]]:
    """First second and number of seconds of each block of a piece, whole seconds only."""
    first, last = int(np.ceil(level.start_s)), int(np.floor(level.start_s + len(level) / RATE_HZ))
    return [(start, min(BLOCK_S, last - start)) for start in range(first, last, BLOCK_S)]


def _clock(first_s: int, count: int, number: int) -> tuple[FloatArray, FloatArray]:
    return np.arange(first_s, first_s + count, dtype=float), np.full(count, float(number))


def _looked(seen: Frame, looks: Sequence[Look]) -> Columns:
    columns: Columns = {}
    for look in looks:
        columns |= look(seen)
    return columns
