"""FIT: activity files of watches, pods and applications, whole, chained, compressed or damaged → `Recording`.

`frames_of` finds the messages, `table` reads them by column, and the modules beside this one turn them into a track
(`fit_track`), raw motion (`fit_motion`) and spans (`fit_spans`). FIT counts the steps of one foot; cadence here counts
both, and only where the sport is on foot. Direction of travel comes from our own developer field alone
(`fit_profile.DIRECTION_APPLICATION_ID`).
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import numpy as np

from retropace.errors import UnreadableFile, UnsupportedFile
from retropace.fit_profile import EPOCH, FILE_TYPES, SIMULATED_PRODUCT_NAME, SMALLEST_CLOCK_TIME
from retropace.readers import fit_spans
from retropace.readers.fit_columns import Messages, messages_of, table
from retropace.readers.fit_frames import Frames, Part
from retropace.readers.fit_motion import motion_samples
from retropace.readers.fit_scan import frames_of
from retropace.readers.fit_track import record_times, track_channels
from retropace.readers.instants import middle, motion_from, shifted, track_from
from retropace.recording import FloatArray, Origin, Recording, Repair, Stream

#: A packed file may not unpack to more than this: a day of three raw sensors at 100 Hz takes 160 MB.
MOST_UNPACKED = 1 << 28
#: Raw motion that lies farther than this [s] from the track was stamped by another clock.
FARTHEST_MOTION_S = 3600.0
#: Nobody marks more laps, or stops more often.
MOST_SPANS = 10_000
_GZIP = b"\x1f\x8b"
_ACTIVITY = 4
_LARGEST_CLOCK_TIME = 0xFFFF_FFFF  # of a FIT time, in 2125; raw motion may say more
_AGAIN = "Copy or export it from the device again."


def sniff(name: str, data: bytes) -> bool:  # noqa: ARG001  # every reader is asked in the same words
    """Whether `data` is a FIT file, or a gzip of one. The name plays no part."""
    if data[:2] == _GZIP:
        try:
            data = zlib.decompressobj(wbits=31).decompress(data[:4096], 64)
        except zlib.error:
            return False
    return data[8:12] == b".FIT"


def decode(data: bytes) -> Messages:
    """Every message of a FIT (or packed FIT) file that the profile knows, by global message number.

    Numbers are in the profile's units (positions in semicircles, times in seconds since 1989-12-31), NaN where the file
    holds "no value". Damaged stretches are left out. Raises UnreadableFile where a packed file is too large.
    """
    return messages_of(frames_of(_unpacked("", data)[0]))


def read(name: str, data: bytes) -> Recording:
    """The recording in a FIT (or packed FIT) file called `name`.

    Raises UnreadableFile where nothing of use is left, UnsupportedFile where it is no recorded activity.
    """
    unpacked, cut = _unpacked(name, data)
    frames = frames_of(unpacked)
    if not frames.parts:
        what = "No FIT header was found in the file" if data else "The file is empty"
        raise UnreadableFile(what, file=name, offset=0, remedy=_AGAIN)
    messages = messages_of(frames)
    _refuse_other_kinds(frames, messages, name)
    sports = fit_spans.sports(messages)
    channels, decided = track_channels(frames, messages, sports)
    streams = _streams(frames, messages, channels)
    if streams is None:
        raise _nothing_left(frames, messages, name)
    stretch = fit_spans.Stretch(streams.zero_s, streams.zero_s + streams.last_s)
    dated = SMALLEST_CLOCK_TIME <= streams.zero_s <= _LARGEST_CLOCK_TIME
    start = EPOCH + timedelta(seconds=streams.zero_s) if dated else None
    undated = [Repair("no_date", 1)] if start is None else []
    return Recording(
        origin=_origin(messages, name),
        start=start,
        utc_offset=fit_spans.utc_offset(messages) if start else None,
        track=streams.track,
        motion=streams.motion,
        laps=tuple(islice(fit_spans.laps(messages, stretch), MOST_SPANS)),
        pauses=tuple(islice(fit_spans.pauses(messages, stretch), MOST_SPANS)),
        sports=tuple(fit_spans.sport_spans(sports, stretch)),
        wearer=fit_spans.wearer(messages),
        reported=fit_spans.reported(messages),
        repairs=(*_file_repairs(frames, cut=cut), *undated, *decided, *streams.repairs),
    )


def _unpacked(name: str, data: bytes) -> tuple[bytes, bool]:
    """The FIT bytes, and whether a gzip around them broke off."""
    if data[:2] != _GZIP:
        return data, False
    unpacker = zlib.decompressobj(wbits=31)
    pieces: list[bytes] = []
    size, waiting = 0, data
    while waiting and not unpacker.eof and size <= MOST_UNPACKED:
        try:
            pieces.append(unpacker.decompress(waiting, 1 << 20))
        except zlib.error:
            return b"".join(pieces), True
        size += len(pieces[-1])
        waiting = unpacker.unconsumed_tail
    if size > MOST_UNPACKED:
        raise UnreadableFile(
            f"The file unpacks to more than {MOST_UNPACKED >> 20} MB",
            file=name or None,
            remedy="Unpack it yourself first.",
        )
    return b"".join(pieces), not unpacker.eof


def _refuse_other_kinds(frames: Frames, messages: Messages, name: str) -> None:
    """Raise UnsupportedFile for workouts, courses, settings and the like; a damaged file is given the benefit of doubt."""
    kinds = table(messages, "file_id").column("type")
    kinds = kinds[np.isfinite(kinds)]
    if not kinds.size or _ACTIVITY in kinds or int(kinds[0]) not in FILE_TYPES:
        return
    if all(part.sound for part in frames.parts) or not len(table(messages, "record")):
        what = f"This is a FIT {FILE_TYPES[int(kinds[0])]}, not a recorded activity"
        raise UnsupportedFile(what, file=name, remedy="Export the activity itself as FIT.")


@dataclass(frozen=True, slots=True)
class _Streams:
    """Track and motion on one clock: `zero_s` is their start, `last_s` the last sample counted from there."""

    track: Stream
    motion: Mapping[str, Stream]
    zero_s: float
    last_s: float
    repairs: list[Repair]


def _streams(frames: Frames, messages: Messages, channels: Mapping[str, FloatArray]) -> _Streams | None:
    """Mended streams; None where neither has a value."""
    times = record_times(table(messages, "record"))
    track, zero_s, repairs = track_from(times, dict(channels))
    if not track.channels:
        track, zero_s = Stream(np.empty(0), {}), np.nan
    samples, mute = motion_samples(frames, messages, times)
    if not len(track):
        zero_s = middle(np.concatenate([*(one.time_s for one in samples.values()), np.empty(0)]))
    motion = {}
    for sensor, one in samples.items():
        stream, mended = motion_from(one.time_s, dict(one.channels), zero_s)
        repairs += mended
        if len(track) and not _near(stream, track):
            repairs.append(Repair("unknown_part", 1, f"The {sensor} was stamped by another clock."))
        elif stream.channels:
            motion[sensor] = stream
    streams = [stream for stream in (track, *motion.values()) if len(stream)]
    if not streams:
        return None
    first = min(float(stream.time_s[0]) for stream in streams)
    last = max(float(stream.time_s[-1]) for stream in streams) - first
    moved = {sensor: shifted(stream, -first) for sensor, stream in motion.items()}
    return _Streams(shifted(track, -first), moved, zero_s + first, last, repairs + mute)


def _near(stream: Stream, track: Stream) -> bool:
    if not len(stream):
        return False
    first, last = track.time_s[0] - FARTHEST_MOTION_S, track.time_s[-1] + FARTHEST_MOTION_S
    return bool(stream.time_s[0] <= last and first <= stream.time_s[-1])


def _nothing_left(frames: Frames, messages: Messages, name: str) -> UnreadableFile:
    broken = next((wound.start for wound in frames.damage), None)
    if len(table(messages, "record")):
        what = "The file's records hold no time, or no value"
    elif len(table(messages, "session")):
        what = "The file holds totals, but no samples over time"
    elif broken is not None:
        what = "The file breaks off, or is damaged, before its first sample"
    else:
        what = "The file holds no samples"
    return UnreadableFile(what, file=name, offset=len(frames.data) if broken is None else broken, remedy=_AGAIN)


def _origin(messages: Messages, name: str) -> Origin:
    simulated = fit_spans.product_name(messages) == SIMULATED_PRODUCT_NAME
    return Origin(name, "fit", device=fit_spans.device(messages), simulated=simulated)


def _file_repairs(frames: Frames, *, cut: bool) -> list[Repair]:
    """What was wrong with the file as such; `cut` says that the gzip around it broke off."""
    repairs = []
    holding = {group.part for group in frames.groups}
    if len(holding) > 1:
        repairs.append(Repair("chained", len(holding)))
    short = [part for part in frames.parts if not part.sound and not _complete(part)]
    if cut or short:
        repairs.append(Repair("truncated", 1, _promise(short[-1]) if short else ""))
    crooked = [wound for wound in frames.damage if not (wound.at_end and (cut or short))]
    if crooked:
        repairs.append(Repair("corrupt", len(crooked), f"The first begins at byte {crooked[0].start}."))
    if not cut and not short and any(not part.sound for part in frames.parts):
        repairs.append(Repair("crc", 1))
    return repairs


def _complete(part: Part) -> bool:
    """Whether all the bytes that the header promises are there."""
    return 0 < part.declared <= part.stop - part.body


def _promise(part: Part) -> str:
    there = part.stop - part.body
    if part.declared == 0:
        return "It was never closed: its header promises nothing."
    return f"Its header promises {part.declared} bytes of data, {there} are there."
