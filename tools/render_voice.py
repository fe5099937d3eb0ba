#!/usr/bin/env python3
"""Renders the coach's voice: every clip of clips-en.toml into one MP3, and the table of where each lies in it.

Only who changes the words needs this: both files are kept with the code. It wants festival, festvox-us-slt-hts, sox and
lame (apt-get install). The same words give the same bytes.
"""

import datetime as dt
import json
import math
import subprocess
import sys
import tempfile
import tomllib
import wave
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import miniaudio
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "src"))

from retropace.cues import said_s  # noqa: E402  found beside this folder, installed or not
from retropace.rules import rules_on  # noqa: E402
from retropace.texts import length, texts  # noqa: E402
from retropace.voice.clips import clips_of  # noqa: E402

Sound = NDArray[np.float64]
FOLDER = HERE.parent / "src" / "retropace" / "voice"
RATE = 24_000
#: Silence before the first clip, and between two, so that nothing of one is heard in the other [s].
LEAD_S, GAP_S = 0.1, 0.06
#: A breath that belongs to a clip where its time allows, so that the next one does not stumble over it [s].
BREATH_S = 0.05
#: The least that stays free of a clip's time [s]: tables are rounded.
SPARE_S = 0.002
#: A clip begins and ends where it is this loud [ratio to its peak]; so much before and after it fades [s].
EDGE, FADE_S = 0.02, 0.0015
#: How loud all clips are alike, and the highest sample [ratio to full scale].
LOUD, PEAK = 0.15, 0.89
#: Outdoors low tones are lost and consonants count: what lies below a voice goes, what makes words clear is lifted.
CLEARER = (
    *("highpass", "110", "equalizer", "2800", "1.2q", "4", "treble", "8", "1800"),
    *("compand", "0.005,0.08", "6:-50,-40,-24,-14,0,-4"),
)
#: What festival is told: the voice and its pace, the words, the file, and to say when each word begins and ends.
SCHEME = """(voice_cmu_us_slt_arctic_hts)
(set! hts_engine_params (append hts_engine_params (list (list "-r" {faster:.4f}))))
(set! said (utt.synth (Utterance Text "{text}")))
(utt.save.wave said "{path}" 'riff)
(define (when_said word) (format t "%f %f\\n" (item.feat word "word_start") (item.feat word "word_end")))
(mapcar when_said (utt.relation.items said 'Word))
"""
#: What lame is told: constant 32 kbit/s, and no header of its own, which some players count and others play as silence.
LAME = ("lame", "--quiet", "-m", "m", "-b", "32", "--cbr", "-q", "0", "-t", "--lowpass", "11")


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip as it is said, and with the breath after it how long it takes [s]."""

    name: str
    sound: Sound
    lasts_s: float


def main() -> None:
    """Render everything, write both files, and say what came out."""
    words = tomllib.loads((FOLDER / "clips-en.toml").read_text(encoding="utf-8"))["clips"]
    unhurried = {name: said(name, text) for name, text in words.items()}
    paces = paces_of({name: clip.lasts_s for name, clip in unhurried.items()})
    clips = [said(name, text, unhurried[name].lasts_s / paces[name]) for name, text in words.items()]
    starts, whole = side_by_side(clips)
    mp3 = compressed(whole)
    late_s = delay_s(decoded(mp3), whole)
    write_table({clip.name: (start / RATE + late_s, clip.lasts_s) for start, clip in zip(starts, clips, strict=True)})
    (FOLDER / "voice-en.mp3").write_bytes(mp3)
    print(f"{len(clips)} clips, {whole.size / RATE:.1f} s, {len(mp3)} bytes, decoded {1000 * late_s:.2f} ms late")
    hurried = sorted(paces.items(), key=lambda pace: -pace[1])
    print(", ".join(f"{name} x{pace:.2f}" for name, pace in hurried if pace > 1))


def write_table(spans: Mapping[str, tuple[float, float]]) -> None:
    """Where each clip lies, one a line."""
    lines = (f"  {json.dumps(name)}: [{at_s:.4f}, {lasts_s:.4f}]" for name, (at_s, lasts_s) in spans.items())
    (FOLDER / "voice-en.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


# -- how fast -----------------------------------------------------------------------------------------------------------


def paces_of(unhurried_s: Mapping[str, float]) -> dict[str, float]:
    """How much faster than by itself each clip is said: as the tightest sentence it is a part of asks for.

    So every sentence fits the time that cues reckon with, and no word is hurried more than its neighbours need.
    """
    words_per_s = rules_on(dt.date.today()).number("cues.words_per_second")
    paces = dict.fromkeys(unhurried_s, 1.0)
    for sentence in sentences():
        row = clips_of(sentence, unhurried_s)
        pace = sum(unhurried_s[clip] for clip in row) / (said_s(sentence, words_per_s) - SPARE_S)
        paces |= {clip: max(paces[clip], pace) for clip in row}
    return paces


def sentences() -> Iterator[str]:
    """Everything that cues can say, with any length up to 59 minutes and 59 seconds, and repeats of up to 20."""
    told = {key: text for key, text in texts().items() if key.startswith("cues.") and isinstance(text, str)}
    doings = [text for key, text in told.items() if key.startswith("cues.doing.")] + ["Warm-up drills", "Practice stop"]
    checks = [text for key, text in told.items() if key.startswith("cues.check.")]
    lengths = [length(seconds) for seconds in (*range(1, 120), *range(120, 3600, 61), *range(120, 3600, 60))]
    repeats = [(1, 2), (3, 3), (4, 5), (6, 6), (7, 8), (13, 15), (20, 20)]
    for text in told.values():
        fields = {field for field in ("doing", "length", "repeat", "check") if f"{{{field}}}" in text}
        yield from filled(text, fields, doings, lengths, repeats, checks)


def filled(
    text: str,
    fields: Container[str],
    doings: list[str],
    lengths: list[str],
    repeats: list[tuple[int, int]],
    checks: list[str],
) -> Iterator[str]:
    """The sentence `text` with everything that can stand in its `fields`."""
    for doing, long, (repeat, of), check in product(
        doings if "doing" in fields else [""],
        lengths if "length" in fields else [""],
        repeats if "repeat" in fields else [(0, 0)],
        checks if "check" in fields else [""],
    ):
        filling = {"doing": doing, "length": long, "repeat": repeat, "of": of, "check": check, "n": 5, "name": ""}
        yield text.format(**filling).strip()


# -- one clip -----------------------------------------------------------------------------------------------------------


def said(name: str, text: str, most_s: float = math.inf) -> Clip:
    """A clip as it is said: at the voice's own pace where that fits in `most_s`, else as much faster as it takes."""
    faster, sound = 1.0, trimmed(spoken(text, 1.0))
    while sound.size / RATE > most_s:
        faster *= max(1.01, sound.size / RATE / most_s)
        sound = trimmed(spoken(text, faster))
    breath_s = 0.0 if name.isdigit() else min(BREATH_S, most_s - sound.size / RATE)
    return Clip(name, sound, sound.size / RATE + breath_s)


def spoken(text: str, faster: float) -> Sound:
    """What of the words is meant, as samples at RATE, made clearer."""
    with tempfile.TemporaryDirectory() as folder:
        raw, clear = Path(folder) / "raw.wav", Path(folder) / "clear.wav"
        scheme = SCHEME.format(text=text.replace("[", "").replace("]", ""), path=raw, faster=faster)
        told = subprocess.run(["festival", "--pipe"], input=scheme, capture_output=True, text=True, check=True).stdout
        first_s, last_s = meant(text, [tuple(map(float, line.split())) for line in told.splitlines()])
        subprocess.run(["sox", "-D", "-G", raw, "-r", str(RATE), "-b", "16", clear, *CLEARER], check=True)
        with wave.open(str(clear)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return samples[round(first_s * RATE) : round(last_s * RATE)] / 32768


def meant(text: str, when: list[tuple[float, ...]]) -> tuple[float, float]:
    """From when to when what stands in brackets is said [s], everything where none are.

    Raises ValueError where a figure is more than one word: it has to be spelled, or the wrong ones would be cut out.
    """
    words = text.split()
    if len(words) != len(when):
        raise ValueError(f"{text!r} is said in {len(when)} words: spell its numbers")
    first = next((at for at, word in enumerate(words) if word.startswith("[")), 0)
    last = next((at for at, word in enumerate(words) if "]" in word), len(words) - 1)
    return when[first][0], when[last][1]


def trimmed(sound: Sound) -> Sound:
    """Only what is heard, as loud as every other clip, its ends faded."""
    heard = np.flatnonzero(np.abs(sound) > EDGE * np.abs(sound).max())
    fade = round(FADE_S * RATE)
    first, last = max(0, heard[0] - fade), min(sound.size, heard[-1] + 1 + fade)
    heard_only = sound[first:last]
    louder = LOUD / np.sqrt(np.mean(heard_only**2))
    cut: Sound = PEAK * np.tanh(heard_only * louder / PEAK)
    ramp = np.linspace(0, 1, fade)
    cut[:fade] *= ramp
    cut[-fade:] *= ramp[::-1]
    return cut


# -- all of them --------------------------------------------------------------------------------------------------------


def side_by_side(clips: list[Clip]) -> tuple[list[int], Sound]:
    """The sample at which each clip begins, and all of them in one row with silence between."""
    pieces, starts, at = [np.zeros(round(LEAD_S * RATE))], [], round(LEAD_S * RATE)
    for clip in clips:
        rest = np.zeros(round((GAP_S + clip.lasts_s) * RATE) - clip.sound.size)
        starts.append(at)
        pieces += [clip.sound, rest]
        at += clip.sound.size + rest.size
    return starts, np.concatenate(pieces)


def compressed(whole: Sound) -> bytes:
    """The samples as MP3."""
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = Path(folder) / "voice.wav", Path(folder) / "voice.mp3"
        with wave.open(str(plain), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(np.round(whole * 32767).astype("<i2").tobytes())
        subprocess.run([*LAME, plain, packed], check=True)
        return packed.read_bytes()


def decoded(mp3: bytes) -> Sound:
    """The samples of an MP3 at RATE."""
    found = miniaudio.decode(mp3, miniaudio.SampleFormat.FLOAT32, nchannels=1, sample_rate=RATE)
    return np.asarray(found.samples, dtype=float)


def delay_s(after: Sound, before: Sound) -> float:
    """How much later everything is once it was packed and unpacked [s]: where both fit best."""
    size = 1 << (after.size + before.size).bit_length()
    fit = np.fft.irfft(np.fft.rfft(after, size) * np.conj(np.fft.rfft(before, size)), size)
    return float(np.argmax(fit[: RATE // 2])) / RATE


if __name__ == "__main__":
    main()
