"""The house rules that a machine can check: imports go down, files and functions stay small, names say something."""

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SRC = Path(__file__).parent.parent / "src" / "retropace"

#: Layer of every module and package folder, lowest first. A module imports from layers below its own, or from its own
#: layer a module named before it. The edge (readers, writers, ...) may not import each other sideways.
LAYERS: list[list[str]] = [
    ["errors", "quantities", "sources", "estimate", "rules", "texts", "fit_profile"],
    ["files", "session", "recording", "bout", "person", "correction", "place", "log"],
    [
        "signals",
        "chain",
        "motion",
        "witness",
        "readings",
        "fronts",
        "turns",
        "motion_witness",
        "baseline",
        "plan",
        "model",
        "direction",
        "live_direction",
        "live",
    ],
    ["form", "form_by_motion", "gait", "energy", "knee", "load", "claims"],
    ["metrics", "summary"],
    [
        "findings",
        "surroundings",
        "home_tests",
        "screening",
        "exercises",
        "doses",
        "saying",
        "caps",
        "prescription",
        "standing",
        "signs",
        "hearing",
        "timetable",
        "weekdays",
        "progression",
        "homework",
        "programme",
        "plan_words",
        "rearranging",
        "consequences",
        "pieces",
        "cues",
        "guide",
        "voice",
        "weight",
    ],
    ["readers", "writers", "simulate", "mocap", "views", "store"],
    [
        "situation",
        "replan",
        "attention",
        "followup",
        "change",
        "review",
        "digest",
        "demo_person",
        "takeout",
        "putback",
        "intake",
        "coached",
        "progress",
        "report",
    ],
    ["web"],
    ["cli"],
]
#: What an edge may import besides layers 0 and 1 (see DESIGN: readers → words, data; writers and views → up to sums).
EDGE_REACH = {"readers": 1, "writers": 5, "simulate": 2, "mocap": 2, "views": 5, "store": 5}
#: Edges that use another edge: simulated runs are written as files, a printed plan shows our drawings, and captured
#: people wear the sensors of simulated ones.
EDGE_DOORS = {("simulate", "writers"), ("writers", "views"), ("mocap", "simulate")}
BANNED = re.compile(r"(^|_)(utils?|helpers?|common|manager|service)s?$")
_ASKED = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)
MODULES = sorted(path for path in SRC.rglob("*.py") if path.name != "__main__.py")


def room(path: Path) -> str:
    return path.relative_to(SRC).with_suffix("").parts[0]


def layer_of(name: str) -> int:
    return next(i for i, names in enumerate(LAYERS) if name in names)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Imports and functions of a module: all that is asked about here."""
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(node for node in found if isinstance(node, _ASKED))


def imported_rooms(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "retropace":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("retropace.")}
    return {name for name in found if name != "__version__"}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function, its docstring not counted."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = ast.get_docstring(node, clean=False)
            spoken = doc.count("\n") + 1 if doc else 0
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1 - spoken


def may_import(here: str, name: str) -> bool:
    """Whether the room `here` may import from the room `name`."""
    if here in {"__init__", name}:
        return here == name
    own, theirs = layer_of(here), layer_of(name)
    if here in EDGE_REACH:
        return (theirs <= EDGE_REACH[here] and theirs != own) or (here, name) in EDGE_DOORS
    return theirs < own or (theirs == own and LAYERS[own].index(name) < LAYERS[own].index(here))


def test_imports_go_down() -> None:
    wrong = [(path, name) for path in MODULES for name in imported_rooms(path) if not may_import(room(path), name)]
    assert [f"{path.relative_to(SRC)} imports {name} (layer {layer_of(name)})" for path, name in wrong] == []


def test_every_layer_entry_exists() -> None:
    rooms = {room(path) for path in MODULES} - {"__init__"}
    assert {name for names in LAYERS for name in names} == rooms


def test_size_and_name() -> None:
    for path in MODULES:
        assert path.read_text(encoding="utf-8").count("\n") <= 500, f"{path}: split the file, budget 500 lines"
        assert not BANNED.search(path.stem), f"{path}: a name that says nothing"
        assert not [(path, name, lines) for name, lines in functions(path) if lines > 60], "hard stop 60 lines"


def test_functions_are_short() -> None:
    lengths = sorted(lines for path in MODULES for _, lines in functions(path))
    assert statistics.median(lengths) <= 10
    assert lengths[int(0.9 * len(lengths))] <= 35


def test_core_touches_no_outside_world() -> None:
    """Layers 0 to 5 open no clock, network, database or log; files only packaged data and what a person names."""
    forbidden = {"logging", "sqlite3", "socket", "random", "time", "subprocess", "urllib", "rich", "jinja2"}
    for path in MODULES:
        if room(path) == "__init__" or layer_of(room(path)) > 5:
            continue
        for node in nodes(path):
            if isinstance(node, ast.Import):
                assert not {a.name.split(".")[0] for a in node.names} & forbidden, path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in forbidden, path
