"""Real forward activities: never called backward, not even beside a session that somebody else ran."""

from pathlib import Path

import pytest

from made import FIRST_DAY, session_of
from retropace.errors import RetropaceError
from retropace.quantities import Direction
from retropace.readers import read
from retropace.simulate import demo_session
from retropace.summary import summarise

FOLDER = Path(__file__).parents[1] / "../shared/data/activity-files"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file()) if FOLDER.is_dir() else []


@pytest.mark.skipif(not FILES, reason="the real activity files (../shared/data/activity-files) are not here")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_second_is_called_backward(path: Path) -> None:
    try:
        recording = read(path)
    except RetropaceError:
        return
    for plan in (None, session_of(FIRST_DAY), demo_session()):
        bouts = [item.bout for item in summarise(recording, session=plan).bouts]
        assert not [bout for bout in bouts if bout.direction == Direction.BACKWARD]
