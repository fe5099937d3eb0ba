"""The command line. This module only knows the words; each command's module is loaded when it is called."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from retropace import __version__
from retropace.errors import RetropaceError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_ABOUT = "Run backwards safely, and know which seconds were forward and which backward."
_NEXT = """The app in your browser:            ./run

Try it on a simulated session:      ./run demo
Read your own recording:            ./run analyse RUN.fit
  a whole folder or zip:            ./run analyse FOLDER --html reports
  with the session you followed:    ./run analyse RUN.fit --session session.toml
  and your body mass, for energy:   ./run analyse RUN.fit --mass 70
Follow a sensor while it writes:    ./run live motion.csv
What is true about running backwards: ./run evidence

Run backward yourself:              ./run screen, then ./run plan --goal reverse, then ./run today
Be coached aloud in a terminal:     ./run coach
Keep your recordings:               ./run import FOLDER, and ./run backup COPY.db now and then
"""
#: Commands whose name cannot be a module's.
_MODULES = {"import": "bring", "export-all": "export_all"}
#: As `motion.placement.Placement`, which would take time to load here; a test holds them together.
_PLACEMENTS = ("foot", "waist", "pocket", "wrist", "hand", "other")
_WORN = ("foot", "waist", "lower back", "front belt", "side belt", "pocket", "wrist")
_SPANS = ("backward", "forward", "sideways", "standing", "unknown")


def parser() -> ArgumentParser:
    """Every command and option."""
    top = ArgumentParser("retropace", description=_ABOUT, epilog=_NEXT, formatter_class=RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"retropace {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_analyse(commands.add_parser("analyse", help="read recordings and say what really happened"))
    _add_live(commands.add_parser("live", help="which way somebody goes now, from motion as it is written"))
    _add_demo(commands.add_parser("demo", help="the whole journey on a simulated session"))
    _add_simulate(commands.add_parser("simulate", help="write simulated recordings whose truth is known"))
    _add_virtual(commands.add_parser("virtual", help="what a sensor on people in motion captures would have written"))
    _add_evidence(commands.add_parser("evidence", help="popular claims about running backwards, and what is known"))
    _add_baseline(commands.add_parser("baseline", help="learn how you run forward, to tell backward from it"))
    _add_coach(commands)
    _add_store(commands)
    _add_serve(commands.add_parser("serve", help="the app in your browser (./run alone does this)"))
    _add_accounts(commands.add_parser("accounts", help="who may sign in where several people use one server"))
    return top


def _add_serve(command: ArgumentParser) -> None:
    command.description = "Open the app in your browser. It listens on this machine only, unless people have accounts."
    command.add_argument("--folder", type=Path, metavar="DIR", help="your folder (default ~/retropace)")
    command.add_argument("--host", default="127.0.0.1", metavar="HOST")
    command.add_argument("--port", type=int, default=8417, metavar="N", help="default 8417, or one that is free")
    command.add_argument("--quiet", action="store_true", help="do not open a browser")
    command.add_argument("--lan", action="store_true", help="phones on your network, too: explains how (docs/phone.md)")
    many = command.add_argument_group("for several people (see docs/server.md)")
    many.add_argument("--accounts", action="store_true", help="people sign in; add them with ./run accounts")
    many.add_argument("--database", metavar="URL", help="postgresql://USER@HOST/NAME, or RETROPACE_DATABASE")
    many.add_argument("--sign-up", action="store_true", help="people may make accounts themselves")
    many.add_argument(
        "--behind-proxy",
        nargs="?",
        const="127.0.0.1,::1",
        metavar="ADDRESSES",
        help="a proxy with TLS passes requests on; its addresses where it is not on this machine",
    )
    many.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="NAME",
        help="answer to this name only; with --lan: this one, too",
    )
    many.add_argument("--plain-http", action="store_true", help="let passwords cross your network unencrypted")


def _add_accounts(command: ArgumentParser) -> None:
    command.description = "Who may sign in at ./run serve --accounts."
    command.add_argument("act", choices=("add", "list", "remove", "reset"), help="reset: a new password for somebody")
    command.add_argument("login", nargs="?", metavar="NAME", help="an e-mail address or a name")
    command.add_argument("--folder", type=Path, metavar="DIR", help="where the database is (default ~/retropace)")
    command.add_argument("--database", metavar="URL", help="postgresql://USER@HOST/NAME, or RETROPACE_DATABASE")
    command.add_argument("--mine", action="store_true", help="add: give them what was kept here without accounts")
    command.add_argument("--yes", action="store_true", help="remove: do not ask")


def _add_analyse(command: ArgumentParser) -> None:
    command.description = "Read recordings (FIT, TCX, GPX, Sensor Logger, phyphox, CSV; folders and zips of them)."
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, folder or zip")
    person = command.add_argument_group("about you")
    person.add_argument("--person", type=Path, metavar="TOML", help="mass_kg, height_m, age_years, sex, [baseline] ...")
    person.add_argument("--mass", type=float, metavar="KG", help="your body mass, for energy")
    known = command.add_argument_group("what you know about the recording (times are from its start, as 13:28-13:36)")
    known.add_argument("--session", type=Path, metavar="TOML", help="the session you followed")
    known.add_argument(
        "--placement", choices=_PLACEMENTS, help="where the sensor was worn (default: told from its motion)"
    )
    known.add_argument("--bouts", type=Path, metavar="TOML", help="corrections: [[bouts]] from, to, direction")
    for word in _SPANS:
        known.add_argument(f"--{word}", action="append", default=[], metavar="FROM-TO", help=f"this stretch was {word}")
    reading = command.add_argument_group("reading")
    reading.add_argument("--strict", action="store_true", help="refuse damaged files instead of repairing them")
    told = reading.add_mutually_exclusive_group()
    told.add_argument("--columns", type=Path, metavar="TOML", help="which column of a plain table is what")
    told.add_argument("--rate", type=float, metavar="HZ", help="samples a second, where a table holds no time")
    reading.add_argument("--sensor", metavar="NAME", help="which of several sensors in a file, by a part of its name")
    reading.add_argument("--counts", metavar="G,DPS", help="counts that are 1 g and 1 °/s, of numbers without a unit")
    _add_output(command)


def _add_live(command: ArgumentParser) -> None:
    command.description = (
        "Read raw motion (CSV with time and the axes of accelerometer and gyroscope) while it is written, and say each "
        "second which way it goes: about 4 seconds late, for a second is told from those around it. Ctrl-C ends it."
    )
    command.add_argument(
        "file", nargs="?", type=Path, default=Path("-"), metavar="FILE", help="default: standard input"
    )
    command.add_argument("--placement", choices=_PLACEMENTS, help="where the sensor is worn, if you know it")
    told = command.add_mutually_exclusive_group()
    told.add_argument("--columns", type=Path, metavar="TOML", help="which column is what")
    told.add_argument("--rate", type=float, metavar="HZ", help="samples a second, where no column holds the time")
    command.add_argument("--sensor", metavar="NAME", help="which of several sensors, by a part of its name")
    command.add_argument("--counts", metavar="G,DPS", help="counts that are 1 g and 1 °/s, of numbers without a unit")
    command.add_argument("--json", action="store_true", help="a line of JSON each second")
    command.add_argument("--end", action="store_true", help="stop at the end of the file instead of waiting for more")


def _add_output(command: ArgumentParser) -> None:
    output = command.add_argument_group("output")
    output.add_argument("--json", type=Path, metavar="OUT", help="write everything as JSON (- for standard output)")
    output.add_argument("--series", action="store_true", help="put the once-a-second channels into the JSON as well")
    output.add_argument("--html", type=Path, metavar="OUT", help="write a report (several files: a folder of reports)")
    output.add_argument("--png", type=Path, metavar="OUT", help="write a picture (several files: a folder of pictures)")
    output.add_argument("--units", choices=("metric", "imperial"), default="metric")
    output.add_argument(
        "--hide-radius",
        type=float,
        default=200.0,
        metavar="M",
        help="hide the track near start and end (default 200 m)",
    )
    output.add_argument("--quiet", action="store_true", help="print nothing but problems")


def _add_demo(command: ArgumentParser) -> None:
    command.description = (
        "Simulate a first session, read it back, and write its report; or open the app with a demo person."
    )
    command.add_argument("--out", type=Path, default=Path("out/demo"), metavar="FOLDER", help="default out/demo")
    command.add_argument("--seed", type=_seed, default=7, help="another day, another noise")
    command.add_argument("--serve", action="store_true", help="open the app with five weeks of a demo person")
    command.add_argument(
        "--port", type=int, default=8417, metavar="N", help="with --serve: default 8417, or a free one"
    )
    command.add_argument("--quiet", action="store_true", help="with --serve: do not open a browser")
    command.add_argument("--units", choices=("metric", "imperial"), default="metric")


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 30:
        raise ArgumentTypeError(f"{text!r} is no seed: give a whole number, 0 or more")
    return int(text)


def _add_simulate(command: ArgumentParser) -> None:
    command.description = "Write a simulated FIT file, raw phone sensors and the truth about both."
    command.add_argument(
        "--out", type=Path, default=Path("out/simulated"), metavar="FOLDER", help="default out/simulated"
    )
    command.add_argument("--session", type=Path, metavar="TOML", help="the session to follow (default: a first day)")
    command.add_argument("--seed", type=_seed, default=1)
    command.add_argument("--mass", type=float, default=70.0, metavar="KG")
    command.add_argument("--height", type=float, default=1.75, metavar="M")
    command.add_argument("--placement", choices=("foot", "waist", "pocket", "wrist"), default="waist")
    command.add_argument("--rate", type=float, default=100.0, metavar="HZ", help="of the raw sensors, 25 to 800")


def _add_virtual(command: ArgumentParser) -> None:
    command.description = (
        "Put a sensor on the people in motion captures (BVH, C3D): writes its recording and the truth."
    )
    command.add_argument(
        "files", nargs="+", type=Path, metavar="CLIP", help="clips of one person, standing between them"
    )
    command.add_argument(
        "-o", "--out", type=Path, required=True, metavar="ZIP", help="the recording; the truth beside it"
    )
    command.add_argument("--placement", choices=_WORN, default="waist", help="waist is the lower back")
    command.add_argument("--side", choices=("left", "right"), default="left")
    command.add_argument("--mount", default="random", metavar="Y,P,R", help="yaw,pitch,roll of the sensor in degrees")
    command.add_argument("--seed", type=_seed, default=1, help="another mount, another noise")
    command.add_argument("--seconds", type=float, metavar="S", help="go through each clip's whole strides for so long")
    command.add_argument("--rate", type=float, default=100.0, metavar="HZ", help="25 to 800")


def _add_evidence(command: ArgumentParser) -> None:
    command.description = "Each popular claim, its verdict, the best number and where it comes from."
    command.add_argument("words", nargs="*", metavar="WORD", help="only claims with this word")


def _add_baseline(command: ArgumentParser) -> None:
    command.description = "Learn cadence and heart rate over speed from ordinary forward runs (20 minutes or more)."
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="forward runs: files, folders or zips")
    command.add_argument("--save", type=Path, metavar="TOML", help="add the baseline to this person file")


def _add_coach(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """The commands that speak of one person's training; they share a folder and a day."""
    screen = commands.add_parser("screen", help="who may run backward, where, and within which limits")
    screen.add_argument("--answers", type=Path, metavar="TOML", help="answers from a file instead of asking")
    screen.add_argument("--again", action="store_true", help="ask everything anew")
    screen.add_argument("--short", action="store_true", help="only what decides whether you may at all")
    _add_plan(commands.add_parser("plan", help="weeks of sessions from your goal and calendar"))
    today = commands.add_parser("today", help="today's session, and why it is so")
    today.add_argument("--cues", action="store_true", help="show what the coach says, second by second")
    live = commands.add_parser("coach", help="coach today's session in this terminal, with sound")
    live.add_argument("--session", type=Path, metavar="TOML", help="coach the session in this file instead")
    live.add_argument("--from", dest="start", metavar="TIME", help="begin there, as 3:00")
    live.add_argument("--quiet", action="store_true", help="without sound")
    live.add_argument("--list", action="store_true", help="print what is said when, and end")
    log = commands.add_parser("log", help="tell how a session went, and see what that changes")
    log.add_argument("--entry", type=Path, metavar="TOML", help="the entry from a file instead of asking")
    log.add_argument("--recording", type=Path, metavar="FILE", help="the recording of the session")
    following = commands.add_parser("next", help="the next session, and why it is so")
    export = commands.add_parser("export", help="the next session or the programme for watch, calendar or paper")
    export.add_argument("format", nargs="?", metavar="FORMAT", help="leave out to list the formats")
    export.add_argument("--what", choices=("session", "programme"), help="default: what the format holds best")
    export.add_argument("--out", type=Path, metavar="PATH", help="a file, a folder, or - for standard output")
    _add_export_wishes(export)
    exercises = commands.add_parser("exercises", help="the home exercises, how and why")
    exercises.add_argument("words", nargs="*", metavar="WORD", help="only exercises with this word")
    exercises.add_argument("--html", type=Path, metavar="OUT", help="write them with their figures")
    weight = commands.add_parser("weight", help="energy balance without lies, and what a session is really worth")
    _add_weight(weight)
    report = commands.add_parser("report", help="one printed page for a physiotherapist")
    _add_report(report)
    for command in (screen, commands.choices["plan"], today, live, log, following, export, exercises, weight, report):
        command.add_argument("--folder", type=Path, metavar="DIR", help="your folder (default ~/retropace)")
        command.add_argument("--on", metavar="DATE", help="as if today were this day, as 2026-11-22")
        if command not in (live, report):
            command.add_argument("--json", action="store_true", help="print JSON")


def _add_report(command: ArgumentParser) -> None:
    command.description = "What was done, how it felt, what the plan changed and why, tests, what is unknown: one page."
    command.add_argument("--out", type=Path, metavar="PDF", help="the file, or - for standard output")
    command.add_argument("--name", default="", help="whom it is about (default the name in your settings)")
    command.add_argument("--all", action="store_true", help="all weeks, not only the last twelve")
    command.add_argument("--paper", choices=("a4", "us-letter"), default="a4")
    command.add_argument("--units", choices=("metric", "imperial"), help="default as in your settings")


def _add_store(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """The commands that speak of the store as a whole."""
    bring = commands.add_parser("import", help="recordings, or everything that was taken out, into your store")
    bring.description = (
        "Import recordings (files, folders, zips), readable files, or what export-all wrote. Twice is once."
    )
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, folder or zip")
    bring.add_argument("--columns", type=Path, metavar="TOML", help="which column of a plain CSV is what")
    bring.add_argument("--json", action="store_true", help="print JSON")
    recompute = commands.add_parser("recompute", help="compute anew what an update or a correction made stale")
    backup = commands.add_parser("backup", help="copy your whole store to one file, while it is in use")
    backup.add_argument("out", type=Path, metavar="OUT", help="the file to write, as backup.db")
    takeout = commands.add_parser("export-all", help="everything kept of you in one readable zip")
    takeout.add_argument("out", type=Path, metavar="OUT.zip", help="the file to write")
    for command in (bring, recompute, backup, takeout):
        command.add_argument("--folder", type=Path, metavar="DIR", help="your folder (default ~/retropace)")
        command.add_argument(
            "--database", metavar="URL", help="a server's store instead, as postgresql://USER@HOST/NAME"
        )
        command.set_defaults(on=None)
    for command in (bring, takeout):
        command.add_argument("--login", metavar="NAME", help="whose, where several people are kept")


def _add_export_wishes(command: ArgumentParser) -> None:
    wishes = command.add_argument_group("for calendars and paper")
    wishes.add_argument("--name", default="", help="whom it is for")
    wishes.add_argument("--where", default="", metavar="PLACE", help="what you call the place")
    wishes.add_argument("--at", metavar="TIME", help="when sessions begin, as 18:00")
    wishes.add_argument("--zone", metavar="ZONE", help="time zone, as Europe/Berlin (default the calendar's own)")
    wishes.add_argument("--alarm", type=int, metavar="MIN", help="minutes of warning (default none)")
    wishes.add_argument("--busy", action="store_true", help="say only that you are busy")
    wishes.add_argument("--paper", choices=("a4", "us-letter"), default="a4")
    wishes.add_argument("--units", choices=("metric", "imperial"), default="metric")


def _add_weight(command: ArgumentParser) -> None:
    command.add_argument("--person", type=Path, metavar="TOML", help="mass_kg, height_m, age_years, sex")
    for option, unit in (("--mass", "KG"), ("--height", "M"), ("--age", "YEARS")):
        command.add_argument(option, type=float, metavar=unit)
    command.add_argument("--sex", choices=("female", "male"))
    command.add_argument("--activity", choices=("sitting", "moving", "hard"), default="sitting", help="your day")
    for circumstance in ("pregnant", "breastfeeding", "eating-disorder", "illness"):
        command.add_argument(f"--{circumstance}", action="store_true")
    command.add_argument("--none-of-these", action="store_true", help="not pregnant, breastfeeding, ... unless named")
    command.add_argument("--lose", type=float, metavar="KG", help="what you wish for")
    command.add_argument("--in-weeks", type=float, metavar="N")
    command.add_argument("--part", metavar="PART", help="where you wish it, as belly")


def _add_plan(command: ArgumentParser) -> None:
    command.add_argument("--goal", metavar="GOAL", help="try, reverse, intervals, warm_up, walk, knee, treadmill")
    command.add_argument("--weeks", type=int, metavar="N", help="how many weeks (default 12)")
    command.add_argument("--days", metavar="DAYS", help="when you can, as mon,wed,fri (default every day)")
    command.add_argument("--start", metavar="DATE", help="the first day (default the next Monday)")
    command.add_argument("--out-on", action="append", default=[], metavar="DATE", help="a day or FROM..TO that is out")
    command.add_argument("--event", action="append", default=[], metavar="DATE=NAME", help="a race or the like")
    single = command.add_argument_group("single sessions (what changes is said; --undo takes it back)")
    single.add_argument(
        "--move", action="append", default=[], metavar="DATE=DATE", help="move a session to another day"
    )
    single.add_argument("--swap", action="append", default=[], metavar="DATE=DATE", help="let two days change places")
    single.add_argument("--skip", action="append", default=[], metavar="DATE", help="leave a session out")
    single.add_argument("--undo", action="store_true", help="take back the latest change of goal, calendar or session")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when all went well, 1 when something was refused, 2 when nothing could be done."""
    _let_any_name_be_printed()
    options = parser().parse_args(arguments)
    if options.command is None:
        options = parser().parse_args(["serve"])
    try:
        module = _MODULES.get(options.command, options.command)
        code: int = import_module(f"retropace.cli.{module}").run(options)
        sys.stdout.flush()  # what cannot be printed shows here, not while Python leaves
    except RetropaceError as error:
        sys.stderr.write(f"retropace: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("retropace: stopped. What was written before stays.\n")
        return 130
    except BrokenPipeError:  # the reader of our output left, as `| head` does
        sys.stderr.close()
        return 0
    except OSError as error:
        sys.stderr.write(f"retropace: Could not go on: {error.strerror or error}.\n")
        return 2
    return code


def _let_any_name_be_printed() -> None:
    """A file name that the terminal's encoding lacks is printed with escapes instead of failing."""
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")
