"""Session: what is prescribed, made of steps; written by a person or by the programme, followed by a runner."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput
from retropace.files import read_table
from retropace.quantities import Direction, Gait


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `gait` in `direction` for `duration_s`. `name` is what a watch shows."""

    gait: Gait
    direction: Direction
    duration_s: float
    name: str = ""
    speed_mps: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Steps in order, repeats written out."""

    name: str
    steps: tuple[Step, ...]

    @property
    def duration_s(self) -> float:
        """Sum of the steps [s]."""
        return sum(step.duration_s for step in self.steps)


@dataclass(frozen=True, slots=True)
class Played:
    """A session as a coach played it: its first step began at `start_s` of the recording, each other where one ended.

    It says what was asked and when, exactly; not what was done.
    """

    session: Session
    start_s: float


#: What a session file may ask for in `do`.
DOINGS: dict[str, tuple[Gait, Direction]] = {
    "walk": (Gait.WALK, Direction.FORWARD),
    "run": (Gait.RUN, Direction.FORWARD),
    "reverse run": (Gait.RUN, Direction.BACKWARD),
    "reverse walk": (Gait.WALK, Direction.BACKWARD),
    "stand": (Gait.STAND, Direction.NONE),
}


def load_session(path: Path) -> Session:
    """The session in a TOML file: `name`, and `[[steps]]` of `do` and `seconds`, or of `times` and nested `steps`.

    A step may have a `name` and `speed_mps`. Raises UnusableInput naming the field that cannot be used.
    """
    content = read_table(path, "The session")
    steps = _steps(content.get("steps"), path.name, "steps")
    if not steps:
        raise UnusableInput("The session has no steps", file=path.name, field="steps", remedy=_EXAMPLE)
    return Session(str(content.get("name", path.stem)), tuple(steps))


def session_text(session: Session) -> str:
    """The session as a TOML file that `load_session` reads back."""
    words = {way: word for word, way in DOINGS.items()}
    lines = [f"name = {_quoted(session.name)}"]
    for step in session.steps:
        doing = words.get((step.gait, step.direction))
        if doing is None:
            raise UnusableInput(f"A session file has no word for {step.gait} {step.direction}", field=step.name)
        lines += ["", "[[steps]]", f'do = "{doing}"', f"seconds = {step.duration_s:g}", f"name = {_quoted(step.name)}"]
        lines += [] if step.speed_mps is None else [f"speed_mps = {step.speed_mps!r}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_EXAMPLE = 'Write for example: [[steps]] do = "reverse run", seconds = 20.'


def _steps(entries: Any, file: str, field: str, depth: int = 0) -> list[Step]:
    if entries is None:
        return []
    if not isinstance(entries, list) or depth > 2:
        raise UnusableInput("Steps must be a list, nested at most twice", file=file, field=field, remedy=_EXAMPLE)
    written_out: list[Step] = []
    for number, entry in enumerate(entries):
        written_out.extend(_entry(entry, file, f"{field}[{number}]", depth))
        if len(written_out) > 1000:
            raise UnusableInput("The session has more than 1000 steps", file=file, field=field)
    return written_out


def _entry(entry: Any, file: str, field: str, depth: int) -> list[Step]:
    if not isinstance(entry, dict):
        raise UnusableInput("A step must be a table", file=file, field=field, remedy=_EXAMPLE)
    if "steps" in entry:
        times = entry.get("times", 1)
        if not isinstance(times, int) or not 1 <= times <= 200:
            raise UnusableInput("`times` must be a whole number from 1 to 200", file=file, field=f"{field}.times")
        return _steps(entry["steps"], file, f"{field}.steps", depth + 1) * times
    doing = entry.get("do")
    if not isinstance(doing, str) or doing not in DOINGS:
        known = ", ".join(DOINGS)
        raise UnusableInput(f"`do` is {doing!r}", file=file, field=f"{field}.do", remedy=f"Use one of: {known}.")
    seconds = entry.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 1 <= seconds <= 86_400:
        raise UnusableInput("`seconds` must be a number from 1 to 86400", file=file, field=f"{field}.seconds")
    speed = entry.get("speed_mps")
    if speed is not None and (isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 < speed <= 12.5):
        raise UnusableInput("`speed_mps` must be a number up to 12.5", file=file, field=f"{field}.speed_mps")
    gait, direction = DOINGS[doing]
    return [Step(gait, direction, float(seconds), str(entry.get("name", doing)), speed)]
