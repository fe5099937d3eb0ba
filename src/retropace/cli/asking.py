"""Asking: questions on a terminal, one at a time; Enter leaves one open, ? says why, Ctrl-C or Ctrl-D stops."""

import sys
from collections.abc import Callable, Sequence
from typing import TextIO, TypeVar

from retropace.errors import UnusableInput

T = TypeVar("T")


class Asking:
    """Asks on one pair of streams. Raises UnusableInput where nobody can answer.

    Once somebody has stopped (`stopped`), nothing is said or asked any more and every further question stays open: whoever
    asks goes on to its end with what was answered so far.
    """

    def __init__(self, incoming: TextIO | None = None, outgoing: TextIO | None = None) -> None:
        self.incoming = incoming or sys.stdin
        self.outgoing = outgoing or sys.stdout
        self.stopped = False
        if incoming is None and not self.incoming.isatty():
            remedy = "Run it in a terminal, or give your answers in a file."
            raise UnusableInput("There is nobody here to ask", remedy=remedy)

    def say(self, text: str) -> None:
        """One line."""
        if not self.stopped:
            self.outgoing.write(f"{text}\n")

    def ask(self, question: str, hint: str, parse: Callable[[str], T], why: str = "") -> T | None:
        """The answer, asked again until it can be used; None where it is left open or somebody stops."""
        while True:
            answer = self._line(f"{question} [{hint}] ")
            if not answer:
                return None
            if answer == "?":
                self.say(f"  {why or 'It decides what suits you.'}")
                continue
            try:
                return parse(answer)
            except ValueError as error:
                self.say(f"  {error}")

    def _line(self, prompt: str) -> str:
        """What is typed after `prompt`; nothing once somebody has stopped."""
        if self.stopped:
            return ""
        self.outgoing.write(prompt)
        self.outgoing.flush()
        try:
            line = self.incoming.readline()
        except KeyboardInterrupt:
            line = ""
        if not line:
            self.outgoing.write("\n")
            self.stopped = True
        return line.strip()

    def yes_no(self, question: str, why: str = "") -> bool | None:
        """Yes, no, or None where it is left open."""
        return self.ask(question, "y, n, Enter to leave open, ? why", _yes_no, why)

    def number(self, question: str, low: float, high: float, why: str = "") -> float | None:
        """A number from `low` to `high`, or None."""

        def parse(text: str) -> float:
            try:
                value = float(text.replace(",", "."))
            except ValueError:
                value = float("nan")
            if not low <= value <= high:
                raise ValueError(f"Give a number from {low:g} to {high:g}.")
            return value

        return self.ask(question, "a number, Enter to leave open, ? why", parse, why)

    def choice(self, question: str, words: Sequence[str], why: str = "") -> str | None:
        """One of `words` (its beginning is enough where that is clear), or None."""

        def parse(text: str) -> str:
            fitting = [word for word in words if word.startswith(text.lower())]
            exact = [word for word in fitting if word == text.lower()]
            if len(exact or fitting) != 1:
                raise ValueError(f"Choose one of: {', '.join(words)}.")
            return (exact or fitting)[0]

        return self.ask(question, f"{', '.join(words)}, Enter to leave open, ? why", parse, why)


def _yes_no(text: str) -> bool:
    if text.lower() in ("y", "yes"):
        return True
    if text.lower() in ("n", "no"):
        return False
    raise ValueError("Answer y or n, or press Enter to leave it open.")
