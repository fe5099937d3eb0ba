"""Measure pockets and placements: what a thigh says of direction, and which placement each recording is taken for.

Writes validation/placement.md from ../shared/data (or the folder given): .venv/bin/python validation/placement.py [FOLDER]

Only the evidence is measured here, second by second, before it is weighed with anything else. Real recordings are all of
people who went forward; whoever goes backward is a virtual sensor on a captured person.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from validation.recordings import real  # noqa: E402

from retropace.errors import UnusableInput  # noqa: E402
from retropace.mocap import library  # noqa: E402
from retropace.mocap.loop import looped  # noqa: E402
from retropace.mocap.truth import truth  # noqa: E402
from retropace.mocap.virtual import sense  # noqa: E402
from retropace.motion import placement, pocket, steps  # noqa: E402
from retropace.motion.heard import Heard  # noqa: E402
from retropace.motion.listener import listen  # noqa: E402
from retropace.motion.placement import Placement, placed  # noqa: E402
from retropace.motion.said import Said  # noqa: E402
from retropace.quantities import Direction, Gait  # noqa: E402
from retropace.recording import FloatArray  # noqa: E402

FOLDER = ROOT / "../shared/data"
LOOKS = (steps.look, pocket.look, placement.look)
#: Seconds of a virtual walk, those at both ends that are left out, and of a bout.
VIRTUAL_S, EDGE_S, BOUT_S = 14, 3, 5
#: Places on captured people.
PLACES = ("foot", "lower leg", "pocket", "lower back", "front belt", "side belt", "wrist", "upper arm")
#: Sources whose people the usual sizes may be taken from.
FITTED = ("accad", "cmu")


@dataclass(frozen=True, slots=True)
class Worn:
    """One recording: who, where by its makers, what they did, which way, and what was heard."""

    source: str
    person: str
    site: str
    gait: str
    direction: str
    explored: bool
    heard: Heard


def virtual(folder: Path, places: Iterable[str]) -> Iterator[Worn]:
    """Every captured walk or run that closes on itself, going round for `VIRTUAL_S` seconds, at each place."""
    for clip in library.clips(folder / "mocap"):
        told = truth(clip)
        ways = {(b.gait, b.direction) for b in told.bouts if b.direction in (Direction.FORWARD, Direction.BACKWARD)}
        longer = looped(clip, VIRTUAL_S + 2 * EDGE_S) if len({way for _, way in ways}) == 1 else None
        if longer is None:
            continue
        gait = "run" if any(gait is Gait.RUN for gait, _ in ways) else "walk"
        person, direction = f"{clip.performer} {clip.style}".strip(), next(iter(ways))[1].value
        for number, place in enumerate(places):
            try:
                motion = sense(longer, place, seed=number).motion
            except UnusableInput:
                continue  # a clip without arms
            heard = without_ends(listen(motion, LOOKS, {}))
            yield Worn(clip.source, person, place, gait, direction, clip.source in FITTED, heard)


def without_ends(heard: Heard) -> Heard:
    """`heard` without the seconds at both ends."""
    kept = (heard.time_s >= heard.time_s[0] + EDGE_S) & (heard.time_s <= heard.time_s[-1] - EDGE_S)
    columns = {name: values[kept] for name, values in heard.columns.items()}
    return replace(heard, time_s=heard.time_s[kept], piece=heard.piece[kept], columns=columns)


def recorded(folder: Path) -> Iterator[Worn]:
    """Every real recording."""
    for one in real(folder):
        heard = listen(one.recording.motion, LOOKS, {})
        if len(heard):
            yield Worn(one.source, one.person, one.site, one.gait, "forward", one.explored, heard)


# -- pockets ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """Of one person: seconds stepped, seconds spoken of, those that were right, bouts and right ones, mean nats."""

    stepped: int
    spoken: int
    right: int
    bouts: int
    right_bouts: int
    nats: float

    @property
    def row(self) -> str:
        """Coverage, seconds and bouts right, as cells."""
        covered = f"{_share(self.spoken, self.stepped)} of {self.stepped}"
        return f"{covered} | {_share(self.right, self.spoken)} | {self.right_bouts} of {self.bouts} | {self.nats:+.2f}"


def score(recordings: Iterable[Worn]) -> Score:
    """What pockets said of one person's recordings."""
    stepped, values, bouts = 0, [], []
    for one in recordings:
        stepping = np.isfinite(one.heard["step_hz"])
        nats = (1.0 if one.direction == "backward" else -1.0) * np.where(stepping, spoken(one.heard), np.nan)
        stepped += int(stepping.sum())
        values.append(nats[np.isfinite(nats)])
        whole = nats[: len(nats) // BOUT_S * BOUT_S].reshape(-1, BOUT_S)
        bouts += [float(np.nansum(bout)) for bout in whole if np.isfinite(bout).any()]
    said = np.concatenate(values)
    mean = float(said.mean()) if said.size else 0.0
    return Score(stepped, said.size, int((said > 0).sum()), len(bouts), sum(bout > 0 for bout in bouts), mean)


def spoken(heard: Heard) -> FloatArray:
    """(m,) what either gait's cue said."""
    walking, running = (say(heard).backward_nats for say in (pocket.say_walking, pocket.say_running))
    return np.where(np.isfinite(walking), walking, running)


def steadiness(say: Callable[[Heard], Said], recordings: Iterable[Worn]) -> str:
    """How well the travel direction keeps on the device's axes: mean resultant, by recording."""
    found = []
    for one in recordings:
        said = say(one.heard)
        known = np.isfinite(said.travel_rad) & (said.travel_kappa > 0)
        if known.sum() > BOUT_S:
            weight = said.travel_kappa[known]
            found.append(abs(np.sum(weight * np.exp(1j * said.travel_rad[known]))) / weight.sum())
    return ", ".join(f"{value:.2f}" for value in found)


def pockets(title: str, recordings: list[Worn]) -> list[str]:
    """A table of pockets by person, and the worst of them."""
    by_person: dict[tuple[str, str, str, bool], list[Worn]] = defaultdict(list)
    for one in recordings:
        by_person[one.gait, one.direction, one.person, one.explored].append(one)
    lines = [
        f"## {title}",
        "",
        "| gait | direction | person | spoken of [s] | seconds right | bouts of 5 s right | mean nats | travel |",
    ]
    lines.append("|---|---|---|---|---|---|---|---|")
    scores = defaultdict(list)
    for (gait, direction, person, explored), theirs in sorted(by_person.items()):
        found = score(theirs)
        scores[gait, direction].append(found)
        travel = steadiness(pocket.say_running if gait == "run" else pocket.say_walking, theirs)
        lines.append(f"| {gait} | {direction} | {person}{'' if explored else ' *'} | {found.row} | {travel} |")
    lines += ["", *(_summed(*way, found) for way, found in sorted(scores.items())), ""]
    return lines


def _summed(gait: str, direction: str, scores: list[Score]) -> str:
    said = [one for one in scores if one.spoken]
    worst = min((one.right / one.spoken for one in said), default=float("nan"))
    worst_bout = min((one.right_bouts / one.bouts for one in said if one.bouts), default=float("nan"))
    seconds, right = sum(one.spoken for one in said), sum(one.right for one in said)
    bouts, right_bouts = sum(one.bouts for one in said), sum(one.right_bouts for one in said)
    by_second = f"{_share(right, seconds)} of {seconds} s (worst person {100 * worst:.0f} %)"
    by_bout = f"{_share(right_bouts, bouts)} of {bouts} bouts (worst {100 * worst_bout:.0f} %)"
    return f"{gait}, {direction}: {len(said)} people, {by_second}, {by_bout}.  "


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


# -- placements --------------------------------------------------------------------------------------------------------


def confusion(title: str, recordings: list[Worn]) -> list[str]:
    """Which placement recordings of each site are taken for, and the people that are taken for another one."""
    counts: dict[str, dict[Placement, int]] = defaultdict(lambda: dict.fromkeys(Placement, 0))
    odd: dict[tuple[str, Placement], set[str]] = defaultdict(set)
    for one in recordings:
        found = placed(one.heard).placement
        counts[one.site][found] += 1
        odd[one.site, found].add(f"{one.person} ({one.gait})")
    lines = [f"## {title}", "", "| worn | " + " | ".join(Placement) + " |", "|---|" + "---|" * len(Placement)]
    lines += [
        f"| {site} | " + " | ".join(str(n or "") for n in row.values()) + " |" for site, row in sorted(counts.items())
    ]
    lines.append("")
    for (site, found), people in sorted(odd.items()):
        if found is not Placement.OTHER and found not in EXPECTED.get(site, ()):
            lines.append(f"* {site} taken for {found}: {', '.join(sorted(people))}")
    return [*lines, ""]


#: What recordings of each site are rightly taken for.
EXPECTED: dict[str, tuple[Placement, ...]] = {
    **dict.fromkeys(("lf", "rf", "foot", "lower leg"), (Placement.FOOT,)),
    **dict.fromkeys(("lb", "torso", "lower back", "front belt", "side belt"), (Placement.WAIST,)),
    **dict.fromkeys(("pocket", "upper leg", "upper leg pocket", "upper arm pocket"), (Placement.POCKET,)),
    **dict.fromkeys(("wrist", "upper arm"), (Placement.WRIST, Placement.HAND)),
}


def elsewhere(recordings: list[Worn]) -> list[str]:
    """What a pocket's cues say where there is no thigh: the second line of defence."""
    lines = [
        "## Said where there is no thigh",
        "",
        "| worn | seconds stepped | spoken of | wrong | mean nats |",
        "|---|---|---|---|---|",
    ]
    by_site = defaultdict(list)
    for one in recordings:
        if EXPECTED.get(one.site) != (Placement.POCKET,):
            by_site[one.site].append(one)
    for site, theirs in sorted(by_site.items()):
        found = score(theirs)
        wrong = _share(found.spoken - found.right, found.spoken)
        lines.append(
            f"| {site} | {found.stepped} | {_share(found.spoken, found.stepped)} | {wrong} | {found.nats:+.2f} |"
        )
    return [*lines, ""]


def report(folder: Path) -> str:
    """The page."""
    worn, pocketed = list(recorded(folder)), list(virtual(folder, ("pocket",)))
    thighs = [one for one in worn if EXPECTED.get(one.site) == (Placement.POCKET,) and one.gait != "stairs"]
    virtuals = list(virtual(folder, [place for place in PLACES if place != "pocket"])) + pocketed
    return "\n".join(
        [
            "# Pockets and placements",
            "",
            "Written by validation/placement.py. Evidence alone: log-likelihood ratios of single seconds, before the",
            "session model. People marked * were not looked at while the method was made. Real people all went forward;",
            "those who go backward are virtual sensors on captured people, and ACCAD's running fails the free-fall check.",
            "Travel: mean resultant of the travel direction on the device's axes, by recording.",
            "Placement is measured by gait since the strangers' mistakes in an earlier table had been seen; no number in it",
            "was chosen on them, but they are not untouched.",
            "",
            *pockets("Real thighs: trouser pockets and straps, forward", thighs),
            *pockets("Virtual thighs on captured people", pocketed),
            *confusion("Real recordings: placement by recording", worn),
            *confusion("Virtual sensors: placement by clip", virtuals),
            *elsewhere(worn),
        ]
    )


if __name__ == "__main__":
    asked = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    where = Path(asked[0]) if asked else FOLDER
    (ROOT / "validation/placement.md").write_text(report(where), encoding="utf-8")
