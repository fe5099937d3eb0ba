"""Poses: figures of people as line drawings: joints as points, limbs as strokes, no faces, from data alone.

One style for exercises, home tests, form cues and ways to move. The data stand in the folder `poses`; what a figure shows is
told in words as well, for those who do not see it.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from retropace.errors import UnusableInput
from retropace.exercises import Exercise
from retropace.texts import sentence, texts
from retropace.views.drawing import escaped, path, short
from retropace.views.palette import resolved

Point = tuple[float, float]

#: The joints of each limb, from the trunk outward. Seen from the front a leg ends in four, and an arm or leg may end sooner.
LIMBS: Mapping[str, tuple[str, ...]] = {
    "trunk": ("hip", "neck", "head"),
    "left_leg": ("hip", "knee", "ankle", "heel", "ball", "toe"),
    "right_leg": ("hip", "knee", "ankle", "heel", "ball", "toe"),
    "left_arm": ("shoulder", "elbow", "hand"),
    "right_arm": ("shoulder", "elbow", "hand"),
}
#: Sizes in the drawing's own units, of which the picture is 120 wide.
_UNITS, _HEAD, _JOINT, _NOSE = 120.0, 5.6, 2.4, 2.7
_CLOSE_HEAD, _CLOSE_NOSE = 11.4, 9.0
_TIP = 6.0


@dataclass(frozen=True, slots=True)
class Pose:
    """One person. `limbs` holds chains of joints by the names of `LIMBS`, each x, y in a unit box, y downward.

    `ghost` where it only shows the beginning of a movement. `faces` is 1 where the chest points right when upright, -1 left.
    `gaze_deg` is where the head points (0 right, 90 up), None straight ahead. Seen from above there are `shoulders` and a
    `crown` instead of limbs; `close` draws the head large.
    """

    limbs: Mapping[str, tuple[Point, ...]]
    ghost: bool = False
    faces: int = 1
    gaze_deg: float | None = None
    shoulders: tuple[Point, ...] = ()
    crown: Point | None = None
    close: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """One figure: people, what stands around them, arrows and words. `window` is x, y and width of what is shown."""

    key: str
    view: str
    window: tuple[float, float, float]
    poses: tuple[Pose, ...]
    marks: tuple[tuple[str, tuple[Point, ...]], ...]
    arrows: tuple[tuple[str, tuple[Point, ...]], ...]
    labels: tuple[tuple[Point, str], ...]

    def at(self, point: Point) -> Point:
        """A point of the unit box on the drawing."""
        left, top, width = self.window
        return (point[0] - left) / width * _UNITS, (point[1] - top) / width * _UNITS

    @property
    def scale(self) -> float:
        """How much larger than life-size figures people are drawn in this window."""
        return 1 / self.window[2]


@cache
def scenes() -> Mapping[str, Scene]:
    """Every figure by key: those of exercises under the exercise's key."""
    folder = resources.files("retropace.views").joinpath("poses")
    tables = (tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".toml"))
    return {key: _scene(key, entry) for table in tables for key, entry in table.items()}


def figure_svg(exercise: Exercise | str, *, size: float = 120, language: str = "en") -> str:
    """The figure of an exercise, home test, form cue or way to move as SVG, `size` wide and high [px].

    Colours are classes of `pose_stylesheet`. Raises UnusableInput for a key without a figure.
    """
    scene = _known(exercise.key if isinstance(exercise, Exercise) else exercise)
    title = title_of(scene.key, language)
    told = told_of(scene.key, language)
    box = f'viewBox="0 0 {short(_UNITS)} {short(_UNITS)}" width="{short(size)}" height="{short(size)}"'
    name = f'role="img" aria-label="{escaped(f"{title}. {told}")}"'
    words = f"<title>{escaped(title)}</title><desc>{escaped(told)}</desc>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {name}>{words}{"".join(_drawn(scene))}</svg>'


def title_of(key: str, language: str = "en") -> str:
    """A figure's title: the exercise's name, or its own."""
    exercise = f"exercises.{key}.name"
    return sentence(exercise if exercise in texts(language) else f"figures.{key}.title", language)


def told_of(key: str, language: str = "en") -> str:
    """What a figure shows, for those who do not see it."""
    return sentence(f"figures.{key}.tells", language)


@cache
def pose_stylesheet() -> str:
    """The figures' own CSS, colours as custom properties of the palette."""
    return resources.files("retropace.views").joinpath("pose.css").read_text(encoding="utf-8")


def standalone_figure(
    exercise: Exercise | str, palette: dict[str, str], *, dark: dict[str, str] | None = None, size: float = 120
) -> str:
    """The figure with its styles inside and its colours written out, for a file of its own or for paper.

    With `dark` those colours are taken where the reader's system is dark.
    """
    svg = figure_svg(exercise, size=size)
    css = resolved(pose_stylesheet(), palette)
    if dark is not None:
        css += f"@media (prefers-color-scheme:dark){{{resolved(pose_stylesheet(), dark)}}}"
    end = svg.index(">") + 1
    return f"{svg[:end]}<style>{css}</style>{svg[end:]}"


def _known(key: str) -> Scene:
    if key not in scenes():
        raise UnusableInput(f"There is no figure {key!r}", field="figure", remedy="Use a key of the exercises.")
    return scenes()[key]


# -- data -------------------------------------------------------------------------------------------------------------


def _scene(key: str, entry: Mapping[str, Any]) -> Scene:
    left, top, width = entry.get("window", (0.0, 0.0, 1.0))
    return Scene(
        key=key,
        view=entry["view"],
        window=(float(left), float(top), float(width)),
        poses=tuple(_pose(pose) for pose in entry["poses"]),
        marks=tuple((mark["kind"], _points(mark["points"])) for mark in entry.get("marks", ())),
        arrows=tuple((arrow["way"], _points(arrow["points"])) for arrow in entry.get("arrows", ())),
        labels=tuple((_points([label["at"]])[0], label["says"]) for label in entry.get("labels", ())),
    )


def _pose(entry: Mapping[str, Any]) -> Pose:
    crown = entry.get("crown")
    return Pose(
        limbs={name: _points(entry[name]) for name in LIMBS if name in entry},
        ghost=entry.get("ghost", False),
        faces=-1 if entry.get("faces") == "left" else 1,
        gaze_deg=entry.get("gaze_deg"),
        shoulders=_points(entry.get("shoulders", ())),
        crown=None if crown is None else _points([crown])[0],
        close=entry.get("close", False),
    )


def _points(pairs: Sequence[Sequence[float]]) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in pairs)


# -- drawing ----------------------------------------------------------------------------------------------------------


def _drawn(scene: Scene) -> Iterator[str]:
    """From the back to the front: surroundings, the beginning of the movement, the person, arrows, words."""
    for kind, points in scene.marks:
        yield _mark(scene, kind, points)
    for pose in sorted(scene.poses, key=lambda pose: not pose.ghost):
        body = "".join(_from_above(scene, pose) if pose.crown else _body(scene, pose))
        yield f'<g class="pose-ghost">{body}</g>' if pose.ghost else body
    for way, points in scene.arrows:
        yield _arrow(way, [scene.at(point) for point in points])
    for point, words in scene.labels:
        x, y = scene.at(point)
        yield f'<text x="{short(x)}" y="{short(y)}" text-anchor="middle" class="pose-text">{escaped(words)}</text>'


def _mark(scene: Scene, kind: str, points: Sequence[Point]) -> str:
    at = [scene.at(point) for point in points]
    if kind == "clock":
        return _clock(*at[0])
    css = {"dash": "pose-dash", "panel": "pose-panel", "sole": "pose-sole"}.get(kind, "pose-mark")
    return path(_chain(at), css)


def _clock(x: float, y: float) -> str:
    """A stopwatch."""
    hands = f"M{short(x)} {short(y - 5)}V{short(y)}H{short(x + 3.5)}M{short(x)} {short(y - 8)}V{short(y - 11)}"
    return f'<circle cx="{short(x)}" cy="{short(y)}" r="8" class="pose-mark"/>' + path(hands, "pose-mark")


def _chain(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)


def _body(scene: Scene, pose: Pose) -> Iterator[str]:
    """The limbs of the far side, lighter where one is seen from the side, then trunk and head, then the near limbs."""
    far, near = ("left", "right") if pose.faces > 0 else ("right", "left")
    behind = "".join(_limb(scene, pose, f"{far}_{limb}") for limb in ("leg", "arm"))
    yield f'<g class="pose-far">{behind}</g>' if scene.view == "side" else behind
    yield from _trunk(scene, pose)
    yield from (_limb(scene, pose, f"{near}_{limb}") for limb in ("leg", "arm"))


def _limb(scene: Scene, pose: Pose, name: str) -> str:
    """Two strokes and, where there is one, a foot: from the side a heel, a ball and toes, from the front a line."""
    at = [scene.at(point) for point in pose.limbs.get(name, ())]
    if not at:
        return ""
    strokes = path(_chain(at[:3]), "pose-limb")
    if len(at) == 6:
        ankle, heel, ball, toe = at[2:]
        strokes += path(_chain([ankle, heel, ball, toe]) + _chain([ankle, ball]), "pose-foot")
    elif len(at) == 4:
        strokes += path(_chain(at[2:]), "pose-limb")
    return strokes + "".join(_dot(point) for point in at[1:3])


def _dot(point: Point) -> str:
    return f'<circle cx="{short(point[0])}" cy="{short(point[1])}" r="{_JOINT}" class="pose-joint"/>'


def _trunk(scene: Scene, pose: Pose) -> Iterator[str]:
    if "trunk" not in pose.limbs:
        return
    hip, neck, head = (scene.at(point) for point in pose.limbs["trunk"])
    radius = _HEAD * scene.scale
    for left, right in (("left_arm", "right_arm"), ("left_leg", "right_leg")):
        yield _girdle(scene, pose, left, right)
    yield path(_chain([hip, neck, _toward(head, neck, radius)]), "pose-limb")
    yield _head(head, radius)
    gaze_deg = _ahead(neck, head, pose) if pose.gaze_deg is None else pose.gaze_deg
    if scene.view == "side" or pose.gaze_deg is not None:
        yield _nose(head, gaze_deg, radius, _NOSE * scene.scale**0.5)
    yield _dot(hip) + _dot(neck)


def _girdle(scene: Scene, pose: Pose, left: str, right: str) -> str:
    """The line between the shoulders or the hips, where they are apart (seen from the front)."""
    if left not in pose.limbs or right not in pose.limbs:
        return ""
    ends = [scene.at(pose.limbs[name][0]) for name in (left, right)]
    return path(_chain(ends), "pose-limb") if math.dist(*ends) > 1 else ""


def _ahead(neck: Point, head: Point, pose: Pose) -> float:
    """Where somebody looks whose head is not turned: square to the neck, to the side the chest faces."""
    up_deg = math.degrees(math.atan2(neck[1] - head[1], head[0] - neck[0]))
    return up_deg - 90 * pose.faces


def _toward(start: Point, end: Point, length: float) -> Point:
    share = length / math.dist(start, end)
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _head(centre: Point, radius: float) -> str:
    return f'<circle cx="{short(centre[0])}" cy="{short(centre[1])}" r="{short(radius)}" class="pose-head"/>'


def _nose(centre: Point, gaze_deg: float, radius: float, length: float) -> str:
    """A tick at the edge of the head: where it points, and no more of a face than that."""
    x, y = math.cos(math.radians(gaze_deg)), -math.sin(math.radians(gaze_deg))
    ends = [(centre[0] + r * x, centre[1] + r * y) for r in (radius, radius + length)]
    return path(_chain(ends), "pose-foot")


def _from_above(scene: Scene, pose: Pose) -> Iterator[str]:
    """Shoulders as a bow, the head on it, and where it points."""
    crown = scene.at(pose.crown or (0.5, 0.5))
    left, right = (scene.at(point) for point in pose.shoulders)
    radius = _CLOSE_HEAD if pose.close else _HEAD * scene.scale * 0.8
    across, apart = (right[0] - left[0], right[1] - left[1]), math.dist(left, right)
    depth = (14.0 if pose.close else 10.0) / apart
    bow = ((left[0] + right[0]) / 2 - across[1] * depth, (left[1] + right[1]) / 2 + across[0] * depth)
    ends = [f"{short(x)} {short(y)}" for x, y in (left, bow, right)]
    yield path(f"M{ends[0]}Q{ends[1]} {ends[2]}", "pose-limb")
    yield _dot(left) + _dot(right) + _head(crown, radius)
    yield _nose(crown, pose.gaze_deg or 0.0, radius, _CLOSE_NOSE if pose.close else _CLOSE_NOSE / 2)


def _arrow(way: str, at: Sequence[Point]) -> str:
    """A smooth line through the points with a tip; travel forward in full, backward dashed."""
    data = f"M{short(at[0][0])} {short(at[0][1])}"
    for k, bend in enumerate(at[1:-1], start=1):
        last = k == len(at) - 2
        end = at[-1] if last else ((bend[0] + at[k + 1][0]) / 2, (bend[1] + at[k + 1][1]) / 2)
        data += f"Q{short(bend[0])} {short(bend[1])} {short(end[0])} {short(end[1])}"
    if len(at) == 2:
        data += f"L{short(at[1][0])} {short(at[1][1])}"
    css = f"pose-{way}"
    return path(data, f"{css} pose-hatched" if way == "backward" else css) + path(_tip(at[-2], at[-1]), css)


def _tip(before: Point, end: Point) -> str:
    angle = math.atan2(end[1] - before[1], end[0] - before[0])
    wings = [(end[0] + _TIP * math.cos(angle + turn), end[1] + _TIP * math.sin(angle + turn)) for turn in (2.6, -2.6)]
    return _chain([wings[0], end, wings[1]])
