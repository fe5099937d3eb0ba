"""Places: where on the body a sensor was, as the words of its name say it: `left_foot`, `RShank`, `L5`, `lf`.

The order of the table is how much a sensor there tells of direction: a foot most, a wrist least.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retropace.readers.words import words_of


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the body by its `rank` for direction, 0 the best; `placement` is where it counts as worn, None unsure."""

    rank: int
    placement: str | None


#: Words → the part of the body, best for direction first. A lower leg counts as its foot, as in `motion.placement`. Of
#: chests, heads and whole arms or legs the name says too little to be believed: the motion is asked.
_NAMED: tuple[tuple[frozenset[str], str | None], ...] = (
    (
        words_of(
            "foot feet footpod shoe shoes boot instep insole toe toes heel calcaneus forefoot midfoot hindfoot rearfoot fuß"
            " fuss pied pie"
        ),
        "foot",
    ),
    (
        words_of(
            "pelvis pelvic sacrum sacral lumbar waist belt hip hips l3 l4 l5 lowback lowerback lowerspine psis becken hüfte"
            " taille"
        ),
        "waist",
    ),
    (words_of("thigh pocket trouser trousers upperleg femur oberschenkel cuisse"), "pocket"),
    (words_of("shank shin ankle calf tibia tibialis gastrocnemius gastroc lowerleg unterschenkel cheville"), "foot"),
    (words_of("leg knee"), None),
    (frozenset(), None),  # a name that says nothing of the body
    (words_of("chest sternum trunk torso thorax back upperback spine body t4 t8 c7"), None),
    (words_of("head forehead ear neck helmet glasses"), None),
    (words_of("upperarm uarm shoulder biceps bicep oberarm"), "hand"),
    (words_of("hand palm finger"), "hand"),
    (words_of("arm forearm lowerarm farm elbow"), None),
    (words_of("wrist watch smartwatch wristband handgelenk poignet"), "wrist"),
)
_SILENT = next(rank for rank, (words, _) in enumerate(_NAMED) if not words)
#: Short for a side and a part, believed only where no whole word says otherwise: LT is also short for left.
_SHORT = {
    **{
        f"{side[0]}{part[0]}": (side, part)
        for side in ("left", "right")
        for part in ("foot", "thigh", "shank", "wrist")
    },
    **{f"{side[0]}ua": (side, "upperarm") for side in ("left", "right")},
    **{f"{side[0]}wr": (side, "wrist") for side in ("left", "right")},
    "lb": ("lowerback",),
}
_SIDES = ("left", "right", "lft", "rgt", "rt", "lt", "l", "r")
_SIDE_WORDS = frozenset((*_SIDES, "links", "rechts", "gauche", "droite"))


def place_of(words: Sequence[str]) -> Place:
    """Where the `words` of a name, in small letters, say that a sensor was.

    >>> place_of(["left", "foot"]), place_of(["rwrist"]), place_of(["imu", "1"]).placement
    (Place(rank=0, placement='foot'), Place(rank=11, placement='wrist'), None)
    """
    rank = _rank(_spoken(spelled(words)))
    return Place(rank, _NAMED[rank][1])


def spelled(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a name with short ones written out, where no whole word says a part of the body.

    >>> spelled(["lf"]), spelled(["lt", "foot"])
    (('left', 'foot'), ('lt', 'foot'))
    """
    if _rank(_spoken(words)) != _SILENT:
        return tuple(words)
    return tuple(whole for word in words for whole in _SHORT.get(word, (word,)))


def _rank(said: Iterable[str]) -> int:
    known = set(said)
    return next((rank for rank, (names, _) in enumerate(_NAMED) if names & known), _SILENT)


def _spoken(words: Sequence[str]) -> Iterator[str]:
    """The words without their sides, and each two neighbours as one: `lower back`, `LUpperLeg`."""
    plain = [_sideless(word) for word in words]
    yield from plain
    yield from (one + other for one, other in pairwise(plain))


def _sideless(word: str) -> str:
    """A word without the side that is written together with it, where a part of the body is left."""
    for side in _SIDES:
        for rest in (word.removeprefix(side), word.removesuffix(side)):
            if rest != word and any(rest in names for names, _ in _NAMED):
                return rest
    return word


def tells_apart(word: str) -> bool:
    """Whether a word may make two sensors of one: a side, a part of the body or a number.

    >>> tells_apart("left"), tells_apart("rfoot"), tells_apart("2"), tells_apart("cal")
    (True, True, True, False)
    """
    return word in _SIDE_WORDS or word in _SHORT or word.isdecimal() or place_of([word]).rank != _SILENT
