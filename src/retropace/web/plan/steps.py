"""Steps: a session as a list one can read before it begins, repeats folded."""

from dataclasses import dataclass

from retropace.quantities import Direction, Gait, System
from retropace.session import Session, Step
from retropace.web.language import say
from retropace.web.plan.words import brief, speed
from retropace.writers.steps import folded, played


@dataclass(frozen=True, slots=True)
class Item:
    """One step: what it is, how long, how fast at most, what to do in it; `way` is backward, forward or none."""

    name: str
    lasts: str
    pace: str
    how: str
    way: str


@dataclass(frozen=True, slots=True)
class Line:
    """Steps that are done `times` times one after the other, with `between` between each two."""

    times: int
    items: tuple[Item, ...]
    between: tuple[Item, ...] = ()


def step_lines(session: Session, system: System) -> tuple[Line, ...]:
    """The session in lines. Of repeats with a pause between, the last has none: it is counted with the others."""
    lines: list[Line] = []
    for block in folded(played(session.steps)):
        items = tuple(_item(one.step, system) for one in block.items)
        before = lines[-1] if lines else None
        if before is not None and before.times > 1 and block.times == 1 and items == before.items[: len(items)]:
            lines[-1] = Line(before.times + 1, items, before.items[len(items) :])
        else:
            lines.append(Line(block.times, items))
    return tuple(lines)


def _item(step: Step, system: System) -> Item:
    name, how = _words(step)
    backward = step.direction is Direction.BACKWARD
    pace = (
        say("At most {speed}.", speed=speed(step.speed_mps, system)) if step.speed_mps is not None and backward else ""
    )
    return Item(name, brief(step.duration_s), pace, how, str(step.direction))


def _words(step: Step) -> tuple[str, str]:
    """What a step is called, and what to do in it."""
    known = {
        "Warm-up walk": (say("Walk forward"), say("Both ways along your straight: look where you will go.")),
        "Warm-up drills": (say("Loosen up"), say("Ankle circles, calf raises, leg swings, slow neck turns.")),
        "Warm-up reverse": (say("Walk backward"), say("Toes first, tall, small steps.")),
        "Practice stop": (say("Practise the stop"), say("Stop, stand, look round.")),
        "Backward look": (say("Walk backward and look behind"), say("Left and right in turn.")),
        "Reverse": (say("Run backward"), say("Tall, nose over toes, small quick steps.")),
        "Backward walk": (say("Walk backward"), say("Toes first, tall.")),
        "Walk": (say("Walk forward"), ""),
        "Run forward": (say("Jog forward"), ""),
        "Stand": (say("Stand"), ""),
        "Stop and turn": (say("Stop, turn, go back"), ""),
        "Easy run": (say("Easy run forward"), ""),
        "Cool-down walk": (say("Walk forward"), say("Until the breath is calm.")),
    }
    return known.get(step.name, (step.name or _plain(step), ""))


def _plain(step: Step) -> str:
    names = {
        (Gait.RUN, Direction.BACKWARD): say("Run backward"),
        (Gait.WALK, Direction.BACKWARD): say("Walk backward"),
        (Gait.RUN, Direction.FORWARD): say("Run forward"),
        (Gait.WALK, Direction.FORWARD): say("Walk forward"),
    }
    return names.get((step.gait, step.direction), say("Stand"))
