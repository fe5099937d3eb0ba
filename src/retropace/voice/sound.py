"""Sound: cues as samples, put together for a loudspeaker, each at its own time."""

from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from retropace.voice.clips import sprite, table
from retropace.voice.tones import Note, tones

#: Samples per second, those of the recorded voice.
RATE = 24_000
#: Two channels of samples from -1 to 1, (n, 2).
Samples = NDArray[np.float32]
#: A note comes and goes within this time [s]: sharp to the ear, without a click.
_RAMP_S = 0.003
#: Where clock and stream differ by more than this [s], the stream is told the time anew.
_MOVED_S = 0.1
#: Square notes are as loud as others at this share of their height.
_SHARES = {"square": 0.6, "triangle": 1.0, "sine": 1.0, "sawtooth": 0.7}


def tone_sound(name: str) -> Samples:
    """The notes of a tone; the lower and the higher side each on its own channel."""
    found = np.zeros((round(tones()[name].lasts_s * RATE) + 1, 2), dtype=np.float32)
    for note in tones()[name].notes:
        begins = round(note.at_s * RATE)
        wave = _note(note)
        for channel, share in enumerate((min(1.0, 1 - note.pan), min(1.0, 1 + note.pan))):
            found[begins : begins + wave.size, channel] += share * wave
    return found


def _note(note: Note) -> NDArray[np.float32]:
    at_s = np.arange(round(note.lasts_s * RATE)) / RATE
    turns = note.hz * at_s % 1.0
    shape = {
        "sine": np.sin(2 * np.pi * turns),
        "square": np.where(turns < 0.5, 1.0, -1.0),
        "triangle": 1 - 4 * np.abs((turns + 0.25) % 1.0 - 0.5),
        "sawtooth": 2 * turns - 1,
    }[note.shape]
    ramp = np.clip(np.minimum(at_s, note.lasts_s - at_s) / _RAMP_S, 0, 1)
    return np.asarray(note.level * _SHARES[note.shape] * ramp * shape, dtype=np.float32)


def words_sound(clips: Sequence[str]) -> Samples:
    """The clips one right after the other; those that there are not are left out."""
    pieces = [np.zeros(0, dtype=np.float32)]
    for offset_s, lasts_s in (table()[clip] for clip in clips if clip in table()):
        first = round(offset_s * RATE)
        pieces.append(_recorded()[first : first + round(lasts_s * RATE)])
    return np.repeat(np.concatenate(pieces)[:, None], 2, axis=1)


def cue_sound(cue: Mapping[str, object]) -> Samples:
    """A cue of `voiced`: its tone, then its words."""
    clips, tone = cue["clips"], cue["tone"]
    words = words_sound(clips if isinstance(clips, list) else [])
    if not isinstance(tone, str):
        return words
    return both(tone_sound(tone), words, round(tones()[tone].after_s * RATE))


def both(one: Samples, other: Samples, later: int) -> Samples:
    """Two sounds in one, the other `later` samples after the one."""
    found = np.zeros((max(len(one), later + len(other)), 2), dtype=np.float32)
    found[: len(one)] += one
    found[later : later + len(other)] += other
    return found


@cache
def _recorded() -> NDArray[np.float32]:
    """The whole recording, decoded."""
    import miniaudio  # only who plays it needs it

    found = miniaudio.decode(sprite(), miniaudio.SampleFormat.FLOAT32, nchannels=1, sample_rate=RATE)
    return np.asarray(found.samples, dtype=np.float32)


class Mixer:
    """Sounds placed on a clock, given out block by block as a loudspeaker asks for them, from another thread."""

    def __init__(self) -> None:
        self._placed: list[tuple[float, Samples]] = []
        self._next_s: float | None = None
        self._lock = Lock()

    def place(self, at_s: float, sound: Samples) -> None:
        """Have `sound` heard from `at_s` of the clock on."""
        with self._lock:
            self._placed.append((at_s, sound))

    def hush(self) -> None:
        """Take back everything, also what sounds just now."""
        with self._lock:
            self._placed.clear()

    def block(self, now_s: float, frames: int) -> bytes:
        """The next `frames` as 16-bit samples of both channels; they are heard from `now_s` on, or right after the last.

        A stream that is asked a little early or late goes on evenly; one that was away is told the time anew.
        """
        if self._next_s is None or abs(self._next_s - now_s) > _MOVED_S:
            self._next_s = now_s
        begins_s, self._next_s = self._next_s, self._next_s + frames / RATE
        found = np.zeros((frames, 2), dtype=np.float32)
        with self._lock:
            self._placed = [(at_s, sound) for at_s, sound in self._placed if at_s + len(sound) / RATE > begins_s]
            for at_s, sound in self._placed:
                _add(found, sound, round((at_s - begins_s) * RATE))
        return np.asarray(np.clip(found, -1, 1) * 32767, dtype="<i2").tobytes()


def _add(block: Samples, sound: Samples, at: int) -> None:
    """Add what of `sound`, which begins at frame `at`, falls into `block`."""
    first, last = max(0, at), min(len(block), at + len(sound))
    if first < last:
        block[first:last] += sound[first - at : last - at]
