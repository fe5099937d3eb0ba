"""Fits what the engine's motion cues weigh, on virtual sensors, and writes it with where it comes from.

Run: .venv/bin/python tools/fit_motion.py [--data ../shared/data/mocap] [--out src/retropace/motion/parameters.toml]

Fitted on: motion captures whose makers allow any use (ACCAD, CMU) and that pass the gate, and the simulated runner. Never on
real recordings, nor on captures for non-commercial use. Each placement names its columns (`ODD`), which change sign with
the direction of time. Fitted is a logistic regression without a constant, on every window and on the same played backward;
since the two cost the same, the second need not be computed. How much to hold the weights back, and how sure to be, is told
by people who were left out. Every person weighs the same, however long they were captured.
"""

import argparse
import datetime as dt
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from retropace.mocap import Clip, clips, gate, in_a_row, looped  # noqa: E402
from retropace.mocap.virtual import PLAIN  # noqa: E402
from retropace.motion.listener import listen  # noqa: E402
from retropace.motion.parameters import sized  # noqa: E402
from retropace.quantities import Direction, Gait  # noqa: E402
from retropace.recording import FloatArray, Recording  # noqa: E402
from retropace.session import Session, Step  # noqa: E402
from retropace.simulate import Device, Place, Runner, simulate  # noqa: E402

#: Placement → where on the body a captured person wears the sensor. The others go by physics alone (decision 17).
PLACES = {"foot": ("foot",)}
#: Captures that may be fitted on.
SOURCES = ("accad", "cmu")
#: Each capture is gone through so long [s], so often with another mount, side, noise and rate.
LOOP_S, SEEDS = 16.0, 4
#: Seconds at the beginning of a recording while the engine is still finding which way is up.
SETTLING_S = 4.0
#: How much the weights are held back, tried on people who were left out.
RIDGES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
#: The most a second may ever say.
MOST_NATS = 4.0
SIMULATED = "simulated"
RUNNERS = (
    Runner(),
    Runner(height_m=1.62, walk_mps=1.1, run_mps=2.3, backward_walk_mps=0.8, cadence_spm_at_3=178),
    Runner(height_m=1.86, walk_mps=1.5, run_mps=3.4, backward_walk_mps=1.2, cadence_spm_at_3=164),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Windows of one placement and gait: `values` (m, k), `sign` (m,) +1 backward -1 forward, and whose they are."""

    values: FloatArray
    sign: FloatArray
    person: tuple[str, ...]
    clip: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and what people who were left out say of it."""

    weights: FloatArray
    scales: FloatArray
    ridge: float
    sureness: float
    limit_nats: float
    wrong: dict[str, float]


Felt = tuple[str, str, Recording, list[tuple[float, Gait, Direction]]]


def captured(placement: str, found: Sequence[Clip], seeds: int) -> Iterator[Felt]:
    """Person, clip, recording and steady seconds of every capture that goes round."""
    for number, clip in enumerate(found):
        for seed in range(seeds):
            place = PLACES[placement][seed % len(PLACES[placement])]
            side = ("left", "right")[(number + seed) % 2]
            worn = in_a_row([clip], place, side, "random", device(placement, 100 * number + seed), 1000 * number + seed)
            steady = [
                (second, worn.bouts[0].gait, worn.bouts[0].direction)
                for second, good in zip(worn.time_s.tolist(), worn.steady.tolist(), strict=True)
                if good and second >= SETTLING_S
            ]
            yield clip.performer, clip.name, worn.recording, steady


def device(placement: str, seed: int) -> Device:
    """A sensor with another rate and, where there is flesh under it, another resonance."""
    random = np.random.default_rng([seed, 7])
    rate_hz = float(random.choice([50.0, 100.0, 100.0, 200.0]))
    if placement not in ("waist", "pocket"):
        return replace(PLAIN, rate_hz=rate_hz)
    return replace(
        PLAIN, rate_hz=rate_hz, resonance_hz=random.uniform(8, 15), resonance_damping=random.uniform(0.2, 0.4)
    )


def made_up(placement: str, seeds: int) -> Iterator[Felt]:
    """The simulated runner's walks and runs, both ways."""
    ways = [(gait, way) for gait in (Gait.WALK, Gait.RUN) for way in (Direction.FORWARD, Direction.BACKWARD)]
    session = Session("to fit on", tuple(Step(gait, way, 20.0) for gait, way in ways))
    for number, runner in enumerate(RUNNERS):
        for seed in range(seeds):
            turn = tuple(np.random.default_rng([seed, number, 3]).uniform(-180, 180, 3).tolist())
            side = ("left", "right")[(number + seed) % 2]
            worn = replace(device(placement, 10 * number + seed), placement=placement, side=side, mount_deg=turn)  # type: ignore[arg-type]
            recording, truth = simulate(session, runner, Place(clear_length_m=400), worn, seed)
            steady = [
                (float(second), bout.gait, bout.direction)
                for bout in truth.bouts
                for second in range(math.ceil(bout.start_s + 3), math.floor(bout.end_s - 3))
            ]
            yield SIMULATED, f"runner {number + 1}", recording, steady


def rows_of(placement: str, found: Sequence[Clip], seeds: int) -> dict[str, Rows]:
    """Rows of a placement by gait."""
    module = import_module(f"retropace.motion.{placement}")
    kept: dict[str, list[tuple[FloatArray, float, str, str]]] = {"walk": [], "run": []}
    for felt in (captured(placement, found, seeds), made_up(placement, max(1, seeds // 2))):
        for person, clip, recording, steady in felt:
            heard = listen(recording.motion, (module.look,), {})
            at = {second: row for row, second in enumerate(heard.time_s.tolist())}
            for second, gait, way in steady:
                if second in at and way in (Direction.FORWARD, Direction.BACKWARD) and gait.value in kept:
                    values = np.array([heard[name][at[second]] for name in module.ODD])
                    kept[gait.value].append((values, 1.0 if way is Direction.BACKWARD else -1.0, person, clip))
    return {gait: _table(rows) for gait, rows in kept.items() if rows}


def _table(rows: Sequence[tuple[FloatArray, float, str, str]]) -> Rows:
    heard = [row for row in rows if np.any(np.isfinite(row[0]))]
    values, sign, person, clip = zip(*heard, strict=True)
    return Rows(np.stack(values), np.array(sign), person, clip)


def fit(rows: Rows) -> Fit:
    """Weights, held back and made as sure as people who were left out say."""
    scales = np.sqrt(np.nanmean(np.square(rows.values), axis=0, where=np.isfinite(rows.values)))
    told = np.nan_to_num(sized(rows.values, scales)) * rows.sign[:, None]
    weight, people = equal_people(rows.person), sorted(set(rows.person))
    persons = np.array(rows.person)

    def left_out(ridge: float) -> FloatArray:
        margins = np.empty(len(rows))
        for person in people:
            out = persons == person
            margins[out] = told[out] @ newton(told[~out], weight[~out], ridge)
        return margins

    held = {ridge: left_out(ridge) for ridge in RIDGES} if len(people) > 1 else {RIDGES[-1]: np.zeros(len(rows))}
    ridge = min(held, key=lambda r: cost(held[r], weight))
    margins = held[ridge]
    sureness = surest(margins, weight)
    wrong = {person: float(np.mean(margins[persons == person] <= 0)) for person in people}
    return Fit(sureness * newton(told, weight, ridge), scales, ridge, sureness, limit(rows, margins), wrong)


def equal_people(person: Sequence[str]) -> FloatArray:
    """(m,) weights with which every person counts the same, sum 1."""
    names, number, count = np.unique(np.array(person), return_inverse=True, return_counts=True)
    return np.asarray(1 / (count[number] * len(names)))


def newton(told: FloatArray, weight: FloatArray, ridge: float) -> FloatArray:
    """(k,) weights of least cost: mean log(1 + exp(-told @ weights)) and ridge / 2 x their squares."""
    share = weight / weight.sum()
    weights = np.zeros(told.shape[1])
    for _ in range(60):
        doubt = 1 / (1 + np.exp(told @ weights))
        slope = ridge * weights - told.T @ (share * doubt)
        bend = (told.T * (share * doubt * (1 - doubt))) @ told + ridge * np.eye(weights.size)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if float(np.max(np.abs(step))) < 1e-10:
            break
    return np.asarray(weights)


def cost(margins: FloatArray, weight: FloatArray) -> float:
    """Mean surprise [nats] at people who were left out."""
    return float(np.average(np.logaddexp(0, -margins), weights=weight))


def surest(margins: FloatArray, weight: FloatArray) -> float:
    """By what to multiply margins, at most 1, so that they are as sure as they are right."""
    sizes: list[float] = np.geomspace(0.05, 1.0, 60).tolist()
    return min(sizes, key=lambda size: cost(size * margins, weight))


def limit(rows: Rows, margins: FloatArray) -> float:
    """The most a window may say: the log-odds that a clip of somebody left out is right, one more of each counted."""
    clip = np.array(rows.clip)
    wrong = [float(np.mean(margins[clip == name] <= 0)) for name in sorted(set(rows.clip))]
    odds = (len(wrong) - sum(wrong) + 1) / (sum(wrong) + 1)
    return min(MOST_NATS, max(0.0, math.log(odds)))


def entry(placement: str, gait: str, columns: Sequence[str], rows: Rows, fitted: Fit) -> str:
    """One table of the parameter file."""
    people = ", ".join(f"{person} {100 * share:.1f} %" for person, share in fitted.wrong.items())
    backward = int(np.sum(rows.sign > 0))
    return "\n".join(
        [
            "[[odd]]",
            f'placement = "{placement}"',
            f'gait = "{gait}"',
            f"columns = [{_quoted(columns)}]",
            f"weights = [{_numbers(fitted.weights)}]",
            f"scales = [{_numbers(fitted.scales)}]",
            f"limit_nats = {fitted.limit_nats:.2f}",
            f"# held back by {fitted.ridge:g}, then made {fitted.sureness:.2f} times as sure",
            f"# {len(rows)} windows ({backward} backward) of {len(set(rows.clip))} clips",
            f"# windows wrong of people left out: {people}",
        ]
    )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _numbers(values: FloatArray) -> str:
    return ", ".join(f"{value:.4g}" for value in values.tolist())


def header(found: Sequence[Clip], seeds: int, date: dt.date) -> str:
    """Where the numbers come from, as comments and one table."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy", "vqf"))
    lines = [
        "# Written by tools/fit_motion.py: change nothing here, run it again.",
        "# Fitted on virtual sensors alone: motion captures that may be used for anything and pass the gate, and the",
        "# simulated runner. No real recording was looked at. Backward running was captured of nobody whose capture passes.",
        "",
        "[provenance]",
        f"date = {date.isoformat()}",
        f'libraries = "{versions}"',
        f"mountings = {seeds}",
    ]
    for source in SOURCES:
        own = [clip for clip in found if clip.source == source]
        people = sorted({clip.performer for clip in own})
        stems = [Path(clip.name).stem for clip in own]
        lines += [f"{source}_people = [{_quoted(people)}]", f"{source}_clips = [{_quoted(stems)}]"]
    return "\n".join([*lines, f"simulated_runners = {len(RUNNERS)}"])


def to_fit_on(folder: Path, only: Sequence[str] = ()) -> list[Clip]:
    """The captures of `folder` that may be fitted on: allowed, believable and steady enough to go round."""
    own = (clip for source in SOURCES if (folder / source).is_dir() for clip in clips(folder / source))
    believed = (clip for clip in own if (not only or Path(clip.name).stem in only) and gate(clip).trust == "dynamics")
    round_and_round = (looped(clip, LOOP_S) for clip in believed)
    return [clip for clip in round_and_round if clip is not None]


def odd_columns(placement: str) -> tuple[str, ...]:
    """The columns that `placement` has weighed; none where it tells direction by physics alone."""
    if find_spec(f"retropace.motion.{placement}") is None:
        return ()
    return getattr(import_module(f"retropace.motion.{placement}"), "ODD", ())


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; 2 where there is nothing to fit on."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data/mocap")
    parser.add_argument("--out", type=Path, default=ROOT / "src/retropace/motion/parameters.toml")
    parser.add_argument("--placements", nargs="+", default=list(PLACES), choices=list(PLACES))
    parser.add_argument("--only", nargs="+", default=[], metavar="CLIP", help="these clips only, for a quick try")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--date", type=dt.date.fromisoformat, default=dt.datetime.now(tz=dt.UTC).date())
    options = parser.parse_args(arguments)
    found = to_fit_on(options.data, options.only)
    if not found:
        sys.stderr.write(f"fit_motion: There are no captures to fit on in {options.data}.\n")
        return 2
    texts = [header(found, options.seeds, options.date)]
    for placement in options.placements:
        columns = odd_columns(placement)
        for gait, rows in rows_of(placement, found, options.seeds).items() if columns else ():
            texts.append(entry(placement, gait, columns, rows, fit(rows)))
            sys.stdout.write(texts[-1] + "\n\n")
    options.out.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
