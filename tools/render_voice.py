#!/usr/bin/env python3
"""Renders the coach's voice: every clip of clips-en.toml into one MP3, and the table of where each lies in it.

Only who changes the words needs this: both files are kept with the code. It wants festival, festvox-us-slt-hts, sox and
lame (apt-get install). The same words give the same bytes.
"""

import datetime as dt
import json
import subprocess
import sys
import tempfile
import tomllib
import wave
from dataclasses import dataclass
from pathlib import Path

import miniaudio
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "src"))

from retropace.cues import said_s  # noqa: E402  found beside this folder, installed or not
from retropace.rules import rules_on  # noqa: E402

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
CLEARER = ("highpass", "110", "equalizer", "2800", "1.2q", "4", "compand", "0.005,0.08", "6:-50,-40,-24,-14,0,-4")
#: What festival is told: the voice, the words, the file.
SCHEME = '(voice_cmu_us_slt_arctic_hts) (utt.save.wave (utt.synth (Utterance Text "{text}")) "{path}" \'riff)'
#: What lame is told: constant 32 kbit/s, and no header of its own, which some players count and others play as silence.
LAME = ("lame", "--quiet", "-m", "m", "-b", "32", "--cbr", "-q", "0", "-t", "--lowpass", "11")


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip as it is said, how much faster than the voice's own pace, and the breath after it."""

    name: str
    sound: Sound
    faster: float
    breath_s: float

    @property
    def lasts_s(self) -> float:
        """Its sound and its breath [s]."""
        return self.sound.size / RATE + self.breath_s


def main() -> None:
    """Render everything, write both files, and say what came out."""
    listed = tomllib.loads((FOLDER / "clips-en.toml").read_text(encoding="utf-8"))
    alone = set(listed["sentences"])
    clips = [said(name, text, limit_s(name, alone=name in alone)) for name, text in listed["clips"].items()]
    starts, whole = side_by_side(clips)
    mp3 = compressed(whole)
    late_s = delay_s(decoded(mp3), whole)
    spans = [
        [round(start / RATE + late_s, 4), round(clip.lasts_s, 4)] for start, clip in zip(starts, clips, strict=True)
    ]
    lines = (f"  {json.dumps(clip.name)}: {json.dumps(span)}" for clip, span in zip(clips, spans, strict=True))
    (FOLDER / "voice-en.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    (FOLDER / "voice-en.mp3").write_bytes(mp3)
    report(clips, whole, mp3, late_s)


def limit_s(name: str, *, alone: bool) -> float:
    """How long a clip may take [s]: as long as its words are reckoned with, so that any row of clips fits its cue.

    A clip that is a whole sentence has the tenth to which a cue is rounded up.
    """
    words_per_s = rules_on(dt.date.today()).number("cues.words_per_second")
    return (said_s(name, words_per_s) if alone else said_s(name, 1.0) / words_per_s) - SPARE_S


# -- one clip -----------------------------------------------------------------------------------------------------------


def said(name: str, text: str, most_s: float) -> Clip:
    """A clip as it is said: at the voice's own pace where that fits in `most_s`, else as much faster as it takes."""
    faster, sound = 1.0, trimmed(spoken(text, 1.0))
    while sound.size / RATE > most_s:
        faster *= max(1.01, sound.size / RATE / most_s)
        sound = trimmed(spoken(text, faster))
    breath_s = 0.0 if name.isdigit() else max(0.0, min(BREATH_S, most_s - sound.size / RATE))
    return Clip(name, sound, faster, breath_s)


def spoken(text: str, faster: float) -> Sound:
    """The words as samples at RATE, made clearer."""
    with tempfile.TemporaryDirectory() as folder:
        raw, clear = Path(folder) / "raw.wav", Path(folder) / "clear.wav"
        scheme = SCHEME.format(text=text, path=raw)
        subprocess.run(["festival", "--pipe"], input=scheme.encode(), check=True)
        tempo = () if faster == 1.0 else ("tempo", "-s", f"{faster:.4f}")
        sox = ("sox", "-D", "-G", raw, "-r", str(RATE), "-b", "16", clear, *CLEARER, *tempo)
        subprocess.run(sox, check=True)
        with wave.open(str(clear)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return samples / 32768


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
        rest = np.zeros(round(max(GAP_S, clip.breath_s) * RATE))
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


def report(clips: list[Clip], whole: Sound, mp3: bytes, late_s: float) -> None:
    """What was made, and which clips had to be hurried most."""
    hurried = sorted(clips, key=lambda clip: -clip.faster)
    print(f"{len(clips)} clips, {whole.size / RATE:.1f} s, {len(mp3)} bytes, decoded {1000 * late_s:.2f} ms late")
    print(", ".join(f"{clip.name} x{clip.faster:.2f}" for clip in hurried if clip.faster > 1))


if __name__ == "__main__":
    main()
