"""Cues: a session as a timeline of what is said, shown and felt, at absolute times; pure, so that any player can play it."""

import enum
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from retropace.pieces import Around, Piece, pieces
from retropace.rules import Rules
from retropace.screening import Limits
from retropace.session import Session
from retropace.texts import length, sentence


class CueKind(enum.StrEnum):
    """What a cue is for; a player has a sound of its own for the first four."""

    REVERSE = "reverse"
    WALK = "walk"
    STOP = "stop"
    DONE = "done"
    RUN = "run"
    NEXT = "next"  # names the step to come
    COUNT = "count"  # 3, 2, 1, or 10 and 5 seconds left
    HALFWAY = "halfway"
    FORM = "form"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: `at_s` from the session's start, the key of its text and what fills it; `side` for looks.

    `duration_s` is how long it takes to say, for a look with the glance itself, so that nothing else is said meanwhile.
    `step` is the step it speaks of. Only what is said before a session that begins backward has a time below 0.
    """

    at_s: float
    kind: CueKind
    text: str
    duration_s: float
    step: int
    filling: Mapping[str, str | int] = field(default_factory=dict)
    side: str | None = None

    @property
    def end_s(self) -> float:
        """When it has been said [s]."""
        return self.at_s + self.duration_s


def timeline(
    session: Session,
    limits: Limits,
    rules: Rules,
    *,
    week: int = 1,
    spotter: bool = False,
    mirror: bool = False,
    neck_strain: float = 0.0,
    clear_length_m: float | None = None,
    treadmill: bool = False,
    language: str = "en",
) -> tuple[Cue, ...]:
    """Everything to be said in `session`, in order, no two at once; the same input gives the same cues.

    The runner need not do anything: every cue has its time. `neck_strain` (0 to 10) above progression.neck_hold leaves the
    looking to spotter or mirror; with neither of them, and wherever backward is not allowed or has no room, the step is
    called as walking forward. `clear_length_m` is the straight that was found clear: longer stretches get a turn.
    """
    strained = neck_strain > rules.number("progression.neck_hold")
    known_m = None if clear_length_m is None or math.isnan(clear_length_m) else clear_length_m
    around = Around(spotter, mirror, strained, treadmill, known_m)
    voice = _Voice(around, rules, week, language)
    todo = pieces(session, limits, around, rules)
    said = list(voice.before(todo[0])) if todo and todo[0].backward else []
    named = bool(said)
    for before, piece, following in zip((None, *todo), todo, (*todo[1:], None), strict=False):
        stopping = before is not None and before.backward
        now = voice.of(_from_zero(piece), following, said, named=named, stopping=stopping)
        named = any(cue.kind == CueKind.NEXT and cue.text != "next_least" for cue in now)
        said += [replace(cue, at_s=round(cue.at_s + piece.start_s, 3)) for cue in now]
    end_s = todo[-1].end_s if todo else 0.0
    walked = bool(todo) and todo[-1].doing == "walk"
    return (
        *said,
        voice.cue(round(end_s, 3), CueKind.DONE, "done" if walked else "done_walk", todo[-1].step if todo else 0),
    )


def _from_zero(piece: Piece) -> Piece:
    """The piece on a clock of its own, so that what is said in it does not depend on when it comes."""
    return replace(piece, start_s=0.0, end_s=round(piece.duration_s, 6))


def spoken(cue: Cue, language: str = "en") -> str:
    """What is said.

    >>> spoken(Cue(0, CueKind.NEXT, "next", 2.0, 1, {"doing": "walk", "seconds": 60, "check": "none"}))
    'Walk, 1 minute.'
    """
    return _filled(cue.text, cue.filling, language)


def as_json(cues: Sequence[Cue], language: str = "en") -> dict[str, object]:
    """The timeline as a plain dict for a player elsewhere: times in seconds from the session's start, texts filled in."""
    return {
        "version": 1,
        "language": language,
        "starts_s": min((0.0, *(cue.at_s for cue in cues))),
        "ends_s": max((0.0, *(cue.at_s for cue in cues if cue.kind == CueKind.DONE))),
        "cues": [
            {
                "at_s": cue.at_s,
                "kind": cue.kind.value,
                "key": cue.text,
                "say": spoken(cue, language),
                "duration_s": cue.duration_s,
                "step": cue.step,
                "side": cue.side,
            }
            for cue in cues
        ],
    }


def said_s(words: str, words_per_s: float) -> float:
    """How long `words` take to say [s], rounded up to tenths; a number from 21 on counts as two words.

    >>> said_s("Reverse run, 25 seconds", 2.5)
    2.0
    """
    count = sum(
        1 if not word.isdigit() or int(word) <= 20 or int(word) % 10 == 0 else 2 for word in _WORD.findall(words)
    )
    return math.ceil(10 * count / words_per_s - 1e-9) / 10


#: A last look may be this much sooner than it could be [s], which saves the neck one.
_LATER_S = 1.0
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_GO = {"reverse_run": CueKind.REVERSE, "reverse_walk": CueKind.REVERSE, "run": CueKind.RUN}
_GO |= dict.fromkeys(("stand", "turn", "stop"), CueKind.STOP)


def _filled(text: str, filling: Mapping[str, str | int], language: str) -> str:
    words = {name: str(value) for name, value in filling.items()}
    for table in ("doing", "check"):
        if table in filling:
            words[table] = sentence(f"cues.{table}.{filling[table]}", language).format(**words)
    if "seconds" in filling:
        words["length"] = length(int(filling["seconds"]), language)
    return " ".join(sentence(f"cues.{text}", language).format(**words).split())


class _Voice:
    """What says a session: pace of speech, and the rules of when to say what."""

    def __init__(self, around: Around, rules: Rules, week: int, language: str) -> None:
        self.around = around
        self.rules = rules
        self.language = language
        self.pause_s = rules.number("cues.pause")
        self.words_per_s = rules.number("cues.words_per_second")
        self.glance_s = rules.number("cues.glance")
        self.look_s = self.cue(0, CueKind.LOOK, "look_right", 0).duration_s
        self.form = str(rules.rule("cues.form").value).split()
        if week >= rules.number("cues.longer_step_week"):
            self.form.append("longer_step")
        if around.treadmill:
            self.form.insert(0, "rail")

    def cue(
        self,
        at_s: float,
        kind: CueKind,
        text: str,
        step: int,
        filling: Mapping[str, str | int] | None = None,
        side: str | None = None,
    ) -> Cue:
        """A cue as long as it takes to say, and to look."""
        lasts_s = said_s(_filled(text, filling or {}, self.language), self.words_per_s)
        glance_s = self.glance_s if kind == CueKind.LOOK else 0.0
        return Cue(at_s, kind, text, round(lasts_s + glance_s, 3), step, filling or {}, side)

    def before(self, piece: Piece) -> list[Cue]:
        """What is said before a session that begins backward: its name, and three, two, one."""
        counts = [self._count(piece, piece.start_s - left, left) for left in self.rules.numbers("cues.count_in")]
        lead = self._lead_in(piece, "next_repeat" if piece.of else "next", 0.0)
        return [replace(lead, at_s=round(counts[0].at_s - self.pause_s - lead.duration_s, 3)), *counts]

    def of(
        self, piece: Piece, following: Piece | None, said: Sequence[Cue], *, named: bool, stopping: bool
    ) -> list[Cue]:
        """What is said during `piece`.

        `said` is what was said before, `named` whether the piece's name was the last part of that, `stopping` whether it
        ends a stretch backward.
        """
        start = self._start(piece, named=named, stopping=stopping)
        if not piece.backward:
            fixed = [start, *self._ending(piece, following, start.end_s + self.pause_s)]
            return _in_order([*fixed, *_fitting(self._halfway(piece), fixed, self.pause_s)])
        counts = self._counts(piece, start.end_s + self.pause_s)
        last_s = counts[-1 if self._long(piece) else 0].at_s if counts else piece.end_s
        busy = self._looks(piece, [start, *counts], last_s, said)
        busy += self._goes_on(following, busy, start.end_s, last_s)
        return _in_order([*busy, *self._forms(piece, busy, last_s, sum(cue.kind == CueKind.FORM for cue in said))])

    # -- the beginning and the end of a piece --------------------------------------------------------------------------

    def _start(self, piece: Piece, *, named: bool, stopping: bool) -> Cue:
        kind = _GO.get(piece.doing, CueKind.WALK)
        short = self.cue(piece.start_s, kind, f"go.{piece.called}", piece.step)
        if piece.doing in ("turn", "stop") and short.end_s + self.pause_s > piece.end_s:
            return self.cue(piece.start_s, kind, "go.stand", piece.step)
        if named or piece.backward or piece.doing in ("turn", "stop"):
            return short
        text = "go_stop" if kind == CueKind.STOP and stopping else "go_repeat" if piece.of else "go_named"
        full = self.cue(piece.start_s, kind, text, piece.step, self._facts(piece))
        return full if full.end_s + self.pause_s <= piece.end_s else short

    def _long(self, piece: Piece) -> bool:
        return piece.duration_s >= self.rules.number("cues.warnings_from")

    def _ending(self, piece: Piece, following: Piece | None, free_s: float) -> list[Cue]:
        """The countdown, and the name of what follows in front of its last part; whatever of both has room."""
        counts = self._counts(piece, free_s)
        if following is None:
            return counts
        for these in (counts, []) if counts else ([],):
            lead = self._lead(piece, following, these, free_s)
            if lead is not None:
                return [*these, lead]
        return counts

    def _goes_on(self, following: Piece | None, busy: Sequence[Cue], from_s: float, last_s: float) -> list[Cue]:
        """On the way backward only more of it is named before it begins, shortly, as late as the looks allow.

        Walking or a turn to come is not: its own cue begins with the one word to act on.
        """
        if following is None or not following.backward:
            return []
        lead = self._lead_in(following, "next_least", 0.0)
        at_s = _Air(busy, self.pause_s, lead.duration_s).latest(from_s, last_s - self.pause_s - lead.duration_s)
        return [] if at_s is None else [replace(lead, at_s=at_s)]

    def _counts(self, piece: Piece, free_s: float) -> list[Cue]:
        lefts = self.rules.numbers("cues.warnings" if self._long(piece) else "cues.count_in")
        found = [self._count(piece, piece.end_s - left, left) for left in lefts]
        return found if found[0].at_s >= free_s else []

    def _count(self, piece: Piece, at_s: float, left_s: float) -> Cue:
        filling: dict[str, str | int] = {"n": round(left_s)} if left_s < 10 else {"seconds": round(left_s)}
        return self.cue(at_s, CueKind.COUNT, "count" if left_s < 10 else "seconds_left", piece.step, filling)

    def _lead(self, piece: Piece, following: Piece, counts: Sequence[Cue], free_s: float) -> Cue | None:
        """The longest form of the following piece's name that has room before the last of `counts`."""
        split = len(counts) > 1 and self._long(piece)
        begin_s = counts[0].end_s + self.pause_s if split else free_s
        end_s = (counts[1] if split else counts[0]).at_s - self.pause_s if counts else piece.end_s - self.pause_s
        forms = ("next_repeat", "next_repeat_brief", "next_repeat_least") if following.of else ("next",)
        for form in (*forms, "next_least"):
            lead = self._lead_in(following, form, begin_s)
            if lead.end_s <= end_s + 1e-9:
                return replace(lead, at_s=end_s - lead.duration_s)
        return None

    def _lead_in(self, piece: Piece, text: str, at_s: float) -> Cue:
        return self.cue(at_s, CueKind.NEXT, text, piece.step, self._facts(piece))

    def _facts(self, piece: Piece) -> dict[str, str | int]:
        facts: dict[str, str | int] = {
            "doing": piece.called,
            "seconds": round(round(piece.duration_s, 3)),
            "name": piece.name,
        }
        if piece.of:
            facts |= {"repeat": piece.repeat, "of": piece.of}
        return facts | {"check": self._check(piece)}

    def _check(self, piece: Piece) -> str:
        """Who makes sure before going backward that the way is free."""
        if not piece.backward or self.around.treadmill:
            return "none"
        if not self.around.strained:
            return "behind"
        return "mirror" if self.around.mirror else "spotter"

    def _halfway(self, piece: Piece) -> list[Cue]:
        if piece.duration_s < self.rules.number("cues.halfway_from"):
            return []
        return [self.cue((piece.start_s + piece.end_s) / 2, CueKind.HALFWAY, "halfway", piece.step)]

    # -- on the way backward -------------------------------------------------------------------------------------------

    def _looks(self, piece: Piece, fixed: list[Cue], last_s: float, said: Sequence[Cue]) -> list[Cue]:
        """What is fixed, with halfway and the looks; where looks would come too late, what can be left out gives way."""
        every_s = piece.look_every_s
        if self.around.spotter:
            every_s = 0.0 if self.around.strained else every_s * self.rules.number("cues.watched")
        everything = [*fixed, *_fitting(self._halfway(piece), fixed, self.pause_s)]
        if every_s <= 0:
            return everything
        least = [cue for cue in fixed if cue.kind != CueKind.COUNT or cue.at_s >= last_s]
        speech, times = least, list[float]()
        for speech in (everything, fixed, least):
            air = _Air(speech, self.pause_s, self.look_s)
            times = air.looks(piece.start_s, last_s, piece.end_s, every_s)
            if speech is least or air.in_time(times, piece.start_s, last_s, every_s):
                break
        return [*speech, *self._sided(piece, times, said)]

    def _sided(self, piece: Piece, times: Sequence[float], said: Sequence[Cue]) -> list[Cue]:
        """Looks at `times`: left and right in turn through the whole session, or into the mirror to spare the neck."""
        looks = [cue for cue in said if cue.kind == CueKind.LOOK]
        shoulder = sum(cue.side is not None for cue in looks)
        most = self.rules.number("cues.neck_glances")
        found = []
        for number, at_s in enumerate(times, start=len(looks) + 1):
            if self._by_mirror(number) or shoulder >= most:
                if self.around.mirror:
                    found.append(self.cue(at_s, CueKind.LOOK, "look_mirror", piece.step))
                continue
            side = "right" if shoulder % 2 else "left"
            found.append(self.cue(at_s, CueKind.LOOK, f"look_{side}", piece.step, side=side))
            shoulder += 1
        return found

    def _by_mirror(self, number: int) -> bool:
        if not self.around.mirror or self.around.spotter:
            return False
        return self.around.strained or number % round(self.rules.number("cues.watched")) != 0

    def _forms(self, piece: Piece, busy: Sequence[Cue], last_s: float, so_far: int) -> Iterator[Cue]:
        """One point of form at a time, in turn through the whole session, where nothing else is said."""
        words = [key for key in self.form if key != "longer_step" or piece.doing == "reverse_run"]
        every_s = self.rules.number("cues.form_every")
        for part in range(max(1, math.ceil((last_s - piece.start_s) / every_s))):
            key = words[so_far % len(words)]
            cue = self.cue(0, CueKind.FORM, f"form_{key}", piece.step)
            begin_s = piece.start_s + part * every_s
            at_s = _Air(busy, self.pause_s, cue.duration_s).soonest(begin_s, min(last_s, begin_s + every_s))
            if at_s is not None:
                yield replace(cue, at_s=at_s)
                so_far += 1


class _Air:
    """When there is room to say something that takes `length_s`, with a breath before and after."""

    def __init__(self, busy: Sequence[Cue], pause_s: float, length_s: float) -> None:
        self.spans = [(cue.at_s, cue.end_s) for cue in busy]
        self.pause_s = pause_s
        self.length_s = length_s

    def free(self, at_s: float) -> bool:
        """Whether it can be said at `at_s`."""
        begin_s, end_s = at_s - self.pause_s + 1e-6, at_s + self.length_s + self.pause_s - 1e-6
        return all(end <= begin_s or start >= end_s for start, end in self.spans)

    def latest(self, from_s: float, to_s: float) -> float | None:
        """The latest time from `from_s` to `to_s` at which it can be said."""
        ends = (to_s, *(start - self.pause_s - self.length_s for start, _ in self.spans))
        return max((at for at in ends if from_s <= at <= to_s and self.free(at)), default=None)

    def soonest(self, from_s: float, before_s: float) -> float | None:
        """The soonest time from `from_s` at which it can be said and is over by `before_s`, a breath kept."""
        starts = (from_s, *(end + self.pause_s for _, end in self.spans))
        last_s = before_s - self.pause_s - self.length_s
        return min((at for at in starts if from_s <= at <= last_s + 1e-6 and self.free(at)), default=None)

    def looks(self, start_s: float, last_s: float, end_s: float, every_s: float) -> list[float]:
        """Looks no more than `every_s` apart from `start_s` on, the last one as late as the countdown at `last_s` allows.

        A look moves forward rather than back to make room for speech.
        """
        last_at_s = last_s - self.length_s - self.pause_s
        apart_s = self.length_s + self.pause_s
        times: list[float] = []
        seen_s, free_s = start_s, start_s
        while end_s - seen_s > every_s + 1e-6:
            due_s = seen_s + every_s
            last = due_s >= last_at_s - _LATER_S
            if last:
                choices: tuple[float | None, ...] = (self.latest(free_s, min(due_s, last_at_s)),)
            else:
                choices = (self.latest(free_s, min(due_s, last_at_s - apart_s)), self.latest(free_s, due_s))
            at_s = next((at for at in (*choices, self.soonest(due_s, last_s)) if at is not None), None)
            if at_s is None:
                break
            times.append(at_s)
            seen_s, free_s = at_s, at_s + apart_s
            if last:
                break
        return times

    def in_time(self, times: Sequence[float], start_s: float, last_s: float, every_s: float) -> bool:
        """Whether no two of `times` are too far apart, the beginning and the last moment for a look counted as looks."""
        until_s = last_s - self.length_s - self.pause_s - _LATER_S
        return all(b - a <= every_s + 1e-6 for a, b in pairwise((start_s, *times, max((until_s, *times)))))


def _fitting(extra: Sequence[Cue], fixed: Sequence[Cue], pause_s: float) -> list[Cue]:
    return [cue for cue in extra if _Air(fixed, pause_s, cue.duration_s).free(cue.at_s)]


def _in_order(cues: Sequence[Cue]) -> list[Cue]:
    return sorted(cues, key=lambda cue: cue.at_s)
