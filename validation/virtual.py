"""What the motion captures hold and how far they may be believed; and what virtual sensors on them feel of cadence.

Run: .venv/bin/python validation/virtual.py [FOLDER]   (default ../shared/data/mocap)

Writes validation/virtual.md. Directions and gaits are those of the geometry (`mocap.truth`), trust that of the gate.
Cadence is counted twice: from where the ankles pass each other, and from a virtual sensor at each placement by the engine's
own look at steps. The captures themselves are other people's and stay where they are.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from retropace.mocap import Clip, Gate, Truth, clips, gate, in_a_row, looped, truth  # noqa: E402
from retropace.motion import steps  # noqa: E402
from retropace.motion.listener import listen  # noqa: E402
from retropace.quantities import Direction, Gait  # noqa: E402

PLACED = ("foot", "lower back", "front belt", "pocket", "wrist")
#: Each clip that goes round is worn so long [s]; what is heard before this is left out [s].
LOOP_S, SETTLING_S = 14.0, 4.0
#: What people do: plausible speeds [m/s] and steps a minute, by gait.
SPEEDS = {Gait.WALK: (0.3, 2.3), Gait.RUN: (1.4, 8.0)}
CADENCES = {Gait.WALK: (60, 160), Gait.RUN: (120, 260)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One gait and direction of one clip. `heard_spm` by placement, NaN where the engine heard no steps."""

    clip: Clip
    judged: Gate
    gait: Gait
    direction: Direction
    seconds: float
    speed_mps: float
    cadence_spm: float
    heard_spm: dict[str, float]


def cadence_spm(clip: Clip, told: Truth, first_s: float, last_s: float) -> float:
    """Steps a minute, from where the ankles pass each other along facing; NaN with fewer than three of them."""
    ahead = np.stack([np.cos(told.facing_rad), np.sin(told.facing_rad)], axis=1)
    apart = np.sum((clip.position_m["ankle_left"] - clip.position_m["ankle_right"])[:, :2] * ahead, axis=1)
    inside = (told.time_s >= first_s) & (told.time_s < last_s)
    moments = told.time_s[inside][1:][np.diff(np.sign(apart[inside])) != 0]
    return float("nan") if moments.size < 3 else 60 * (moments.size - 1) / float(moments[-1] - moments[0])


def heard_spm(clip: Clip) -> dict[str, float]:
    """Steps a minute that the engine hears at each placement, of the clip gone through again and again."""
    longer = looped(clip, LOOP_S)
    if longer is None:
        return {}
    found = {}
    for number, place in enumerate(PLACED):
        if place == "wrist" and "forearm_left" not in clip.turn:
            continue
        worn = in_a_row([longer], place, seed=number)
        heard = listen(worn.recording.motion, (steps.look,), {})
        late = heard["step_hz"][heard.time_s >= SETTLING_S]
        found[place] = 60 * float(np.median(late[np.isfinite(late)])) if np.isfinite(late).any() else float("nan")
    return found


def stretches(found: Iterable[Clip]) -> Iterator[Stretch]:
    """Every gait and direction of every clip; the longest bout of a clip that goes round is heard."""
    for clip in found:
        told, judged = truth(clip), gate(clip)
        moving = [bout for bout in told.bouts if bout.gait is not Gait.STAND]
        longest = max(moving, key=lambda bout: bout.duration_s, default=None)
        for bout in moving:
            inside = (told.time_s >= bout.start_s) & (told.time_s < bout.end_s)
            heard = heard_spm(clip) if bout is longest and len(moving) == 1 else {}
            cadence = cadence_spm(clip, told, bout.start_s, bout.end_s)
            speed = float(np.median(told.speed_mps[inside]))
            yield Stretch(clip, judged, bout.gait, bout.direction, bout.duration_s, speed, cadence, heard)


def plausible(stretch: Stretch) -> bool:
    low, high = SPEEDS[stretch.gait]
    slow, quick = CADENCES[stretch.gait]
    steps_so = np.isnan(stretch.cadence_spm) or slow <= stretch.cadence_spm <= quick
    return bool(low <= stretch.speed_mps <= high and steps_so)


def span(values: Sequence[float], digits: int) -> str:
    known = sorted(value for value in values if np.isfinite(value))
    if not known:
        return "-"
    low, high = f"{known[0]:.{digits}f}", f"{known[-1]:.{digits}f}"
    return low if low == high else f"{low}-{high}"


def by_person(found: Sequence[Stretch]) -> list[str]:
    """One row for each source, performer, style and class."""
    groups: dict[tuple[str, str, str, str], list[Stretch]] = defaultdict(list)
    for one in found:
        groups[one.clip.source, one.clip.performer, one.clip.style, f"{one.direction} {one.gait}"].append(one)
    rows = [
        "| source | performer | style | what | clips | s | speed [m/s] | steps/min | believed | implausible |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for key, own in sorted(groups.items()):
        believed = sum(one.judged.trust == "dynamics" for one in own)
        cells = [
            *key,
            str(len(own)),
            f"{sum(one.seconds for one in own):.1f}",
            span([one.speed_mps for one in own], 2),
            span([one.cadence_spm for one in own], 0),
            f"{believed} of {len(own)}",
            str(sum(not plausible(one) for one in own)),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def by_class(found: Sequence[Stretch]) -> list[str]:
    """How many clips and people there are of each class, and how many may be believed."""
    rows = ["| what | source | people or styles | clips | s | believed: clips | s |", "|---|---|---|---|---|---|---|"]
    groups: dict[tuple[str, str], list[Stretch]] = defaultdict(list)
    for one in found:
        groups[f"{one.direction} {one.gait}", one.clip.source].append(one)
    for (what, source), own in sorted(groups.items()):
        good = [one for one in own if one.judged.trust == "dynamics"]
        people = {one.clip.style or one.clip.performer for one in own}
        seconds, believed = (sum(one.seconds for one in group) for group in (own, good))
        rows.append(
            f"| {what} | {source} | {len(people)} | {len(own)} | {seconds:.0f} | {len(good)} | {believed:.0f} |"
        )
    return rows


def by_place(found: Sequence[Stretch]) -> list[str]:
    """How well the engine counts steps on virtual sensors, by placement and class."""
    rows = [
        "| what | placement | clips heard | median error | within 5 % | twice or half |",
        "|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in found:
        for place, spm in one.heard_spm.items():
            groups[f"{one.direction} {one.gait}", place].append(spm / one.cadence_spm)
    for (what, place), every in sorted(groups.items()):
        ratio = np.array([value for value in every if np.isfinite(value)])
        if not ratio.size:
            continue
        wrong = float(np.median(np.abs(ratio - 1)))
        octave = int(np.sum((ratio < 0.7) | (ratio > 1.4)))
        near = f"{int(np.sum(np.abs(ratio - 1) < 0.05))} of {ratio.size}"
        rows.append(f"| {what} | {place} | {ratio.size} of {len(every)} | {100 * wrong:.1f} % | {near} | {octave} |")
    return rows


def by_gate(found: Sequence[Stretch]) -> list[str]:
    """The clips that are not believed, and why."""
    seen: dict[str, Gate] = {one.clip.name: one.judged for one in found}
    rows = ["| clip | in flight: fall, drift [m/s2] | on the ground: slide [m/s], support [m], weight | why |"]
    rows.append("|---|---|---|---|")
    for name, judged in sorted(seen.items()):
        if judged.why:
            air = f"{judged.fall_mps2:.1f}, {judged.drift_mps2:.1f}" if np.isfinite(judged.fall_mps2) else "-"
            ground = f"{judged.sliding_mps:.2f}, {judged.support_m:.2f}, {judged.weight:.2f}"
            rows.append(f"| {Path(name).stem} | {air} | {'-' if 'nan' in ground else ground} | {judged.why} |")
    return rows


def page(found: Sequence[Stretch]) -> str:
    """The whole page."""
    names = {one.clip.name for one in found}
    believed = {one.clip.name for one in found if one.judged.trust == "dynamics"}
    intro = f"""# Motion captures and the virtual sensors on them

Written by `validation/virtual.py`. {len(names)} clips in which somebody goes anywhere; the accelerations of
{len(believed)} may be believed (`mocap.gate`), the rest tell facing, travel and cadence only. Everything said of a
sensor here is simulated: nobody wore one. Backward *running* was captured of one man (ACCAD), and those clips fail the gate.
Bandai-Namco's files do not say which of their actors moved, so their styles stand for people, which they are not.
"""
    parts = [
        intro,
        "## What there is\n",
        *by_class(found),
        "\n## Cadence by virtual sensors, random mount and noise, against the ankles\n",
        *by_place(found),
        "\n## Not believed\n",
        *by_gate(found),
        "\n## By person\n",
        *by_person(found),
    ]
    return "\n".join(parts) + "\n"


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / "../shared/data/mocap"
    found = list(stretches(clips(folder)))
    if not found:
        sys.stderr.write(f"virtual: There are no captures in {folder}.\n")
        return 2
    (ROOT / "validation/virtual.md").write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
