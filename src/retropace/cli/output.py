"""Output: where summaries and refusals go: screen, JSON, HTML, PNG."""

import re
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from retropace.errors import RetropaceError, UnusableInput
from retropace.files import write_whole
from retropace.summary import Summary

if TYPE_CHECKING:
    from retropace.quantities import System
    from retropace.views.terminal import TableRow


class Output:
    """Shows each recording as it is done and writes what was asked for; keeps what the closing table needs.

    One recording: `--html` and `--png` name a file, `--json` holds one document. Many: `--html` and `--png` name a folder,
    `--json` holds a list in which a refused file has its sentence.
    """

    def __init__(self, options: Namespace, *, many: bool) -> None:
        self.many = many
        self.quiet: bool = options.quiet
        self.system: System = options.units
        self.html: Path | None = options.html
        self.png: Path | None = options.png
        self.json: Path | None = options.json
        self.series: bool = options.series
        self.hide_radius_m: float = options.hide_radius
        self.documents: list[bytes] = []  # what --json will hold
        self.names: set[str] = set()  # of the files written so far
        self.rows: list[tuple[str, TableRow]] = []
        if not 0 <= self.hide_radius_m <= 5000:
            raise UnusableInput(
                f"{self.hide_radius_m:g} m is no radius", field="--hide-radius", remedy="Give 0 to 5000."
            )

    def show(self, name: str, summary: Summary) -> None:
        """Print and write one recording's summary."""
        if not self.quiet and str(self.json) != "-":
            from retropace.views.terminal import print_summary

            print_summary(summary, self.system)
        if self.json:
            from retropace.views.document import document, document_json

            self.documents.append(document_json([document(summary, series=self.series)]).strip())
        if self.html:
            from retropace.views.page import html_report

            page = html_report(summary, system=self.system, hide_radius_m=self.hide_radius_m)
            write_bytes(self._place(self.html, name, ".html"), page.encode())
        if self.png:
            from retropace.views.picture import png_report

            write_bytes(self._place(self.png, name, ".png"), png_report(summary, system=self.system))
        self._remember(name, summary)

    def refuse(self, name: str, error: RetropaceError) -> None:
        """Say why a file was refused."""
        sys.stderr.write(f"retropace: {error}\n")
        if self.json:
            from retropace.views.document import refusal_json

            self.documents.append(refusal_json(name, error))
        self._remember(name, error)

    def close(self) -> None:
        """Write the JSON and print the closing table."""
        if self.json:
            content = b"[\n" + b",\n".join(self.documents) + b"\n]\n" if self.many else b"".join(self.documents) + b"\n"
            write_bytes(self.json, content)
        if self.many and not self.quiet and str(self.json) != "-":
            from retropace.views.terminal import print_table

            print_table(self.rows, self.system)

    def _remember(self, name: str, found: Summary | RetropaceError) -> None:
        if self.many:
            from retropace.views.terminal import table_row

            self.rows.append((name, table_row(found, self.system)))

    def _place(self, asked: Path, name: str, suffix: str) -> Path:
        """`asked` itself for one recording; for many a file of its own in the folder `asked`, never one written before."""
        if not self.many:
            return asked
        stem = safe_name(name)
        numbered = next(
            s for s in (stem, *(f"{stem}-{i}" for i in range(2, 100_000))) if f"{s}{suffix}" not in self.names
        )
        self.names.add(f"{numbered}{suffix}")
        return asked / f"{numbered}{suffix}"


#: File systems take names of 255 bytes; the rest is for a number and an ending.
_LONGEST_NAME_BYTES = 200


def safe_name(name: str) -> str:
    """A file name without folders, made of letters, digits, dot, dash and underscore, its end kept where it is long.

    >>> safe_name("holiday.zip/day 1/run.fit")
    'holiday.zip-day-1-run.fit'
    """
    plain = re.sub(r"[^\w.-]+", "-", name).encode()[-_LONGEST_NAME_BYTES:].decode(errors="ignore")
    return plain.strip("-.") or "recording"


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, making its folder; "-" is standard output. Raises UnusableInput."""
    if str(path) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_whole(path, content)
