"""The command line. This module only knows the words; each command's module is loaded when it is called."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from retropace import __version__
from retropace.errors import RetropaceError

_ABOUT = "Run backwards safely, and know which seconds were forward and which backward."
_NEXT = """retropace: which seconds were forward and which backward, what they cost, and how that is known.

Try it on a simulated session:      ./run demo
Read your own recording:            ./run analyse RUN.fit
  a whole folder or zip:            ./run analyse FOLDER --html reports
  with the session you followed:    ./run analyse RUN.fit --session session.toml
  and your body mass, for energy:   ./run analyse RUN.fit --mass 70
What is true about running backwards: ./run evidence

Everything there is:                ./run --help
"""
_SPANS = ("backward", "forward", "sideways", "standing", "unknown")


def parser() -> ArgumentParser:
    """Every command and option."""
    top = ArgumentParser("retropace", description=_ABOUT, formatter_class=RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"retropace {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_analyse(commands.add_parser("analyse", help="read recordings and say what really happened"))
    _add_demo(commands.add_parser("demo", help="the whole journey on a simulated session"))
    _add_simulate(commands.add_parser("simulate", help="write simulated recordings whose truth is known"))
    _add_evidence(commands.add_parser("evidence", help="popular claims about running backwards, and what is known"))
    _add_baseline(commands.add_parser("baseline", help="learn how you run forward, to tell backward from it"))
    return top


def _add_analyse(command: ArgumentParser) -> None:
    command.description = "Read recordings (FIT, TCX, GPX, Sensor Logger, phyphox, CSV; folders and zips of them)."
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, folder or zip")
    person = command.add_argument_group("about you")
    person.add_argument("--person", type=Path, metavar="TOML", help="mass_kg, height_m, age_years, sex, [baseline] ...")
    person.add_argument("--mass", type=float, metavar="KG", help="your body mass, for energy")
    known = command.add_argument_group("what you know about the recording (times are from its start, as 13:28-13:36)")
    known.add_argument("--session", type=Path, metavar="TOML", help="the session you followed")
    known.add_argument("--bouts", type=Path, metavar="TOML", help="corrections: [[bouts]] from, to, direction")
    for word in _SPANS:
        known.add_argument(f"--{word}", action="append", default=[], metavar="FROM-TO", help=f"this stretch was {word}")
    reading = command.add_argument_group("reading")
    reading.add_argument("--strict", action="store_true", help="refuse damaged files instead of repairing them")
    reading.add_argument("--columns", type=Path, metavar="TOML", help="which column of a plain CSV is what")
    _add_output(command)


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
    command.description = "Simulate a first session, read it back, and write its report."
    command.add_argument("--out", type=Path, default=Path("out/demo"), metavar="FOLDER", help="default out/demo")
    command.add_argument("--seed", type=int, default=7, help="another day, another noise")
    command.add_argument("--units", choices=("metric", "imperial"), default="metric")


def _add_simulate(command: ArgumentParser) -> None:
    command.description = "Write a simulated FIT file, raw phone sensors and the truth about both."
    command.add_argument(
        "--out", type=Path, default=Path("out/simulated"), metavar="FOLDER", help="default out/simulated"
    )
    command.add_argument("--session", type=Path, metavar="TOML", help="the session to follow (default: a first day)")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--mass", type=float, default=70.0, metavar="KG")
    command.add_argument("--height", type=float, default=1.75, metavar="M")
    command.add_argument("--placement", choices=("foot", "waist", "pocket", "wrist"), default="waist")
    command.add_argument("--rate", type=float, default=100.0, metavar="HZ", help="of the raw sensors, 25 to 800")


def _add_evidence(command: ArgumentParser) -> None:
    command.description = "Each popular claim, its verdict, the best number and where it comes from."
    command.add_argument("words", nargs="*", metavar="WORD", help="only claims with this word")


def _add_baseline(command: ArgumentParser) -> None:
    command.description = "Learn cadence and heart rate over speed from ordinary forward runs (20 minutes or more)."
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="forward runs: files, folders or zips")
    command.add_argument("--save", type=Path, metavar="TOML", help="add the baseline to this person file")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when all went well, 1 when something was refused, 2 when nothing could be done."""
    options = parser().parse_args(arguments)
    if options.command is None:
        sys.stdout.write(_NEXT)
        return 0
    try:
        code: int = import_module(f"retropace.cli.{options.command}").run(options)
    except RetropaceError as error:
        sys.stderr.write(f"retropace: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("retropace: stopped. What was written before stays.\n")
        return 130
    except BrokenPipeError:  # the reader of our output left, as `| head` does
        sys.stderr.close()
        return 0
    return code
