"""Library: clips by the file or the folder, with whose they are, as the makers' file names tell."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from retropace.errors import UnsupportedFile
from retropace.mocap import bvh, c3d
from retropace.mocap.clip import Clip

#: How a source names its files → (source, performer, style); {n} is the pattern's n-th group. Bandai-Namco do not say
#: which of their actors is whose, so a data set is taken for one performer and its styles stand apart.
_MAKERS: tuple[tuple[str, str, str, str], ...] = (
    (r"(dataset-\d)_([a-z-]+)_([a-z]+)_\d+", "bandai-namco", "{1}", "{3}"),
    (r"((?:Fe)?[Mm]ale\d+)_([A-Z]\d+)_(\w+)", "accad", "{1}", ""),
    (r"(\d\d+)_\d\d+", "cmu", "{1}", ""),
    (r"(S\d+)-Trial-.*", "neura", "{1}", ""),
)
_READERS: dict[str, Callable[[Path], Clip]] = {".bvh": bvh.read, ".c3d": c3d.read}


def read(path: Path) -> Clip:
    """The clip in a BVH or C3D file. Raises UnreadableFile or UnsupportedFile."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnsupportedFile("The file is no motion capture", file=path.name, remedy="Give a BVH or C3D file.")
    return signed(reader(path))


def clips(folder: Path) -> Iterator[Clip]:
    """Every clip in `folder` and its folders, in the order of their names; what cannot be read raises."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _READERS:
            yield read(path)


def signed(clip: Clip) -> Clip:
    """`clip` with source, performer and style, where the file's name tells them.

    The names of the three makers at hand, as dataset-1_walk-back_happy_001.bvh, Male1_C07_RunBack.bvh, 07_12.bvh.
    """
    stem = Path(clip.name).stem
    for pattern, source, performer, style in _MAKERS:
        found = re.fullmatch(pattern, stem)
        if found:
            groups = ("", *found.groups())
            return replace(clip, source=source, performer=performer.format(*groups), style=style.format(*groups))
    return clip
