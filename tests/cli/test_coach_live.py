"""The live coach in a terminal: asked before, played by a fast clock on a real pseudo-terminal, stopped in every way."""

import io
import os
import pty
import re
import signal
import termios
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import pytest

from made_sessions import FREE, RULES, reverse, walk
from retropace.cli import main
from retropace.cli.asking import Asking
from retropace.cli.coach import coach, ready
from retropace.cli.keyboard import Keyboard
from retropace.cli.playing import Play, begun
from retropace.cli.speaker import Bell, Silent
from retropace.guide import Guide, guide
from retropace.place import Place, Surface, Watcher
from retropace.session import Session
from retropace.web.coach.checks import Check
from told_answers import answers_toml

GRASS = Place(surface=Surface.GRASS, clear_length_m=60.0, watcher=Watcher.NOBODY)
MADE = guide(Session("Short", (walk(30), reverse(20), walk(30))), FREE, GRASS, RULES)
WATCHED = guide(MADE.session, replace(FREE, watchers=(Watcher.SPOTTER,)), GRASS, RULES)
CHECKS = tuple(Check(key, f"{key} is so.", "So.") for key in ("clear", "watcher", "ground", "light", "stop"))
CODE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Hands(Keyboard):
    """Somebody at a terminal whose clock runs as fast as the machine: presses `keys` at their seconds, sleeps if told."""

    def __init__(self, stream: TextIO, keys: Mapping[float, str], press: Callable[[str], None]) -> None:
        super().__init__(stream)
        self.now_s = 1000.0
        self.waiting = dict(keys)
        self.press = press

    def key(self, wait_s: float) -> str:
        self.now_s += wait_s
        pressed = False
        for at_s in [at_s for at_s in self.waiting if at_s <= self.now_s - 1000.0]:
            what = self.waiting.pop(at_s)
            if what == "sleep":
                self.now_s += 60.0
            else:
                self.press(what)
                pressed = True
        return super().key(1.0 if pressed else 0.0)


class Heard(Silent):
    """A loudspeaker that remembers."""

    def __init__(self, broken_from_s: float = 1e9) -> None:
        self.placed: list[tuple[float, str]] = []
        self.tones: list[str] = []
        self.clock: Callable[[], float] = lambda: 0.0
        self.broken_from_s = broken_from_s

    @property
    def working(self) -> bool:  # type: ignore[override]
        return self.clock() - 1000.0 < self.broken_from_s

    def place(self, at_s: float, cue: Mapping[str, object]) -> None:
        self.placed.append((round(at_s - 1000.0, 3), str(cue["say"])))

    def tone(self, name: str) -> None:
        self.tones.append(name)


class Terminal:
    """A pseudo-terminal: `screen` is everything that was written to it."""

    def __init__(self) -> None:
        self.far, near = pty.openpty()
        self.near = near
        self.reader = os.fdopen(os.dup(near), "r", encoding="utf-8")
        self.writer = os.fdopen(os.dup(near), "w", encoding="utf-8")
        self.sent: list[bytes] = []
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        while True:
            try:
                found = os.read(self.far, 65536)
            except OSError:
                return
            if not found:
                return
            self.sent.append(found)

    def press(self, key: str) -> None:
        os.write(self.far, key.encode())

    def close(self) -> str:
        self.reader.close()
        self.writer.close()
        os.close(self.near)
        self.listener.join(5)
        os.close(self.far)
        return b"".join(self.sent).decode()


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


def played(
    terminal: Terminal, made: Guide, keys: Mapping[float, str], speaker: Silent | None = None
) -> tuple[int, str]:
    """The exit code and everything that was on the screen."""
    hands = Hands(terminal.reader, keys, terminal.press)
    speaker = speaker or Heard()
    if isinstance(speaker, Heard):
        speaker.clock = lambda: hands.now_s
    play: Play = begun(made, 0.0)
    clock = lambda: hands.now_s  # noqa: E731
    code = coach(play, hands, speaker, terminal.writer, clock=clock, wall=clock)
    return code, terminal.close()


def test_a_session_from_beginning_to_end(terminal: Terminal) -> None:
    before = termios.tcgetattr(terminal.near)
    speaker = Heard()
    code, screen = played(terminal, MADE, {}, speaker)
    plain = CODE.sub("", screen)
    assert code == 0
    assert "› Walk" in plain
    assert "‹ Reverse run" in plain
    assert "“Look left.”" in plain
    assert plain.rstrip().endswith("Then tell how it went: ./run log")
    assert "Done. Backward for 0:20 of 0:20." in plain
    assert "█" in plain
    assert [words for _, words in speaker.placed] == [str(c) for c in spoken_cues()]
    begins_s = speaker.placed[0][0]
    for (at_s, _), cue in zip(speaker.placed, MADE.cues, strict=True):
        assert at_s - begins_s == pytest.approx(cue.at_s, abs=0.002)
    assert before[3] & termios.ICANON


def spoken_cues() -> list[str]:
    from retropace.cues import spoken

    return [spoken(cue) for cue in MADE.cues]


def test_stop_on_the_way_backward_goes_on_with_walking_only_when_asked(terminal: Terminal) -> None:
    speaker = Heard()
    code, screen = played(terminal, MADE, {36.0: " ", 38.0: " ", 40.0: "g", 50.0: "g"}, speaker)
    plain = CODE.sub("", screen)
    assert code == 0
    assert speaker.tones == ["alarm", "walk"]
    assert plain.index("Stopped. Stand still") < plain.index("Walk until you feel like going on.")
    assert "Backward for 0:05 of 0:20." in plain or "Backward for 0:06 of 0:20." in plain


def test_end_says_what_was_done(terminal: Terminal) -> None:
    code, screen = played(terminal, MADE, {10.0: "q"})
    assert code == 0
    assert re.search(r"Ended at 0:(09|10) of 1:20\. Backward for 0:00 of 0:20\.", screen)


def test_pause_and_next(terminal: Terminal) -> None:
    _, screen = played(terminal, MADE, {5.0: "p", 60.0: "g", 62.0: "n", 90.0: "q"})
    plain = CODE.sub("", screen)
    assert "g go on · space stop · q end" in plain
    assert "‹ Reverse run" in plain


def test_a_machine_that_slept_stops(terminal: Terminal) -> None:
    _, screen = played(terminal, MADE, {35.0: "sleep", 100.0: "q"})
    assert "stood still for more than two seconds" in screen


def test_sound_that_dies_on_the_way_backward_is_told_and_stops(terminal: Terminal) -> None:
    speaker = Heard(broken_from_s=36.0)
    _, screen = played(terminal, MADE, {60.0: "q"}, speaker)
    plain = CODE.sub("", screen)
    assert "Backward nobody looks at a screen." in plain
    assert plain.index("Backward nobody looks") < plain.index("Stopped. Stand still")
    assert "alarm" in speaker.tones


def test_ctrl_c_is_a_stop_and_says_what_was_done(terminal: Terminal) -> None:
    speaker = Heard()
    before = termios.tcgetattr(terminal.near)[3] & termios.ICANON
    hands = Hands(terminal.reader, {}, terminal.press)

    def interrupt(wait_s: float) -> str:
        hands.now_s += wait_s
        if hands.now_s > 1036:
            speaker.clock = lambda: 0.0
            hands.key = lambda wait_s: ""  # type: ignore[method-assign]
            raise KeyboardInterrupt
        return ""

    hands.key = interrupt  # type: ignore[method-assign]
    clock = lambda: hands.now_s  # noqa: E731
    code = coach(begun(MADE, 0.0), hands, speaker, terminal.writer, clock=clock, wall=clock)
    assert termios.tcgetattr(terminal.near)[3] & termios.ICANON == before
    screen = terminal.close()
    assert code == 130
    assert speaker.tones == ["alarm"]
    assert "Ended at 0:3" in screen
    assert "./run log" in screen


def test_the_bell_rings_where_there_is_nothing_else(terminal: Terminal) -> None:
    _, screen = played(terminal, MADE, {}, Bell(terminal.writer))
    assert screen.count("\a") == 4  # walk, reverse, walk, done


def test_without_a_terminal_each_cue_is_a_line_and_first_letters_of_lines_are_keys() -> None:
    far, near = os.pipe()
    with os.fdopen(far, "r", encoding="utf-8") as lines, os.fdopen(near, "w", encoding="utf-8") as typed:
        typed.write("\ngo on\n")
        typed.close()
        out, hands = io.StringIO(), Hands(lines, {}, lambda key: None)
        clock = lambda: hands.now_s  # noqa: E731
        hands.waiting = {1e9: "never"}
        stopped_then_walking = coach(begun(MADE, 0.0), Ending(hands, 20), Heard(), out, clock=clock, wall=clock)
    assert stopped_then_walking == 0
    assert out.getvalue().splitlines()[:3] == [
        " 0:00.0  Walk, 30 seconds.",
        "Stopped. Stand still, look round.",
        "Walk until you feel like going on.",
    ]


class Ending(Keyboard):
    """Another keyboard, and q after so many looks."""

    def __init__(self, keyboard: Keyboard, looks: int) -> None:
        super().__init__(io.StringIO())
        self.keyboard, self.looks = keyboard, looks

    def key(self, wait_s: float) -> str:
        self.looks -= 1
        return "q" if self.looks < 0 else self.keyboard.key(wait_s)


def test_ctrl_z_gives_the_terminal_back(terminal: Terminal) -> None:
    asleep: list[int] = []
    keyboard = Keyboard(terminal.reader)
    real = os.kill
    os.kill = lambda process, number: asleep.append(termios.tcgetattr(terminal.near)[3] & termios.ICANON)
    try:
        with keyboard.one_by_one():
            assert not termios.tcgetattr(terminal.near)[3] & termios.ICANON
            signal.raise_signal(signal.SIGTSTP)
            assert not termios.tcgetattr(terminal.near)[3] & termios.ICANON
    finally:
        os.kill = real
    assert asleep == [termios.ICANON]
    terminal.close()


# -- before -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "made", "goes"),
    [
        ("y\n" * 5, MADE, True),
        ("y\ny\n?\ny\ny\ny\n", MADE, True),
        ("y\ny\nn\n", MADE, False),
        ("y\ny\n\n", MADE, False),
        ("y\n" * 3, MADE, False),
        ("y\n" * 6, WATCHED, True),
        ("y\n" * 5 + "n\n", WATCHED, False),
        ("y\n" * 5, WATCHED, False),
    ],
)
def test_only_five_yes_and_somebody_who_looks_out_lead_backward(typed: str, made: Guide, *, goes: bool) -> None:
    out = io.StringIO()
    assert ready(Asking(io.StringIO(typed), out), CHECKS, made) is goes
    assert ("calls STOP" in out.getvalue()) is (made is WATCHED)


@pytest.fixture
def me(tmp_path: Path) -> list[str]:
    (tmp_path / "answers.toml").write_text(answers_toml())
    about = ["--folder", str(tmp_path / "me")]
    assert main(["screen", "--answers", str(tmp_path / "answers.toml"), *about, "--on", "2026-11-22"]) == 0
    assert main(["plan", "--goal", "reverse", "--days", "mon,wed,fri,sat", *about, "--on", "2026-11-22"]) == 0
    return about


def test_the_list_is_the_timeline(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["coach", "--list", *me, "--on", "2026-11-23"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == " 0:00.0  Walk, 5 minutes."
    assert lines[-1].endswith("Done. Walk a little before you sit down.") or "Done." in lines[-1]
    assert sum(line.endswith("Reverse.") for line in lines) == 6


def test_a_day_without_a_session_says_what_comes_next(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["coach", *me, "--on", "2026-11-24"]) == 0
    assert "Next:" in capsys.readouterr().out


def test_unanswered_checks_begin_nothing(
    me: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    capsys.readouterr()
    assert main(["coach", "--quiet", *me, "--on", "2026-11-23"]) == 1
    assert capsys.readouterr().out.startswith("Before you go backward:")


def test_a_session_file_and_a_time_beyond_its_end(
    me: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "Mine"\n[[steps]]\ndo = "walk"\nseconds = 30\n')
    assert main(["coach", "--session", str(file), "--list", *me, "--on", "2026-11-24"]) == 0
    assert "0:00.0  Walk, 30 seconds." in capsys.readouterr().out
    assert main(["coach", "--session", str(file), "--from", "9:00", *me, "--on", "2026-11-24"]) == 2
    assert "The session is over by then" in capsys.readouterr().err


def test_where_the_log_says_stop_no_file_leads_round_it(
    me: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    entry, file = tmp_path / "entry.toml", tmp_path / "mine.toml"
    entry.write_text('day = 2026-11-23\ndone = "partly"\nfalls = 1\nred_flags = ["fall"]\n')
    file.write_text('name = "Mine"\n[[steps]]\ndo = "reverse run"\nseconds = 10\n')
    main(["log", "--entry", str(entry), *me, "--on", "2026-11-23"])
    assert main(["coach", "--session", str(file), *me, "--on", "2026-11-24"]) != 0
    assert "./run next" in capsys.readouterr().err


def test_without_a_loudspeaker_it_says_so_once_and_goes_on(
    me: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "Mine"\n[[steps]]\ndo = "walk"\nseconds = 30\n')

    def none() -> Silent:
        raise OSError("no device")

    monkeypatch.setattr("retropace.cli.coach.Device", none)
    monkeypatch.setattr("retropace.cli.coach.Keyboard", lambda: Ending(Keyboard(io.StringIO()), 0))
    assert main(["coach", "--session", str(file), *me, "--on", "2026-11-24"]) == 0
    assert capsys.readouterr().out.count("There is no loudspeaker here") == 1
