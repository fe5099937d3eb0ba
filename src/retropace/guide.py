"""Guide: a session made ready for a live coach: what is done when, what is said, and what makes it stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retropace.cues import Cue, as_json, timeline
from retropace.pieces import Around, Piece, longest_here_s, pieces, speed_mps
from retropace.place import Place, Surface, Watcher
from retropace.rules import Rules
from retropace.screening import Limits
from retropace.session import Session
from retropace.texts import sentence

#: What a coach shows for each thing to do, in one big word.
_STATES = {"reverse_run": "reverse", "reverse_walk": "reverse", "run": "run", "stand": "stand", "other": "stand"}
_STATES |= {"turn": "stop", "stop": "stop"}
#: Rules a coach goes by, each under the name it has in coach.toml.
_RULES = (
    *("beat", "lost", "spotter_grace", "undelivered", "sound_grace", "clock_stall", "hidden_grace", "stale_cue"),
    *("speed_margin", "speed_for", "speed_plausible", "gps_accuracy", "battery_low", "resume_hold"),
)
#: Who can look out other than a person at the other phone.
_OTHERWISE = frozenset({Watcher.MIRROR, Watcher.RAIL, Watcher.NOBODY})


@dataclass(frozen=True, slots=True)
class Room:
    """How far a piece may go. `room_s` is how long at most it may last, `room_m` how far it may lead from where it begins.

    `room_m` is None where the way has no end (a treadmill), and where nobody said how long it is.
    """

    room_s: float
    room_m: float | None


@dataclass(frozen=True, slots=True)
class Guide:
    """One session, ready to be coached. `rooms` belongs to the pieces that go backward, None for the others.

    `watchers`: any one of these must look out; `watcher` is who does at this place.
    """

    session: Session
    pieces: tuple[Piece, ...]
    rooms: tuple[Room | None, ...]
    cues: tuple[Cue, ...]
    limits: Limits
    place: Place
    rules: Rules
    week: int
    language: str = "en"

    @property
    def spotter_required(self) -> bool:
        """Whether a person must look out, and nothing else will do."""
        return bool(self.limits.watchers) and not _OTHERWISE.intersection(self.limits.watchers)

    @property
    def backward(self) -> bool:
        """Whether anything in it goes backward."""
        return any(piece.backward for piece in self.pieces)


def guide(
    session: Session,
    limits: Limits,
    place: Place,
    rules: Rules,
    *,
    week: int = 1,
    neck_strain: float = 0.0,
    language: str = "en",
) -> Guide:
    """`session` as it may be coached at `place`: the cues of `cues.timeline`, its pieces, and the room each one has."""
    strained = neck_strain > rules.number("progression.neck_hold")
    spotter, mirror = place.watcher is Watcher.SPOTTER, place.watcher is Watcher.MIRROR
    treadmill = place.surface is Surface.TREADMILL
    around = Around(spotter, mirror, strained, treadmill, place.clear_length_m)
    said = timeline(
        session,
        limits,
        rules,
        week=week,
        spotter=spotter,
        mirror=mirror,
        neck_strain=neck_strain,
        clear_length_m=place.clear_length_m,
        treadmill=treadmill,
        language=language,
    )
    cut = pieces(session, limits, around, rules)
    rooms = tuple(_rooms(cut, session, limits, around, rules))
    return Guide(session, cut, rooms, said, limits, place, rules, week, language)


def _rooms(
    cut: Sequence[Piece], session: Session, limits: Limits, around: Around, rules: Rules
) -> Iterator[Room | None]:
    """The room of each piece: what lies behind since the last turn or way forward counts against the same straight."""
    used_s = 0.0
    for piece in cut:
        if not piece.backward:
            used_s = used_s if piece.doing in ("stand", "other") else 0.0
            yield None
            continue
        step = session.steps[piece.step]
        if around.treadmill:
            yield Room(limits.bout_at(speed_mps(step, limits, rules), rules), None)
            continue
        room_s = max(piece.duration_s, longest_here_s(step, limits, around, rules) - used_s)
        used_m = used_s * speed_mps(step, limits, rules)
        yield Room(room_s, None if limits.clear_run_m is None else max(0.0, limits.clear_run_m - used_m))
        used_s += piece.duration_s


def guide_json(made: Guide) -> dict[str, object]:
    """The guide as a plain dict for a player elsewhere; times in seconds from the session's start.

    `pieces` follow each other without gaps; `state` is reverse, walk, run, stand or stop; `rules` are those of coach.toml.
    """
    limits = made.limits
    return as_json(made.cues, made.language) | {
        "name": made.session.name,
        "pieces": [_piece(made, at) for at in range(len(made.pieces))],
        "safety": {
            "spotter_required": made.spotter_required,
            "watchers": [watcher.value for watcher in limits.watchers],
            "watcher": None if made.place.watcher is None else made.place.watcher.value,
            "treadmill": made.place.surface is Surface.TREADMILL,
            "treadmill_kmh": limits.treadmill_kmh,
            "speed_mps": limits.speed_mps,
            "clear_m": limits.clear_run_m,
        },
        "rules": {name: made.rules.number(f"coach.{name}") for name in _RULES},
        "says": {name: made.rules.rule(f"coach.{name}").says for name in _RULES},
    }


def _piece(made: Guide, at: int) -> Mapping[str, object]:
    piece, room = made.pieces[at], made.rooms[at]
    step = made.session.steps[piece.step]
    speed = speed_mps(step, made.limits, made.rules) if piece.backward else step.speed_mps
    return {
        "start_s": piece.start_s,
        "end_s": piece.end_s,
        "step": piece.step,
        "doing": piece.doing,
        "state": _STATES.get(piece.doing, "walk"),
        "words": _words(piece, made.language),
        "repeat": piece.repeat,
        "of": piece.of,
        "speed_mps": speed,
        "room_s": None if room is None else room.room_s,
        "room_m": None if room is None else room.room_m,
    }


def _words(piece: Piece, language: str) -> str:
    """What is done, as it is named."""
    return sentence(f"cues.doing.{piece.called}", language).format(name=piece.name)
