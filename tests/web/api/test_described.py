"""The API against its own description: whatever is sent, the answer is one of those described, and never a fault of ours."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from retropace.store.database import open_database
from retropace.web.api.operation import Operation
from retropace.web.api.operations import OPERATIONS
from retropace.web.app import app
from retropace.web.house import House

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, lived_file: Path) -> Iterator[schemathesis.BaseSchema]:
    path = shutil.copy(lived_file, tmp_path_factory.mktemp("described") / "retropace.db")
    database = open_database(f"sqlite:///{path}")
    made = app(House(database, secret=b"test", clock=lambda: NOW, hosts=frozenset({"localhost", "testserver"})))
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", made)
    database.close()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.key)
def test_answers_are_those_described(api: schemathesis.BaseSchema, operation: Operation) -> None:
    described = api["/api/v1" + operation.path][operation.method]

    @given(case=described.as_strategy())
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def answered(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    answered()
