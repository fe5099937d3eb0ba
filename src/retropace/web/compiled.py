"""Compiled: templates compiled once and kept where Python keeps its own compiled modules: half of a first page's time."""

import contextlib
import importlib.util
import sys
import tempfile
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket


class Compiled(jinja2.BytecodeCache):
    """Compiled templates in `__pycache__` beside those in `folder`; where nothing can be kept, each start compiles anew.

    Jinja compares the checksum of the source, so that a template that was changed is compiled again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept of a template, where that is still true."""
        with contextlib.suppress(OSError), self._path(bucket).open("rb") as kept:
            bucket.load_bytecode(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, whole or not at all: two servers may start at once."""
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as kept:
                bucket.write_bytecode(kept)
            Path(kept.name).replace(path)

    def _path(self, bucket: Bucket) -> Path:
        name = f"jinja{jinja2.__version__.replace('.', '_')}_{bucket.key}.py"
        return Path(importlib.util.cache_from_source(str(self._folder / name)))
