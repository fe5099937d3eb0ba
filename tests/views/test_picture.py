"""Picture: a PNG that brings its own letters."""

import struct
from importlib import resources
from xml.etree import ElementTree as ET

import pytest
import resvg_py

from retropace.summary import Summary
from retropace.views import drawing
from retropace.views.palette import LIGHT
from retropace.views.picture import balanced, picture_svg, png_report, words_px, wrapped

SUMMARIES = ("repeats_summary", "forward_summary", "month_summary", "empty_summary")


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_picture_as_wide_as_asked(request: pytest.FixtureRequest, name: str) -> None:
    summary = request.getfixturevalue(name)
    assert size(png_report(summary))[0] == 1200
    assert size(png_report(summary, 600))[0] == 600


def test_it_is_the_same_every_time(repeats_summary: Summary) -> None:
    assert png_report(repeats_summary) == png_report(repeats_summary)


def test_letters_come_from_the_fonts_it_brings(empty_summary: Summary) -> None:
    drawn = drawing.standalone(picture_svg(empty_summary), LIGHT)
    without_letters = bytes(resvg_py.svg_to_bytes(svg_string=drawn, width=1200, skip_system_fonts=True))
    assert size(without_letters) == size(png_report(empty_summary))
    assert len(png_report(empty_summary)) > 3 * len(without_letters)


def test_fonts_are_small_and_carry_their_licence() -> None:
    fonts = resources.files("retropace.views").joinpath("fonts")
    for name in ("Inter-Regular.otf", "Inter-SemiBold.otf"):
        content = fonts.joinpath(name).read_bytes()
        assert content[:4] == b"OTTO"
        assert len(content) < 80_000
    licence = fonts.joinpath("OFL.txt").read_text(encoding="utf-8")
    assert "The Inter Project Authors" in licence
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_everything_stands_inside(repeats_summary: Summary) -> None:
    svg = ET.fromstring(picture_svg(repeats_summary))
    height = float(svg.get("height", "0"))
    ys = [float(t.get("y", "0")) for t in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert 0 < max(ys) < height
    assert LIGHT["back"] not in picture_svg(repeats_summary)  # colours come from the stylesheet alone


def test_simulated_is_written_on_it(repeats_summary: Summary, empty_summary: Summary) -> None:
    assert "Simulated: nobody ran this." in picture_svg(repeats_summary)
    assert "Simulated" not in picture_svg(empty_summary)


def test_lines_are_broken_to_fit() -> None:
    words = "A forward run, as far as anyone can tell: nothing in the file saw which way you faced."
    lines = wrapped(words, 26, 640)
    assert " ".join(lines) == words
    assert all(words_px(line, 26) <= 640 for line in lines)
    even = balanced(words, 26, 640)
    assert len(even) == len(lines)
    assert max(words_px(line, 26) for line in even) <= max(words_px(line, 26) for line in lines)
