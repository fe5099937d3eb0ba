"""What a sensor on a foot says of direction, by person and cue, and how well it finds when the foot comes and goes.

Run: .venv/bin/python validation/foot_events.py [FOLDER]   (default ../shared/data)

Writes validation/foot_events.md. Real people all went forward; backward is virtual, from motion captures. *Right*,
*silent* and *wrong* are counted by seconds (each a window of 2 s) and by bouts, without prior and other witnesses. The
recordings are other people's and stay where they are.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from validation.recordings import FOLDER, Real, counted_steps, feet_and_lower_back  # noqa: E402

from retropace.mocap import Clip, clips, in_a_row, looped  # noqa: E402
from retropace.motion import foot, foot_contacts, synchrony  # noqa: E402
from retropace.motion.heard import Heard  # noqa: E402
from retropace.motion.listener import listen  # noqa: E402
from retropace.quantities import Direction, Gait  # noqa: E402
from retropace.recording import FloatArray, Stream  # noqa: E402

#: What is below this is silent [nats a second]; bouts from this length on count [s]; a window reaches so far [s].
SILENT_NATS, BOUT_S, REACH_S = 0.4, 5.0, 1.0
LOOKS = (foot.look, synchrony.look)
EVENTS = {"lf": "LeftFootEvents", "rf": "RightFootEvents"}
#: A contact found further than this from any marked one is no find [s].
FAR_S = 0.25
#: Virtual clips are gone through again and again for so long [s].
LOOP_S = 12.0


@dataclass(frozen=True, slots=True)
class Bout:
    """Seconds of one direction: forward nats of each, and both cues, positive where right."""

    who: str
    what: str
    nats: FloatArray
    way: FloatArray
    push: FloatArray

    @property
    def total(self) -> float:
        """All nats."""
        return float(np.nansum(self.nats))


def bout(who: str, what: str, heard: Heard, span_s: tuple[float, float], direction: Direction) -> Bout:
    """What was heard in the seconds whose window lies in `span_s`."""
    inside = (heard.time_s + 0.5 - REACH_S >= span_s[0]) & (heard.time_s + 0.5 + REACH_S <= span_s[1])
    sign = 1.0 if direction is Direction.FORWARD else -1.0
    nats = -sign * foot.say(heard).backward_nats[inside]
    return Bout(who, what, nats, sign * heard["foot_way"][inside], sign * heard["foot_push"][inside])


def walked(found: Sequence[Real]) -> Iterator[Bout]:
    """The ways there and back of the walkers whose turns are marked."""
    for real in found:
        marks = json.loads(_marks(real).read_text())
        (begin, end), (turn, turned) = marks["TrialBoundaries"], marks["UTurnBoundaries"]
        heard = listen(real.recording.motion, LOOKS, {})
        for span in ((begin, turn), (turned, end)):
            yield bout(real.person, "walk", heard, (span[0] / 100, span[1] / 100), Direction.FORWARD)


def counted(found: Sequence[Real]) -> Iterator[Bout]:
    """Whole recordings of feet and shanks, nothing known of their ends."""
    for real in found:
        heard = listen(real.recording.motion, LOOKS, {})
        span = (3.0, real.recording.duration_s - 3.0)
        yield bout(real.person, f"{real.gait}, {real.site}", heard, span, Direction.FORWARD)


def captured(found: Sequence[Clip]) -> Iterator[Bout]:
    """Virtual feet, left and right, turned any way on the foot."""
    for number, clip in enumerate(found):
        longer = looped(clip, LOOP_S)
        for side in ("left", "right"):
            worn = in_a_row([longer or clip], "foot", side, seed=number)
            heard = listen(worn.recording.motion, LOOKS, {})
            for one in worn.bouts if len(heard) else ():
                if one.direction in (Direction.FORWARD, Direction.BACKWARD) and one.gait is not Gait.STAND:
                    who = f"{clip.source} {clip.performer}"
                    yield bout(who, f"{one.gait} {one.direction}", heard, (one.start_s, one.end_s), one.direction)


def _marks(real: Real) -> Path:
    return real.path.with_name(real.path.stem.split("_")[0] + ".json")


def table(bouts: Sequence[Bout]) -> list[str]:
    """Lines of a Markdown table, one row for each person and kind of walking."""
    grouped: dict[tuple[str, str], list[Bout]] = defaultdict(list)
    for one in bouts:
        grouped[one.who, one.what].append(one)
    head = [
        "| who | what | s | right % | silent % | wrong % | went | push | bouts | right | wrong | fewest | in a row |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    return head + [_row(who, what, group) for (who, what), group in sorted(grouped.items())]


def _row(who: str, what: str, group: Sequence[Bout]) -> str:
    nats = np.concatenate([one.nats for one in group])
    right, wrong = np.mean(nats > SILENT_NATS), np.mean(nats < -SILENT_NATS)
    cues = [_right(np.concatenate([getattr(one, cue) for one in group])) for cue in ("way", "push")]
    long = [one for one in group if one.nats.size + 1 >= BOUT_S]
    in_five = [np.convolve(np.nan_to_num(one.nats), np.ones(5), "valid").min() for one in long if one.nats.size >= 5]
    shares = " | ".join(f"{100 * share:.1f}" for share in (right, 1 - right - wrong, wrong))
    rights, wrongs = sum(one.total > 0 for one in long), sum(one.total < 0 for one in long)
    fewest = f"{min(in_five):.1f}" if in_five else "-"
    judged = f"{len(long)} | {rights} | {wrongs} | {fewest} | {max(most_in_a_row(-one.nats) for one in group):.1f}"
    return f"| {who} | {what} | {nats.size} | {shares} | {cues[0]} | {cues[1]} | {judged} |"


def most_in_a_row(nats: FloatArray) -> float:
    """The most that neighbouring seconds add up to."""
    best = here = 0.0
    for value in np.nan_to_num(nats).tolist():
        here = max(0.0, here + value)
        best = max(best, here)
    return best


def _right(cue: FloatArray) -> str:
    said = cue[np.isfinite(cue)]
    return f"{100 * np.mean(said > 0):.1f}" if said.size else "-"


# -- worse sensors -------------------------------------------------------------------------------------------------------

Motion = dict[str, Stream]


def changed(
    motion: Motion, of: str, change: Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
) -> Motion:
    """`motion` with times (n,) and values (3, n) of the sensors whose name contains `of` changed."""
    found = {}
    for name in ("accelerometer", "gyroscope"):
        time_s, values = motion[name].time_s, np.stack(list(motion[name].channels.values()))
        if of in name:
            time_s, values = change(time_s, values)
        rows = np.ascontiguousarray(values)
        found[name] = Stream(np.ascontiguousarray(time_s), dict(zip(motion[name].channels, rows, strict=True)))
    return found


def played_backward(motion: Motion) -> Motion:
    """Time reversed: what the sensors would have felt had the person done it all the other way round."""
    end_s = max(float(motion[name].time_s[-1]) for name in ("accelerometer", "gyroscope"))
    turned = changed(motion, "", lambda time_s, values: ((end_s - time_s)[::-1], values[:, ::-1]))
    return changed(turned, "gyroscope", lambda time_s, values: (time_s, -values))


def dropped(time_s: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A tenth of the samples lost, the same of both sensors."""
    kept = np.random.default_rng(0).random(time_s.size) > 0.1
    return time_s[kept], values[:, kept]


def slower(rate_hz: float) -> Callable[[Motion], Motion]:
    """Fewer samples a second, read off between the ones there are."""

    def change(time_s: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        times = np.arange(time_s[0], time_s[-1], 1 / rate_hz)
        return times, np.stack([np.interp(times, time_s, row) for row in values])

    return lambda motion: changed(motion, "", change)


def late(by_s: float) -> Callable[[Motion], Motion]:
    """The gyroscope's clock `by_s` late."""
    return lambda motion: changed(motion, "gyroscope", lambda time_s, values: (time_s + by_s, values))


def limited(range_g: float, range_deg: float) -> Callable[[Motion], Motion]:
    """Sensors with a small range."""

    def change(motion: Motion) -> Motion:
        for name, limit in (("accelerometer", range_g * 9.80665), ("gyroscope", np.deg2rad(range_deg))):
            motion = changed(motion, name, lambda time_s, values, limit=limit: (time_s, np.clip(values, -limit, limit)))  # type: ignore[misc]
        return motion

    return change


WORSE: dict[str, Callable[[Motion], Motion]] = {
    "as recorded": lambda motion: motion,
    "gyroscope off by 5 degrees/s": lambda motion: changed(
        motion,
        "gyroscope",
        lambda time_s, values: (time_s, values + np.deg2rad(5) * np.array([[0.6], [-0.64], [0.48]])),
    ),
    "10 % of the samples lost": lambda motion: changed(motion, "", dropped),
    "time 1.6 times too long": lambda motion: changed(motion, "", lambda time_s, values: (1.6 * time_s, values)),
    "range 8 g, 500 degrees/s": limited(8, 500),
    "range 2 g, 250 degrees/s": limited(2, 250),
    "50 samples a second": slower(50),
    "25 samples a second": slower(25),
    **{f"gyroscope {by_s:+.1f} s": late(by_s) for by_s in (-0.5, -0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.5)},
}


def worse_table(motions: Sequence[Motion]) -> list[str]:
    """Lines of a Markdown table: what real feet say with worse sensors, forward and played backward."""
    lines = [
        "| sensor | way | seconds stepping | right % | silent % | wrong % | most wrong in a row, nats |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, worse in WORSE.items():
        for way, sign, turn in (("forward", -1, lambda motion: motion), ("played backward", 1, played_backward)):
            heards = [listen(worse(turn(motion)), LOOKS, {}) for motion in motions]
            told = [sign * foot.say(h).backward_nats[np.isfinite(h["foot_turning_radps"])] for h in heards if len(h)]
            nats = np.nan_to_num(np.concatenate(told))
            right, wrong = np.mean(nats > SILENT_NATS), np.mean(nats < -SILENT_NATS)
            shares = " | ".join(f"{100 * share:.1f}" for share in (right, 1 - right - wrong, wrong))
            lines.append(
                f"| {name} | {way} | {nats.size} | {shares} | {max(most_in_a_row(-one) for one in told):.1f} |"
            )
    return lines


def contact_table(found: Sequence[Real]) -> list[str]:
    """Lines of a Markdown table of contacts against the marked ones, by person."""
    lines = [
        "| who | marked | initial ms | 95 % | bias | missed | false | final ms | 95 % | bias | missed | false |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for person in sorted({real.person for real in found}):
        mine = [real for real in found if real.person == person]
        cells, marked = [], 0
        for kind in (0, 1):
            apart, missed, false, marked = _contacts(mine, kind)
            size = 1000 * np.abs(apart)
            about = f"{np.median(size):.0f} | {np.percentile(size, 95):.0f} | {1000 * np.median(apart):.0f}"
            cells.append(f"{about} | {missed} | {false}")
        lines.append(f"| {person} | {marked} | {' | '.join(cells)} |")
    return lines


def _contacts(found: Sequence[Real], kind: int) -> tuple[FloatArray, int, int, int]:
    """Errors [s], missed, false and marked contacts; `kind` 0 initial, 1 final."""
    apart, missed, false, marked = [], 0, 0, 0
    for real in found:
        swings = np.array(json.loads(_marks(real).read_text())[EVENTS[real.site]]) / 100
        true = swings[:, 1 - kind]
        ours = listen(real.recording.motion, [], {"foot": foot_contacts.contacts}).contacts["foot"][kind]
        inside = np.isfinite(ours) & (ours > swings[0, 0] - 0.5) & (ours < swings[-1, 1] + 0.5)
        differences = ours[inside][:, None] - true
        nearest = np.abs(differences).argmin(axis=0)
        error = differences[nearest, np.arange(true.size)]
        apart.append(error[np.abs(error) < FAR_S])
        missed += int(np.sum(np.abs(error) >= FAR_S))
        false += int(np.sum(np.abs(differences).min(axis=1) >= FAR_S))
        marked += true.size
    return np.concatenate(apart), missed, false, marked


def report(folder: Path) -> str:
    """The whole page."""
    feet = [real for real in feet_and_lower_back(folder / "feet-and-lower-back-imu") if real.placement == "foot"]
    sites = ("foot", "lower leg")
    strapped = [real for real in counted_steps(folder / "counted-steps-imu") if real.site in sites]
    parts = [
        "# What a foot says\n",
        "Written by `validation/foot_events.py`. Went: where the foot went against its toe, push: pushed while",
        "turning (c1): right % of the seconds in which each said something. Bouts are those of 5 s and more; a bout of 5 s",
        "must bring 15.7 nats to be called backward by itself, *fewest* is what the worst 5 s bring, *in a row* the most",
        "that neighbouring seconds ever said for the wrong way. Nothing is fitted on any of the real ones.\n",
        "## Real feet, walking forward (back-1 and back-2 were explored)\n",
        *table(list(walked(feet))),
        "\nThe seconds around the U-turn are left out.\n",
        "## Real feet and shanks of counted steps, forward, 24 samples a second, clipped at 2 g\n",
        *table(list(counted(strapped))),
        "\nA shank is no foot; that it agrees is chance of anatomy, not a promise. Ends of recordings are left out (3 s).\n",
        "## Virtual feet (simulated from motion captures), each turned any way\n",
        *table(list(captured(list(clips(folder / "mocap"))))),
        "\nBackward is virtual only. The accelerations of accad's runs fail the gate of free fall.\n",
        "## Worse sensors on the same real feet, forward and played backward in time\n",
        *worse_table([dict(real.recording.motion) for real in feet]),
        "\nA foot played backward is what backward walking is to first order, not what anybody did. The seconds of standing",
        "up, turning and stopping are in it. Silence is right where the sensor cannot tell: nothing here reaches the 13.5",
        "nats that going backward costs.\n",
        "## Contacts of real feet, as marked by the makers, 10 ms apart at best\n",
        *contact_table(feet),
        "\nMarked contacts include those of the U-turn, of which some are turns on the spot. Running contacts were marked",
        "by nobody; on the one captured run that passes the gate (cmu, 2.7 m/s) they end within 10 ms of where ankle and",
        "toe rise by 2 cm. The simulated foot hardly moves for 0.03 to 0.1 s at either end of its swing, so that its",
        "contacts are found longer than it was told to make them: that is the simulation, which has no impact.",
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    page = report(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
    Path(__file__).with_suffix(".md").write_text(page, encoding="utf-8")
    print(page)
