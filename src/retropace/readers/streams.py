"""Streams: puts what several tables or sensors hold onto one clock, as a recording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from retropace.errors import UnreadableFile
from retropace.readers.instants import middle, shifted, timeline
from retropace.readers.mend import added_up, mend_motion, mend_track
from retropace.readers.spans import clipped
from retropace.recording import (
    EMPTY_STREAM,
    MOTION_CHANNELS,
    UNNAMED,
    Chosen,
    FloatArray,
    Lap,
    Origin,
    Pause,
    Recording,
    Repair,
    Stream,
)

#: A track in a table of raw motion repeats itself; once a second is enough.
_FASTEST_TRACK_HZ = 5.0
#: Repairs of a table's times.
_TIMES = frozenset({"no_time", "time_jump", "time_backward", "time_repeated", "time_batched"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What one table holds: `moments_s` (n,) [s] in the file's clock, channels of the track and of each raw sensor (n,)."""

    moments_s: FloatArray
    track: Mapping[str, FloatArray] = field(default_factory=dict)
    motion: Mapping[str, Mapping[str, FloatArray]] = field(default_factory=dict)
    absolute: bool = False
    utc_offset: timedelta | None = None
    repairs: tuple[Repair, ...] = ()
    chosen: Chosen = UNNAMED


def whole(
    origin: Origin,
    parts: Sequence[Taken],
    *,
    marks: Sequence[tuple[float, str]] = (),
    pauses: Sequence[tuple[float, float]] = (),
    repairs: Sequence[Repair] = (),
) -> Recording:
    """One recording of all `parts`, which share a clock. `marks` (moment, text) begin laps; `pauses` are (from, to).

    Raises UnreadableFile where no part holds two samples.
    """
    near = middle(np.concatenate([part.moments_s for part in parts])) if parts else 0.0
    found = [repair for part in parts for repair in part.repairs]
    motion, mended = _motion(parts, near)
    track, mended_track = _track(parts, near)
    streams = [*motion.values(), *([track] if len(track) else [])]
    if not streams:
        raise UnreadableFile("The file holds no two samples with a time", file=origin.name, remedy="Export it again.")
    zero_s = min(float(stream.time_s[0]) for stream in streams)
    clock = timeline(near + zero_s, absolute=all(part.absolute for part in parts if part.moments_s.size))
    end_s = max(float(stream.time_s[-1]) for stream in streams) - zero_s
    return Recording(
        origin,
        clock.start,
        utc_offset=next((part.utc_offset for part in parts if part.utc_offset is not None), None),
        track=shifted(track, -zero_s),
        motion={name: shifted(stream, -zero_s) for name, stream in motion.items()},
        laps=_laps([(clock.since(moment), text) for moment, text in marks], end_s),
        pauses=tuple(
            Pause(*span)
            for start, end in pauses
            if (span := clipped(clock.since(start), clock.since(end), end_s)) is not None
        ),
        repairs=added_up([*found, *mended, *mended_track, *repairs]),
        chosen=next((part.chosen for part in parts if part.chosen.of and part.motion), UNNAMED),
    )


def _motion(parts: Sequence[Taken], near: float) -> tuple[dict[str, Stream], list[Repair]]:
    """Each raw sensor once (the first part that holds it whole), and what was mended.

    Sensors of one table share its times, so a time that had to be mended counts once, not once for each sensor.
    """
    motion: dict[str, Stream] = {}
    repairs: list[Repair] = []
    for part in parts:
        mended: list[Repair] = []
        for name, channels in part.motion.items():
            if name not in motion:
                stream, found = mend_motion(*_spoken(part.moments_s - near, channels))
                mended += found
                if len(stream) > 1 and set(stream.channels) == set(MOTION_CHANNELS[name]):
                    motion[name] = stream
                elif len(stream):
                    mended.append(Repair("unknown_part", 1, f"({name} lacks an axis.)"))
        repairs += _once(mended)
    return motion, repairs


def _spoken(moments_s: FloatArray, channels: Mapping[str, FloatArray]) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Without the rows in which a sensor is silent."""
    speaks = np.any([np.isfinite(values) for values in channels.values()], axis=0)
    if speaks.all():
        return moments_s, dict(channels)
    return moments_s[speaks], {key: values[speaks] for key, values in channels.items()}


def _once(repairs: Sequence[Repair]) -> list[Repair]:
    """Of repairs of times, the largest of each kind; all others."""
    worst = {
        repair.kind: repair for repair in sorted(repairs, key=lambda repair: repair.count) if repair.kind in _TIMES
    }
    return [*worst.values(), *(repair for repair in repairs if repair.kind not in _TIMES)]


def _track(parts: Sequence[Taken], near: float) -> tuple[Stream, list[Repair]]:
    """The track of all parts together. Each part is mended first: one sensor's order says nothing of another's."""
    streams, repairs = [], []
    for part in parts:
        if not part.track:
            continue
        stream, mended, _ = mend_track(*_thinned(part.moments_s - near, dict(part.track)))
        repairs += mended
        if len(stream) > 1 and stream.channels:
            streams.append(stream)
    return (_together(streams) if streams else EMPTY_STREAM), repairs


def _thinned(moments_s: FloatArray, channels: dict[str, FloatArray]) -> tuple[FloatArray, dict[str, FloatArray]]:
    """The first row of each second, where there are many more."""
    steps = np.abs(np.diff(moments_s[np.isfinite(moments_s)]))
    if not steps.size or np.median(steps) >= 1 / _FASTEST_TRACK_HZ:
        return moments_s, channels
    begins = np.diff(np.floor(moments_s), prepend=np.nan) != 0
    return moments_s[begins], {key: values[begins] for key, values in channels.items()}


def _together(streams: Sequence[Stream]) -> Stream:
    """All channels at all times; the first stream that holds a channel gives it."""
    if len(streams) == 1:
        return streams[0]
    time_s = np.unique(np.concatenate([np.empty(0), *(stream.time_s for stream in streams)]))
    channels: dict[str, FloatArray] = {}
    for stream in streams:
        at = np.searchsorted(time_s, stream.time_s)
        for key, values in stream.channels.items():
            if key not in channels:
                channels[key] = np.full(time_s.size, np.nan)
                channels[key][at] = values
    return Stream(time_s, channels)


def _laps(marks: Sequence[tuple[float, str]], end_s: float) -> tuple[Lap, ...]:
    """A lap from each mark to the next one or the end."""
    ordered = sorted(mark for mark in marks if np.isfinite(mark[0]))
    ends = [*(at for at, _ in ordered), end_s][1:]
    spans = [clipped(at, end, end_s) for (at, _), end in zip(ordered, ends, strict=True)]
    return tuple(Lap(*span, text or None) for span, (_, text) in zip(spans, ordered, strict=True) if span)
