"""Session files: repeats written out, rubbish refused in one sentence."""

from pathlib import Path

import pytest

from retropace.errors import UnusableInput
from retropace.quantities import Direction, Gait
from retropace.session import load_session

GOOD = """
name = "First day"
[[steps]]
do = "walk"
seconds = 300
[[steps]]
times = 6
steps = [{ do = "reverse run", seconds = 20, name = "Reverse" }, { do = "walk", seconds = 60 }]
"""


def test_repeats_are_written_out(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(GOOD)
    session = load_session(path)
    assert len(session.steps) == 13
    assert session.duration_s == 300 + 6 * 80
    assert (session.steps[1].gait, session.steps[1].direction) == (Gait.RUN, Direction.BACKWARD)
    assert session.steps[1].name == "Reverse"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("", "steps"),
        ("steps = 3", "steps"),
        ("[[steps]]\ndo = 'fly'\nseconds = 3", "do"),
        ("[[steps]]\ndo = 'walk'", "seconds"),
        ("[[steps]]\ndo = 'walk'\nseconds = 0", "seconds"),
        ("[[steps]]\ndo = 'walk'\nseconds = true", "seconds"),
        ("[[steps]]\ntimes = 0\nsteps = [{do = 'walk', seconds = 5}]", "times"),
        ("steps = [3]", "steps"),
        ("[[steps]]\ntimes = 200\nsteps = [{times = 200, steps = [{do = 'walk', seconds = 5}]}]", "1000"),
        ("nonsense", "read"),
    ],
)
def test_rubbish_is_refused_with_its_place(tmp_path: Path, content: str, where: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(content)
    with pytest.raises(UnusableInput, match=where):
        load_session(path)
