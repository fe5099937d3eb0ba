"""Our part of the FIT profile beside the whole one that an independent reader carries."""

from datetime import UTC, datetime
from uuid import UUID

import fitdecode
import pytest

from retropace.fit_profile import (
    BASE_TYPES,
    DIRECTION_APPLICATION_ID,
    EPOCH,
    MESSAGES,
    SEMICIRCLES_PER_DEGREE,
    SPORTS,
    SUB_SPORTS,
)

PROFILE = fitdecode.profile


@pytest.mark.parametrize("name", MESSAGES)
def test_fields_as_the_profile_has_them(name: str) -> None:
    ours = MESSAGES[name]
    theirs = PROFILE.MESSAGE_TYPES[ours.number]
    assert theirs.name == name
    for field in ours.fields.values():
        known = theirs.fields[field.number]
        assert (known.name, known.base_type.name) == (field.name, field.base.name)
        assert (known.scale or 1, known.offset or 0) == (field.scale, field.offset)


def test_base_types() -> None:
    assert {base.code: (base.name, base.size) for base in BASE_TYPES.values()} == {
        code: (base.name, base.size) for code, base in fitdecode.types.BASE_TYPES.items()
    }


def test_words() -> None:
    assert SPORTS.items() <= PROFILE.FIELD_TYPES["sport"].enum.items()
    assert SUB_SPORTS.items() <= PROFILE.FIELD_TYPES["sub_sport"].enum.items()


def test_constants() -> None:
    assert datetime.fromtimestamp(fitdecode.FIT_UTC_REFERENCE, UTC) == EPOCH
    assert SEMICIRCLES_PER_DEGREE * 180 == 2**31
    assert UUID(bytes=DIRECTION_APPLICATION_ID).version == 4
