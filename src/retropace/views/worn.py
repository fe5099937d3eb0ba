"""Worn: where the sensor was, how that is known and how surely, in words; and where somebody may say that it was."""

from dataclasses import dataclass

from retropace.summary import Summary

#: Each place, as a person says it and as a form offers it. The keys are `motion.placement.Placement`'s own, which would take
#: time to load here; a test holds them together.
PLACES = {
    "foot": "foot or shoe",
    "waist": "waist or lower back",
    "pocket": "trouser pocket",
    "wrist": "wrist",
    "hand": "hand or upper arm",
    "other": "somewhere else",
}
#: What follows for direction, where it is not what everybody expects.
_FOLLOWS = {
    "wrist": "An arm swings much alike both ways: by itself it cannot tell forward from backward.",
    "hand": "An arm swings much alike both ways: by itself it cannot tell forward from backward.",
    "other": "So the motion says nothing here of which way you went.",
}


@dataclass(frozen=True, slots=True)
class Worn:
    """`key` of `PLACES`; `title` "Worn: trouser pocket"; `how` known, with how surely; `follows` what that means, or "".

    `told` is whether somebody said so, `named` whether that is the sensor's name in the file.
    """

    key: str
    title: str
    how: str
    follows: str
    told: bool
    named: bool = False


def worn(summary: Summary) -> Worn | None:
    """Where the sensor of a recording was; None where there was no raw motion to hear."""
    found = summary.placed
    if found is None or summary.heard is None or not len(summary.heard):
        return None
    key = str(found.placement)
    if found.told:
        named = summary.recording.chosen
        by_name = named.placement == key
        how = f"Its name in the file, “{named.name}”, says so." if by_name else "You said so."
        return Worn(key, f"Worn: {PLACES[key]}", how, _FOLLOWS.get(key, ""), told=True, named=by_name)
    if key == "other":
        how = "The motion does not show clearly enough where the sensor was."
        return Worn(key, "Where the sensor was is unknown", how, _FOLLOWS[key], told=False)
    percent = int(100 * found.probability)
    how = f"Found from the motion, {'over 99' if percent > 99 else percent} % sure."
    return Worn(key, f"Worn: {PLACES[key]}", how, _FOLLOWS.get(key, ""), told=False)


def worn_line(summary: Summary) -> str:
    """The same in one line, "" where there was no raw motion."""
    found = worn(summary)
    return "" if found is None else " ".join(part for part in (f"{found.title}.", found.how, found.follows) if part)
