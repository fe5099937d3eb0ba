"""Wording: steps, limits and care in words, short enough for a watch or whole for paper. English."""

import datetime as dt
import math
from collections.abc import Mapping

from retropace.exercises import Dose, Workout, exercises, minutes
from retropace.place import Place, Watcher
from retropace.programme import Goal, Kind
from retropace.quantities import Direction, Gait, System, elapsed, shown
from retropace.rules import rules_on
from retropace.saying import listed, sentence, watcher_words
from retropace.screening import Clearance, Level, Limits
from retropace.session import DOINGS, Session, Step
from retropace.sources import bibliography
from retropace.witness import said_by_name
from retropace.writers.steps import Block, Played, folded, played

#: What a watch shows of a step's name.
LONGEST_NAME = 15

_SHORT = {
    (Gait.RUN, Direction.BACKWARD): ("BACK", ""),
    (Gait.WALK, Direction.BACKWARD): ("BACK", "walk"),
    (Gait.RUN, Direction.FORWARD): ("RUN", ""),
    (Gait.WALK, Direction.FORWARD): ("WALK", ""),
    (Gait.RUN, Direction.SIDEWAYS): ("SIDE", "run"),
    (Gait.WALK, Direction.SIDEWAYS): ("SIDE", "walk"),
    (Gait.STAND, Direction.NONE): ("STAND", ""),
}
_LONG = {
    (Gait.RUN, Direction.BACKWARD): "reverse run",
    (Gait.WALK, Direction.BACKWARD): "backward walk",
    (Gait.RUN, Direction.FORWARD): "run",
    (Gait.WALK, Direction.FORWARD): "walk",
    (Gait.RUN, Direction.SIDEWAYS): "sideways run",
    (Gait.WALK, Direction.SIDEWAYS): "sideways walk",
    (Gait.STAND, Direction.NONE): "stand",
}
_LEVELS = {
    Level.RUN: "Cleared to run backward, within these limits",
    Level.WALK: "Cleared to walk backward, within these limits",
    Level.NOT_NOW: "Not backward for now",
}


def movement(step: Step) -> str:
    """What a step asks for: "reverse run"."""
    return _LONG[step.gait, step.direction]


def lasting(seconds: float) -> str:
    """A duration as a coach says it.

    >>> lasting(20), lasting(90), lasting(300), lasting(3900)
    ('20 s', '1:30 min', '5 min', '1 h 5 min')
    """
    whole, rest = divmod(seconds, 60)
    if seconds <= 60 or rest != int(rest):
        return f"{seconds:g} s"
    if rest:
        return f"{whole:g}:{rest:02g} min"
    hours, left = divmod(int(whole), 60)
    parts = [f"{hours} h" if hours else "", f"{left} min" if left else ""]
    return " ".join(part for part in parts if part)


def speed(mps: float, system: System = "metric") -> str:
    """A speed as belts and watches show it: "6.5 km/h"."""
    value, unit = shown(mps * 3.6, "km/h", system)
    return f"{value:.1f} {unit}"


# -- on a watch -------------------------------------------------------------------------------------------------------


def watch_name(step: Step) -> str:
    """The step's name for a watch, in at most fifteen characters: its own where it fits and is plain, else made.

    >>> watch_name(Step(Gait.RUN, Direction.BACKWARD, 20)), watch_name(Step(Gait.WALK, Direction.FORWARD, 300))
    ('BACK 20s', 'WALK 5min')
    """
    return step.name if own_name_shown(step) else short_name(step)


def own_name_shown(step: Step) -> bool:
    """Whether the step's own name fits a watch and says plainly which way to face."""
    if len(step.name) > LONGEST_NAME or says_nothing(step):
        return False
    return (said_by_name(step.name) == Direction.BACKWARD) == (step.direction == Direction.BACKWARD)


def short_name(step: Step) -> str:
    """Direction first, then how long: "BACK 20s", "BACK 60s walk"."""
    word, gait = _SHORT[step.gait, step.direction]
    for lasts in (_short_time(step.duration_s), ""):
        name = " ".join(part for part in (word, lasts, gait) if part)
        if len(name) <= LONGEST_NAME:
            return name
    return word


def _short_time(seconds: float) -> str:
    if seconds > 60 and seconds % 60 == 0:
        return f"{seconds / 60:g}min"
    return f"{seconds:g}s"


def not_shown(step: Step) -> str | None:
    """The step's own name where a watch shows another that says less, else None."""
    return None if own_name_shown(step) or says_nothing(step) else step.name


def says_nothing(step: Step) -> bool:
    """Whether the step's own name, if any, only repeats how to move."""
    name = step.name.lower()
    return not name or name in DOINGS or name in (movement(step), "reverse", "backward")


# -- care -------------------------------------------------------------------------------------------------------------


def posture(step: Step) -> str:
    """The form of a backward step, in a few words."""
    return "turn round, stand tall, nose over toes, " + ("small steps" if step.gait == Gait.RUN else "toes first")


def step_care(
    step: Step, limits: Limits | None, system: System = "metric", *, treadmill: bool = False
) -> tuple[str, ...]:
    """What to mind in one step, the most important first; on a treadmill nobody needs to look behind."""
    pace = f"About {speed(step.speed_mps, system)}." if step.speed_mps is not None else ""
    if step.direction != Direction.BACKWARD:
        return (pace,) if pace else ()
    watch = (f"Look behind {_glance(limits)}, left and right in turn.", "Stop and turn if anybody comes near.")
    told = (
        f"Backward: {posture(step)}.",
        *(("Hold the rail until you are steady.",) if treadmill else watch),
        pace,
        f"Never above {speed(fastest(limits, treadmill=treadmill), system)}." if limits else "",
    )
    return tuple(words for words in told if words)


def fastest(limits: Limits, *, treadmill: bool) -> float:
    """The fastest anybody with these limits may go backward [m/s]."""
    if treadmill and limits.treadmill_kmh is not None:
        return min(limits.speed_mps, limits.treadmill_kmh / 3.6)
    return limits.speed_mps


def _glance(limits: Limits | None) -> str:
    return "often" if limits is None else f"every {limits.glance_every_s:g} s"


def care(limits: Limits | None, *, treadmill: bool = False, brief: bool = False) -> tuple[str, ...]:
    """What to mind in a session that goes backward; `brief` where each step says its own part."""
    stop = "Stop for the day at sharp pain, dizziness, chest pressure, faintness or a fall."
    if treadmill:
        mill = "Treadmill in manual mode, level, clip on. Turn round on the side rails; keep one speed while backward."
        return (mill, *_watching(limits, "Have somebody at the stop button.", treadmill=True), stop)
    return (
        "Walk the straight forward first: flat, dry, clear, light.",
        *_watching(limits, "Have somebody look out for you, if you can."),
        *(() if brief else (f"Look behind {_glance(limits)}, left and right in turn, never during a countdown.",)),
        *(() if brief else ("If anybody or anything comes near: stop, turn, look.",)),
        stop,
    )


def _watching(limits: Limits | None, otherwise: str, *, treadmill: bool = False) -> tuple[str, ...]:
    if limits is None or treadmill:
        return (otherwise,)
    watchers = limits.watchers
    if not watchers or Watcher.NOBODY in watchers:
        return ()
    return (f"Only with {watcher_words(watchers)}.",)


# -- limits and places ------------------------------------------------------------------------------------------------


def level_words(level: Level) -> str:
    """What somebody is cleared for."""
    return _LEVELS[level]


def limit_words(limits: Limits, system: System = "metric") -> tuple[tuple[str, str], ...]:
    """Each limit: what it bounds, and how far."""
    mill = "none" if limits.treadmill_kmh is None else f"up to {speed(limits.treadmill_kmh / 3.6, system)}, manual mode"
    jog = " jogging with clip and somebody at the stop" if limits.treadmill_run else " walking only"
    return (
        ("Backward", "running and walking" if limits.backward_run else "walking only"),
        ("Fastest", speed(limits.speed_mps, system)),
        (
            "Longest in one go",
            lasting(limits.longest_bout_s) if limits.longest_bout_s else "none: the place is too short",
        ),
        ("Look behind", f"every {limits.glance_every_s:g} s, left and right in turn"),
        ("Looking out", watcher_words(limits.watchers)),
        ("Treadmill", mill if limits.treadmill_kmh is None else mill + "," + jog),
        *((("Start", "at the short end"),) if limits.start_low else ()),
    )


def cleared_for(clearance: Clearance, system: System = "metric") -> tuple[tuple[str, str], ...]:
    """The limits of a clearance; none where nothing is cleared."""
    return () if clearance.level == Level.NOT_NOW else limit_words(clearance.limits, system)


def place_words(where: str, place: Place | None) -> str:
    """Where to go, in one line; empty where nobody said."""
    facts = [where] if where else []
    if place is not None:
        facts += [str(place.surface)] if place.surface else []
        facts += [f"{place.clear_length_m:g} m clear"] if place.clear_length_m is not None else []
        if place.watcher is not None and place.watcher != Watcher.NOBODY:
            facts.append(f"looking out: {watcher_words([place.watcher])}")
    return ", ".join(facts)


# -- a session in words -----------------------------------------------------------------------------------------------


def backward_s(session: Session) -> float:
    """Seconds backward."""
    return sum(step.duration_s for step in session.steps if step.direction == Direction.BACKWARD)


def extent(session: Session) -> str:
    """How long, and how much of it backward: "16:00, of which 2:40 backward"."""
    back = backward_s(session)
    return f"{elapsed(session.duration_s)}, of which {elapsed(back)} backward" if back else elapsed(session.duration_s)


def called(step: Step) -> str:
    """What to do, with the step's own name where it says more: "warm-up walk", "reverse run (relaxed arms)"."""
    name, moves = step.name, movement(step)
    if says_nothing(step):
        return moves
    backward = step.direction == Direction.BACKWARD
    plain = backward or step.gait == Gait.STAND or moves in name.lower()
    if plain and (said_by_name(name) == Direction.BACKWARD) == backward:
        return name
    return f"{moves} ({name})"


def step_line(step: Step, system: System = "metric") -> str:
    """One step: "reverse run 20 s, about 6.5 km/h"."""
    pace = f", about {speed(step.speed_mps, system)}" if step.speed_mps is not None else ""
    return f"{called(step)} {lasting(step.duration_s)}{pace}"


def session_lines(session: Session, system: System = "metric") -> tuple[str, ...]:
    """The session's steps, repeats folded: "6 × reverse run 20 s, walk 60 s"."""
    return tuple(_block_line(block, system) for block in folded(played(session.steps)))


def _block_line(block: Block[Played], system: System) -> str:
    steps = "; ".join(step_line(item.step, system) for item in block.items)
    return sentence(steps) if block.times == 1 else f"{block.times} × ({steps})"


# -- home workouts ----------------------------------------------------------------------------------------------------


def exercise_name(key: str) -> str:
    """An exercise's name from its key."""
    known = exercises().get(key)
    return sentence(key.replace("_", " ")) if known is None else known.name


def dose_words(dose: Dose) -> str:
    """A dose in one line: "3 × 12 each side, 2-0-3 s, rest 60 s"."""
    amount = f"{dose.reps}" if dose.reps is not None else ""
    hold = f"hold {lasting(dose.hold_s)}" if dose.hold_s is not None else ""
    work = f"{dose.sets} × {amount or hold}{' each side' if dose.each_side else ''}"
    extra = hold if amount and hold else ""
    tempo = f"{dose.tempo} s" if dose.tempo else ""
    rest = f"rest {lasting(dose.rest_s)}" if dose.rest_s else ""
    return ", ".join(part for part in (work, extra, tempo, rest) if part)


def workout_lines(workout: Workout) -> tuple[str, ...]:
    """Each exercise with its dose."""
    return tuple(f"{exercise_name(item.exercise)}: {dose_words(item.dose)}" for item in workout.items)


def workout_s(workout: Workout, day: dt.date) -> float:
    """About how long a workout takes [s], to the next five minutes, by the rules of a day."""
    return 300.0 * max(1, math.ceil(minutes(workout, rules_on(day)) / 5))


# -- programmes -------------------------------------------------------------------------------------------------------

_GOALS = {
    Goal.TRY: "A first session backward",
    Goal.REVERSE: "Reverse running that grows",
    Goal.INTERVALS: "Forward and reverse intervals",
    Goal.WARM_UP: "Five minutes reverse in an ordinary run",
    Goal.WALK: "Backward walking",
    Goal.KNEE: "Backward walking beside knee rehabilitation",
    Goal.TREADMILL: "Backward walking on a treadmill",
}
_KINDS = {
    Kind.REVERSE: "Reverse",
    Kind.CHALLENGE: "Challenge",
    Kind.BACKWARD_WALK: "Backward walk",
    Kind.STRENGTH: "Strength",
    Kind.EASY: "Easy",
    Kind.REST: "Rest",
    Kind.EVENT: "Event",
}


def goal_words(goal: Goal) -> str:
    """What a programme is for, as its title."""
    return _GOALS[goal]


def weeks_words(number: int) -> str:
    """A number of weeks."""
    return "1 week" if number == 1 else f"{number} weeks"


def kind_words(kind: Kind) -> str:
    """What a day holds, in a word or two."""
    return _KINDS[kind]


def source_words(key: str) -> str:
    """A source as it stands in a list of sources."""
    source = bibliography().get(key)
    return key if source is None else f"{source.authors} ({source.year}). {source.title}. {source.venue}."


def shortened(names: Mapping[str, str], where: str) -> tuple[str, ...]:
    """What a person is told of long names and what stands for them; `where` the full ones stand."""
    pairs = [f"“{full}” is “{short}”" for full, short in names.items()]
    more = [f"{len(pairs) - 3} more"] if len(pairs) > 3 else []
    return (f"Shorter names: {listed(pairs[:3] + more)}. The full ones stand in {where}.",) if pairs else ()
