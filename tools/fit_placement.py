"""Measures how each part of the body swings, on virtual sensors, and writes it with where it comes from.

Run: .venv/bin/python tools/fit_placement.py [--data ../shared/data/mocap] [--out src/retropace/motion/placement.toml]

Measured on: motion captures whose makers allow any use (ACCAD, CMU), walking and running, forward and backward, and the
simulated runner. Never on real recordings, nor on captures for non-commercial use. One person is one number: the median
over all they did one way. Runs are measured a second time at another pace, and drawn a little towards walks, for few were
captured, and those of ACCAD fail the free-fall check.
"""

import argparse
import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tools.fit_motion import RUNNERS, SOURCES, made_up  # noqa: E402

from retropace.errors import UnusableInput  # noqa: E402
from retropace.mocap import Clip, clips, looped, sense, truth  # noqa: E402
from retropace.motion import placement, pocket, steps  # noqa: E402
from retropace.motion.heard import Heard  # noqa: E402
from retropace.motion.listener import listen  # noqa: E402
from retropace.motion.placement import SIZES, STRIDES, Usual, grouped  # noqa: E402
from retropace.quantities import Direction, Gait  # noqa: E402
from retropace.recording import FloatArray  # noqa: E402
from retropace.signals import BoolArray  # noqa: E402

LOOKS = (steps.look, pocket.look, placement.look)
#: Place on a captured person → the part of the body it stands for.
PLACES = {
    "foot": "foot",
    "lower leg": "lower leg",
    "pocket": "pocket",
    "lower back": "waist",
    "front belt": "waist",
    "side belt": "waist",
    "wrist": "wrist",
    "upper arm": "upper arm",
}
PARTS = tuple(dict.fromkeys(PLACES.values()))
#: Seconds that each capture goes round, and those at both ends that are left out.
LOOP_S, EDGE_S = 20.0, 3.0
#: How much faster runs are done again: CMU's man jogs, ACCAD's goes at 190 and 225 steps a minute.
ANOTHER_PACE = {"cmu": 1.3, "accad": 1 / 1.3}
#: Fewer seconds than these of one person are no median.
FEWEST_S = 6
#: What is added in quadrature to the spread between people, for clothes, straps and everybody else (design); twice and
#: a half as much where fewer than `FEW` showed it.
SPREADS = {"pushed": 0.5, "lever": 0.08, "rest": 0.25, "reach": 0.25} | {
    name: 0.3 for name in SIZES if name not in ("pushed", "lever", "rest", "reach")
}
FEW, FEW_WIDER = 3, 2.5
#: How far running is drawn towards walking, and how much of what lies between them counts as spread (design).
TOWARDS_WALKING, BETWEEN_GAITS = 0.3, 0.4
#: The simulated runner swings in a plane, in pure waves: of these sizes he says nothing.
NOT_SIMULATED = ("second", "turned", "yaw", "aside")
#: Captures of 30 frames a second blur the rest of a walking foot: these say nothing of it.
BLURRED = "accad"
#: A way of finding the stride that was hardly seen has at least this share, and no sizes of its own below the second.
LEAST_SHARE, RARE = 0.05, 0.1

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person did with one part of the body: gait and stride as heard, seconds, median sizes."""

    source: str
    person: str
    part: str
    gait: str
    stride: str
    seconds: int
    sizes: FloatArray


def captured(found: Sequence[Clip]) -> Iterator[tuple[str, str, str, Heard]]:
    """Source, person and way, part and rows of every capture at every place; runs once more, at another pace."""
    for clip in found:
        bouts = [bout for bout in truth(clip).bouts if bout.direction in (Direction.FORWARD, Direction.BACKWARD)]
        if len({bout.direction for bout in bouts}) != 1:
            continue
        runs = any(bout.gait is Gait.RUN for bout in bouts)
        for by in (1.0, ANOTHER_PACE[clip.source]) if runs else (1.0,):
            longer = looped(replace(clip, rate_hz=clip.rate_hz * by), LOOP_S)
            if longer is None:
                continue
            for number, (place, part) in enumerate(PLACES.items()):
                try:
                    heard = listen(sense(longer, place, seed=number).motion, LOOKS, {})
                except UnusableInput:
                    continue  # a clip without arms
                yield clip.source, f"{clip.performer} {bouts[0].direction} {by:.1f}", part, without_ends(heard)


def without_ends(heard: Heard) -> Heard:
    """`heard` without the seconds at both ends."""
    return rows_of(heard, (heard.time_s >= heard.time_s[0] + EDGE_S) & (heard.time_s <= heard.time_s[-1] - EDGE_S))


def rows_of(heard: Heard, kept: BoolArray) -> Heard:
    """The seconds of `heard` that are `kept`."""
    columns = {name: values[kept] for name, values in heard.columns.items()}
    return replace(heard, time_s=heard.time_s[kept], piece=heard.piece[kept], columns=columns)


def simulated() -> Iterator[tuple[str, str, str, Heard]]:
    """The simulated runners at the places they know, as one person for each way."""
    for place in ("foot", "waist", "pocket", "wrist"):
        for _, _, recording, steady in made_up(place, 2):
            heard = listen(recording.motion, LOOKS, {})
            for way in (Direction.FORWARD, Direction.BACKWARD):
                seconds = [second for second, _, direction in steady if direction is way]
                yield "simulated", f"simulated {way}", place, rows_of(heard, np.isin(heard.time_s, seconds))


def seen(found: Sequence[Clip]) -> tuple[list[Seen], dict[Key, float]]:
    """Medians of everybody, and how often the stride of each part and gait was found so."""
    rows: dict[tuple[str, str, str, str, str], list[FloatArray]] = defaultdict(list)
    counts: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(STRIDES, 0))
    for source, person, part, heard in [*captured(found), *simulated()]:
        for (gait, stride), sizes in grouped(heard).items():
            rows[source, person, part, gait, stride].append(sizes)
            counts[part, gait, person][stride] += len(sizes)
    medians = []
    for key, parts in rows.items():
        together = np.concatenate(parts)
        if len(together) >= FEWEST_S:
            medians.append(Seen(*key, len(together), np.median(together, axis=0)))
    return medians, shares(counts)


def shares(counts: dict[tuple[str, str, str], dict[str, int]]) -> dict[Key, float]:
    """Of each part and gait, how often its stride was found so: people weigh alike, nothing is impossible."""
    people: dict[tuple[str, str], list[FloatArray]] = defaultdict(list)
    for (part, gait, _), found in counts.items():
        each = np.array([found[stride] for stride in STRIDES], float)
        people[part, gait].append(each / each.sum())
    told = {}
    for (part, gait), each_person in people.items():
        share = np.maximum(np.mean(each_person, axis=0), LEAST_SHARE)
        for stride, value in zip(STRIDES, share / share.sum(), strict=True):
            told[part, gait, stride] = float(value)
    return told


def usual(medians: Sequence[Seen], often: dict[Key, float]) -> dict[Key, Usual]:
    """Mean and spread of every part, gait and way of finding its stride."""
    kinds: dict[Key, list[Seen]] = defaultdict(list)
    for one in medians:
        kinds[one.part, one.gait, one.stride].append(one)
    told = {key: of_people(key, theirs, often[key]) for key, theirs in kinds.items() if captured_among(theirs)}
    told = {key: one for key, one in told.items() if key[2] == "once" or often[key] >= RARE}
    for part in PARTS:
        told[part, "run", "once"] = drawn(told[part, "run", "once"], told[part, "walk", "once"])
    # What a foot does, a lower leg does: where only the foot's stride was found as half, it stands for both.
    for key in [key for key in told if key[0] == "foot" and key[2] == "half"]:
        told.setdefault(("lower leg", *key[1:]), replace(told[key], part="lower leg"))
    return dict(sorted(told.items()))


def captured_among(theirs: Sequence[Seen]) -> bool:
    """Whether anybody real did it, in front of cameras."""
    return any(one.source != "simulated" for one in theirs)


def of_people(key: Key, theirs: Sequence[Seen], share: float) -> Usual:
    """Each size of those who may tell it."""
    mean, spread = np.empty(len(SIZES)), np.empty(len(SIZES))
    people = len({one.person for one in theirs})
    for at, name in enumerate(SIZES):
        telling = [one for one in theirs if tells(one, name)] or [one for one in theirs if one.source != "simulated"]
        values = np.array([one.sizes[at] for one in telling])
        floor = SPREADS[name] * (FEW_WIDER if people < FEW else 1.0)
        mean[at], spread[at] = values.mean(), np.hypot(values.std(), floor)
    return Usual(*key, share, people, tuple(mean.tolist()), tuple(spread.tolist()))


def tells(one: Seen, name: str) -> bool:
    """Whether this person's median says anything of a size."""
    if one.source == "simulated":
        return name not in NOT_SIMULATED
    return not (one.source == BLURRED and name == "rest" and (one.part, one.gait) == ("foot", "walk"))


def drawn(runs: Usual, walks: Usual) -> Usual:
    """Running drawn towards walking, and as wide as either."""
    run, walk = np.array(runs.mean), np.array(walks.mean)
    mean = (1 - TOWARDS_WALKING) * run + TOWARDS_WALKING * walk
    spread = np.hypot(np.maximum(runs.spread, walks.spread), BETWEEN_GAITS * (run - walk))
    return replace(runs, mean=tuple(mean.tolist()), spread=tuple(spread.tolist()))


def entry(one: Usual) -> str:
    """One table of the file."""
    return "\n".join(
        [
            "[[usual]]",
            f'part = "{one.part}"',
            f'gait = "{one.gait}"',
            f'stride = "{one.stride}"',
            f"share = {one.share:.2f}",
            f"people = {one.people}",
            f"mean = [{_numbers(one.mean)}]",
            f"spread = [{_numbers(one.spread)}]",
        ]
    )


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


def header(found: Sequence[Clip], date: dt.date) -> str:
    """Where the numbers come from, as comments and one table."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy", "vqf"))
    names = ", ".join(f'"{name}"' for name in SIZES)
    lines = [
        "# Written by tools/fit_placement.py: change nothing here, run it again.",
        "# Measured on virtual sensors alone: motion captures that may be used for anything, and the simulated runner.",
        "# No real recording was looked at. Backward running is one man's, whose capture fails the free-fall check.",
        "",
        "[provenance]",
        f"date = {date.isoformat()}",
        f'libraries = "{versions}"',
        f"sizes = [{names}]",
    ]
    for source in SOURCES:
        people = sorted({clip.performer for clip in found if clip.source == source})
        told = ", ".join(f'"{name}"' for name in people)
        lines += [f"{source}_people = [{told}]", f"{source}_clips = {sum(clip.source == source for clip in found)}"]
    return "\n".join([*lines, f"simulated_runners = {len(RUNNERS)}"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data/mocap")
    parser.add_argument("--out", type=Path, default=ROOT / "src/retropace/motion/placement.toml")
    parser.add_argument("--date", type=dt.date.fromisoformat, default=dt.datetime.now(tz=dt.UTC).date())
    options = parser.parse_args(arguments)
    found = [clip for source in SOURCES if (options.data / source).is_dir() for clip in clips(options.data / source)]
    if not found:
        sys.stderr.write(f"fit_placement: There are no captures to measure in {options.data}.\n")
        return 2
    texts = [header(found, options.date), *(entry(one) for one in usual(*seen(found)).values())]
    options.out.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
