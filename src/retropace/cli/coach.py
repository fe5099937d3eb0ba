"""`retropace coach`: a session coached here and now, in this terminal: what to do, how long still, said aloud."""

import shutil
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TextIO

from retropace.cli.asked import notebook_of, today_of
from retropace.cli.asking import Asking
from retropace.cli.keyboard import Keyboard
from retropace.cli.playing import Play, Status, begun, due, gone_on, passed, paused, skipped, stopped
from retropace.cli.playing_face import cue_line, doing_words, face, timeline_lines, told
from retropace.cli.speaker import Bell, Device, Silent, Speaker
from retropace.correction import elapsed_s
from retropace.cues import spoken
from retropace.errors import NotBegun, UnusableInput
from retropace.guide import Guide, guide_json
from retropace.place import Surface
from retropace.quantities import System, in_units
from retropace.session import Session, load_session
from retropace.situation import Situation, day_of, guide_of, situation
from retropace.voice import voiced
from retropace.web.coach.checks import Check, checks

#: How often it looks at clock and keys [s], how far ahead sounds are placed [s], how long the last words stay [s].
_LOOK_S, _AHEAD_S, _STAY_S = 0.1, 1.0, 6.0
#: Where it begins or goes on elsewhere, it waits so long [s] for the sound.
_WAIT_S = 0.3
_NO_SOUND = (
    "There is no loudspeaker here: the coach goes on in writing, with the terminal's bell.\n"
    "On the way backward let somebody read it out to you."
)
_SPOTTER = (
    "Your screening asks for a spotter: somebody who stands there, sees where you go and calls STOP. "
    "This coach cannot hear them; you do."
)
#: What each key does; the largest one stops, as on the phone, and never lets go on.
_KEYS: Mapping[str, Callable[[Play], Play]] = {" ": stopped, "s": stopped, "p": paused, "g": gone_on, "n": skipped}
_STOP_HERE = "The space bar, Ctrl-C, or whoever is with you. Then stand still."
_STOP_ON_BELT = "The belt's own stop first. The space bar and Ctrl-C stop the coach only."


def run(options: Namespace) -> int:
    """Coach today's session, or the one of a file. 0 where it was played, 1 where it was not begun, 130 after Ctrl-C."""
    notebook = notebook_of(options, make=False)
    here = situation(notebook, today_of(options))
    session = _session(options, here, notebook.settings().system)
    if session is None:
        return 0
    made = guide_of(here, session)
    from_s = None if options.start is None else elapsed_s(options.start, field="--from")
    if options.list:
        sys.stdout.write("".join(f"{line}\n" for line in timeline_lines(made, made.cues)))
        return 0
    if from_s is not None and from_s >= session.duration_s:
        raise UnusableInput("The session is over by then", field="--from", remedy="Give an earlier time, as 3:00.")
    if made.backward and not ready(Asking(sys.stdin), checks(here, session, notebook.settings().system), made):
        return 1
    return coach(begun(made, 0.0, from_s), Keyboard(), _speaker(quiet=options.quiet), sys.stdout)


def _session(options: Namespace, here: Situation, system: System) -> Session | None:
    """What to coach; None on a day without a session, which is said. Raises NotBegun where the log says stop."""
    if options.session is not None:
        if here.following.session is None:
            why = in_units(here.following.reasons[0].text, system)
            raise NotBegun(why.rstrip("."), remedy="See why: ./run next")
        return load_session(options.session)
    day = day_of(here)
    if day.session is None:
        from retropace.views.coaching import print_day, print_next_words

        print_day(day)
        print_next_words(here.following, system)
    return day.session


# -- before -------------------------------------------------------------------------------------------------------------


def ready(asking: Asking, lines: tuple[Check, ...], made: Guide) -> bool:
    """Whether each line of the safety check was answered with yes, and somebody looks out where that is required."""
    asking.say("Before you go backward:")
    how = _STOP_ON_BELT if made.place.surface is Surface.TREADMILL else _STOP_HERE
    here = (replace(line, how=how) if line.key == "stop" else line for line in lines)
    if all(asking.yes_no(line.words, line.how) is True for line in here) and _looked_out(asking, made):
        return True
    asking.say("Then not now. Make it so, and start again: ./run coach")
    return False


def _looked_out(asking: Asking, made: Guide) -> bool:
    if not made.spotter_required:
        return True
    asking.say(_SPOTTER)
    return asking.yes_no("Is somebody there who does that?") is True


def _speaker(*, quiet: bool) -> Speaker:
    """The machine's sound device, else the bell; silence where that was asked for."""
    if quiet:
        return Silent()
    try:
        return Device()
    except (OSError, ImportError):
        sys.stdout.write(f"{_NO_SOUND}\n")
        return Bell(sys.stdout)


# -- while it plays -----------------------------------------------------------------------------------------------------


def coach(
    play: Play,
    keyboard: Keyboard,
    speaker: Speaker,
    out: TextIO,
    *,
    clock: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = time.time,
) -> int:
    """Play the session from now to its end, or until somebody ends it, and say what was done. 130 after Ctrl-C."""
    coaching = _Coaching(replace(play, now_s=clock() + _WAIT_S), keyboard, speaker, _Shown(out), clock, wall)
    code = 0
    try:
        with keyboard.one_by_one():
            coaching.go()
    except KeyboardInterrupt:
        coaching.alarm()
        code = 130
    finally:
        speaker.close()
    out.write("".join(f"{line}\n" for line in told(coaching.play)))
    return code


class _Coaching:
    """The loop: looks at clock and keys, has cues heard in time, and shows where it stands."""

    def __init__(
        self,
        play: Play,
        keyboard: Keyboard,
        speaker: Speaker,
        shown: "_Shown",
        clock: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self.play, self.keyboard, self.speaker, self.shown = play, keyboard, speaker, shown
        self.clock, self.wall = clock, wall
        cues = voiced(guide_json(play.made))["cues"]
        self.cues: list[Mapping[str, object]] = cues if isinstance(cues, list) else []
        self.placed_s = self.reached_s = play.position_s
        self.last = (clock(), wall())
        self.over = False

    def go(self) -> None:
        """Until the session is over or somebody ends it; the last words are heard out."""
        self.follow(self.play, jumped=False)
        while not self.over and self.play.status is not Status.DONE:
            self.look(self.keyboard.key(_LOOK_S))
        if self.play.status is Status.DONE and not self.over:
            self.keyboard.key(self.play.made.cues[-1].duration_s)

    def look(self, key: str) -> None:
        """One turn of the loop."""
        now = (self.clock(), self.wall())
        gap_s = max(now[0] - self.last[0], now[1] - self.last[1])
        self.last = now
        before = self.play
        after = passed(before, now[0], gap_s, sounding=self.speaker.working)
        if after.lost_s is not None and before.lost_s is None:
            self.shown.bell()
        self.over = key == "q"
        self.play = self.pressed(after, key)
        jumped = self.play.position_s != after.position_s
        if jumped:
            self.play = replace(self.play, now_s=now[0] + _WAIT_S)
        if self.play.why == "clock_stall" and not before.why:
            self.shown.anew()
        self.follow(before, jumped=jumped)
        self.shown.draw(self.play, self.words(), self.note())

    def pressed(self, play: Play, key: str) -> Play:
        """What a key makes of it: every other one is none."""
        does = _KEYS.get(key)
        return play if does is None else does(play)

    def follow(self, before: Play, *, jumped: bool) -> None:
        """Have heard what is to be heard now: take back what does not hold any more, place what comes."""
        play = self.play
        if jumped or play.status is not before.status:
            ended = play.status is Status.DONE and not jumped
            if not ended:
                self.speaker.hush()
                self.placed_s = self.reached_s = play.position_s
            self.tell(play.status)
        for at_s, number in due(play, self.placed_s, _AHEAD_S):
            self.speaker.place(at_s, self.cues[number])
        for _, number in due(play, self.reached_s, 1e-9):
            self.speaker.reached(self.cues[number])
            self.shown.line(cue_line(play.made.cues[number], play.made.language))
        if play.status in (Status.RUNNING, Status.DONE):
            self.placed_s, self.reached_s = play.position_s + _AHEAD_S, play.position_s + 1e-9

    def tell(self, status: Status) -> None:
        """Have a change of what the coach does heard."""
        if status is Status.STOPPED:
            self.speaker.tone("alarm")
        if status is Status.WALKING:
            self.speaker.tone("walk")
        if status in (Status.STOPPED, Status.WALKING, Status.PAUSED):
            self.shown.line(doing_words(self.play) if status is not Status.PAUSED else "Paused.")

    def words(self) -> str:
        """The words said last, as long as they matter."""
        at_s = self.play.position_s
        said = [cue for cue in self.play.made.cues if at_s - _STAY_S < cue.at_s <= at_s]
        return f"“{spoken(said[-1], self.play.made.language)}”" if said and self.play.status is Status.RUNNING else ""

    def note(self) -> str:
        """What the coach has to tell of itself: why it stopped, that nothing is heard."""
        rules = self.play.made.rules
        if self.play.lost_s is not None:
            return rules.rule("coach.sound_grace").says
        if self.play.why:
            return rules.rule(f"coach.{self.play.why}").says
        return "" if self.speaker.working else "There is no sound any more."

    def alarm(self) -> None:
        """Stop at once, and let it be heard."""
        was = self.play
        self.play = stopped(was)
        self.speaker.hush()
        if was.going_backward:
            self.speaker.tone("alarm")
            self.keyboard.key(1.0)


class _Shown:
    """What is seen: one picture drawn over and over on a terminal, else a line for each thing that happens."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.live = out.isatty()
        self.blocks = (getattr(out, "encoding", None) or "ascii").lower().startswith("utf")
        self.drawn: list[str] = []

    def draw(self, play: Play, said: str, note: str) -> None:
        """The picture, where it has changed and somebody looks."""
        if not self.live:
            return
        size = shutil.get_terminal_size()
        lines = face(play, said, note, max(20, size.columns - 1), blocks=self.blocks)[: max(8, size.lines - 1)]
        if lines == self.drawn:
            return
        back = f"\x1b[{len(self.drawn)}A" if self.drawn else ""
        self.out.write("\r" + back + "".join(f"{line}\x1b[K\n" for line in lines) + "\x1b[J")
        self.out.flush()
        self.drawn = lines

    def anew(self) -> None:
        """Draw the next picture below: something else may have been written meanwhile."""
        self.drawn = []

    def line(self, words: str) -> None:
        """One thing that happened, where there is no picture."""
        if not self.live:
            self.out.write(f"{words}\n")
            self.out.flush()

    def bell(self) -> None:
        """Ring the terminal's bell."""
        if self.live:
            self.out.write("\a")
