"""Typeset: a page set from data by one of our templates, in the fonts we bring, tagged for screen readers (PDF/UA-1)."""

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import resources
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput

_OWN_FONTS = "Some letters are set in this computer's own fonts; elsewhere the page may look a little different."
_BOXES = (
    "Some letters are in no font of this computer and print as empty boxes; screen readers may stumble over the file."
)


def typeset(template: str, data: Mapping[str, Any], made: dt.datetime) -> tuple[bytes, tuple[str, ...]]:
    """The PDF that `template` of this folder makes of `data`, and notes on its letters. The same data give the same bytes.

    In the fonts we bring; where they lack a letter, in the computer's own; else with empty boxes. Raises UnusableInput.
    """
    import typst

    told = json.dumps(data, ensure_ascii=False)
    failure: Exception | None = None
    for accessible, own_fonts, notes in ((True, False, ()), (True, True, (_OWN_FONTS,)), (False, True, (_BOXES,))):
        try:
            return _set(template, told, made, accessible=accessible, own_fonts=own_fonts), notes
        except typst.TypstError as error:
            failure = error
    first = str(failure).partition("\n")[0]
    raise UnusableInput(f"The page could not be set: {first}", remedy="Write it as Markdown instead.") from failure


def _set(template: str, told: str, made: dt.datetime, *, accessible: bool, own_fonts: bool) -> bytes:
    import typst

    with _folder("retropace.writers") as writers, _folder("retropace.views") as views:
        return typst.compile(
            str(writers / template),
            root=str(writers),
            font_paths=[str(views / "fonts")],
            ignore_system_fonts=not own_fonts,
            sys_inputs={"plan": told},
            timestamp=made,
            pdf_standards=["ua-1"] if accessible else [],
        )


def _folder(package: str) -> AbstractContextManager[Path]:
    return resources.as_file(resources.files(package))
