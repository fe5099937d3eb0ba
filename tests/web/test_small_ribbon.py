"""Small ribbon: from the digest alone, backward below the line and hatched, what is assumed pale."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

from retropace.digest import Digest, Stretch
from retropace.quantities import Direction, Gait
from retropace.web.small_ribbon import small_ribbon


def made(*stretches: Stretch) -> Digest:
    end = stretches[-1].end_s if stretches else 0.0
    return Digest("1", "run.fit", dt.date(2026, 11, 20), None, end, stretches=stretches)


FORWARD = Stretch(0, 60, Gait.RUN, Direction.FORWARD, 2.5)
BACKWARD = Stretch(60, 80, Gait.RUN, Direction.BACKWARD, 1.9)
UNKNOWN = Stretch(80, 90, Gait.RUN, Direction.UNKNOWN, 1.9)
STANDING = Stretch(90, 120, Gait.STAND, Direction.NONE, 0.0)
OTHER = Stretch(120, 180, Gait.OTHER, Direction.UNKNOWN, 6.0)


def test_nothing_is_drawn_of_nothing() -> None:
    assert small_ribbon(made()) == ""


def test_every_kind_has_its_own_look_and_side() -> None:
    svg = small_ribbon(made(FORWARD, BACKWARD, UNKNOWN, STANDING, OTHER))
    ET.fromstring(svg)
    line = float(re.findall(r'd="M1 ([\d.]+)H349" class="line"', svg)[0])
    top = float(re.findall(r'y="([\d.]+)" width="[\d.]+" height="[\d.]+" class="fr"', svg)[0])
    below = float(re.findall(r'y="([\d.]+)" width="[\d.]+" height="[\d.]+" class="be"', svg)[0])
    assert top < line
    assert below == line
    assert svg.count("url(#small-hatch)") == 1
    assert svg.count("url(#small-dots)") == 1
    assert svg.count('class="un"') == svg.count('class="st"') == 1
    assert "backward once" in svg
    assert "direction unknown for 10 s" in svg


def test_what_is_assumed_is_pale() -> None:
    assumed = Stretch(0, 60, Gait.RUN, Direction.FORWARD, 2.5, assumed=True)
    assert 'class="fp"' in small_ribbon(made(assumed))
    assert "forward as far as anyone can tell" in small_ribbon(made(assumed))


def test_it_stays_inside_and_speeds_may_be_unknown() -> None:
    svg = small_ribbon(
        made(Stretch(0, 1, Gait.RUN, Direction.FORWARD), Stretch(1, 90_000, Gait.WALK, Direction.BACKWARD, 9.0))
    )
    for x, width in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg):
        assert float(x) + float(width) <= 350
    for y, tall in re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)" class="be"', svg):
        assert float(y) + float(tall) <= 44
