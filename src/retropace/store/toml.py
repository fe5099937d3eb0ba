"""TOML: records as readable text."""

from collections.abc import Mapping
from typing import Any

from retropace.store.records import table


def written(record: Any) -> str:
    """A frozen dataclass as TOML; what is None or empty is left out."""
    return toml_of(table(record))


def toml_of(content: Mapping[str, Any]) -> str:
    """A table as TOML."""
    import tomli_w

    return tomli_w.dumps(content)
