"""The real motion recordings in ../shared/data, each with who wore what where and how they moved; for measuring only.

Used by the other scripts here and by tests; run by itself it lists them: .venv/bin/python validation/recordings.py [FOLDER]

Everybody in them faced the way they went. `explored` marks the people whose recordings were looked at while the method was
made; what it does on the others is what it does on strangers. The recordings are other people's and stay where they are.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from retropace.readers import read  # noqa: E402
from retropace.recording import Recording, Stream  # noqa: E402

FOLDER = ROOT / "../shared/data"


@dataclass(frozen=True, slots=True)
class Real:
    """A real recording with both sensors, and what its makers say of it.

    `placement` is one of foot, waist, pocket, wrist, other; `site` is the makers' own word for it; `gait` is one of walk,
    run, stairs. `steps` is the number counted by whoever stood by, None where nobody counted.
    """

    person: str
    placement: str
    gait: str
    explored: bool
    recording: Recording
    source: str
    site: str
    path: Path
    steps: int | None = None


def real(folder: Path = FOLDER) -> Iterator[Real]:
    """Every recording of every folder with motion; nothing where the folder is absent."""
    yield from feet_and_lower_back(folder / "feet-and-lower-back-imu")
    yield from pockets(folder / "phone-in-pocket-imu")
    yield from counted_steps(folder / "counted-steps-imu")
    yield from wrists(folder / "wrist-watch-imu")


def feet_and_lower_back(folder: Path) -> Iterator[Real]:
    """Six walkers, both feet and the lower back; there and back again with a U-turn, all of it forward."""
    for path in sorted(folder.glob("*_*.txt")):
        walker, site = path.stem.split("-")[0], path.stem.split("_")[1]
        placement = "waist" if site == "lb" else "foot"
        yield Real(f"back-{walker}", placement, "walk", walker in "12", read(path), "feet-and-lower-back", site, path)


def pockets(folder: Path) -> Iterator[Real]:
    """MobiFall: a phone in a trouser pocket, any way round; one file of force and one of rotation."""
    for path in sorted(folder.glob("sub*/*_acc_*.txt")):
        beside = path.with_name(path.name.replace("_acc_", "_gyro_"))
        late_s = (_first_ns(beside) - _first_ns(path)) * 1e-9
        person, gait = f"pocket-{path.parent.name}", "walk" if path.name.startswith("WAL") else "run"
        explored = path.parent.name == "sub2"
        yield Real(person, "pocket", gait, explored, _joined(path, beside, late_s), "phone-in-pocket", "pocket", path)


def wrists(folder: Path) -> Iterator[Real]:
    """WEDA-FALL: a watch; one file of force and one of rotation."""
    for path in sorted(folder.glob("D0[12]/*_accel.csv")):
        if "vertical" in path.name:
            continue
        beside = path.with_name(path.name.replace("_accel", "_gyro"))
        wearer, gait = path.name[:3], "walk" if path.parent.name == "D01" else "run"
        explored = wearer in ("U01", "U02", "U03")
        yield Real(f"wrist-{wearer}", "wrist", gait, explored, _joined(path, beside), "wrist-watch", "wrist", path)


#: Word in the header → placement. A sensor strapped to the thigh swings as a phone in the pocket does.
_SITES = {"foot": "foot", "wrist": "wrist", "upper leg": "pocket", "lower leg": "other", "torso": "other"}
_PERSON = re.compile(r"(?:Group \w - |PDIoT_I_)?([A-Z][a-z]+)")


def counted_steps(folder: Path) -> Iterator[Real]:
    """Many people and placements, about 23 samples a second, with steps counted by whoever stood by."""
    for path in sorted(folder.glob("*.csv")):
        about = _about(path)
        found = _PERSON.match(path.name)
        person = "steps-" + (found.group(1) if found else path.stem)
        site = next((word for word in _SITES if word in _plain(path.stem)), about.get("sensor position", "").lower())
        in_pocket = "pocket" in path.stem.lower() or about.get("sensor mounting") == "Pocket"
        placement = "pocket" if in_pocket else _SITES.get(site, "other")
        explored = path.name.startswith(("Group A", "Group C", "PDIoT"))
        counted = about.get("number of steps", "")
        steps = int(counted) if counted.isdecimal() else None
        activity = about.get("activity type", path.stem).lower()
        gait = "stairs" if "stairs" in activity else "run" if "run" in activity else "walk"
        site = f"{site} pocket".strip() if in_pocket else site
        yield Real(person, placement, gait, explored, read(path), "counted-steps", site, path, steps)


def _plain(stem: str) -> str:
    return stem.lower().replace("-", " ")


def _about(path: Path) -> dict[str, str]:
    """What the comment lines at the top say, by their lower-case key."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        told = [line.strip(' "#,\n').split(":", 1) for line in lines if line.lstrip('"').startswith("#")]
    return {key.strip().lower(): rest[0].strip(' "') for key, *rest in told if rest}


def _joined(acceleration: Path, rotation: Path, late_s: float = 0.0) -> Recording:
    """One recording of two files, `late_s` the beginning of the second after that of the first."""
    felt, turned = read(acceleration), read(rotation).motion["gyroscope"]
    first_s = min(0.0, late_s)
    motion = {name: _later(stream, -first_s) for name, stream in felt.motion.items()}
    return replace(felt, motion=motion | {"gyroscope": _later(turned, late_s - first_s)})


def _later(stream: Stream, by_s: float) -> Stream:
    return Stream(stream.time_s + by_s, stream.channels) if by_s else stream


def _first_ns(path: Path) -> float:
    """The first time stamp of a MobiFall file, on the phone's own clock."""
    with path.open(encoding="utf-8") as lines:
        return next(float(line.split(",")[0]) for line in lines if line[:1].isdigit())


if __name__ == "__main__":
    for one in real(Path(sys.argv[1]) if sys.argv[1:] else FOLDER):
        told = f"{one.person:14} {one.placement:7} {one.gait:7} {'explored' if one.explored else 'stranger'}"
        print(f"{told} {one.recording.duration_s:7.1f} s {one.steps or '':>4} {one.site:18} {one.path.name}")
