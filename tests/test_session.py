"""Session files: repeats written out, rubbish refused in one sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import UnusableInput
from retropace.quantities import Direction, Gait
from retropace.session import DOINGS, Session, Step, load_session, session_text

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


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(DOINGS)), st.integers(1, 3600), st.text(max_size=20)), min_size=1, max_size=8
    )
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[str, int, str]]
) -> None:
    session = Session("A “day”", tuple(Step(*DOINGS[do], float(seconds), name) for do, seconds, name in asked))
    path = tmp_path_factory.mktemp("s") / "s.toml"
    path.write_text(session_text(session), encoding="utf-8")
    assert load_session(path) == session
