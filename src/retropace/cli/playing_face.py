"""Face: a session being played as lines of text: one big word, what is left, what comes next, and where it is."""

from collections.abc import Sequence
from textwrap import wrap

from retropace.cli.playing import Play, Status
from retropace.cues import Cue, spoken
from retropace.guide import Guide
from retropace.pieces import Piece
from retropace.place import Surface
from retropace.texts import sentence

#: What to do in one word that can be read from where somebody runs.
_WORDS = {"reverse_run": "BACK", "reverse_walk": "BACK", "run": "RUN", "turn": "TURN", "stop": "STOP"}
_WORDS |= {"stand": "STAND", "other": "STAND"}
_HELD = {Status.PAUSED: "PAUSE", Status.STOPPED: "STOP", Status.WALKING: "WALK", Status.DONE: "DONE"}
_KEYS = {
    Status.RUNNING: "space stop · p pause · n next · q end",
    Status.PAUSED: "g go on · space stop · q end",
    Status.STOPPED: "g go on, first walking · q end",
    Status.WALKING: "g go on · space stop · q end",
    Status.DONE: "",
}
_ORANGE, _BLUE, _RED, _STRONG, _PLAIN = "\x1b[1;38;5;208m", "\x1b[1;38;5;74m", "\x1b[1;97;41m", "\x1b[1m", "\x1b[0m"
#: Letters and figures of five rows; one sign of it is two wide, so that they are about square.
_LETTERS = {
    "A": ("###", "# #", "###", "# #", "# #"),
    "B": ("## ", "# #", "## ", "# #", "## "),
    "C": ("###", "#  ", "#  ", "#  ", "###"),
    "D": ("## ", "# #", "# #", "# #", "## "),
    "E": ("###", "#  ", "## ", "#  ", "###"),
    "K": ("# #", "# #", "## ", "# #", "# #"),
    "L": ("#  ", "#  ", "#  ", "#  ", "###"),
    "N": ("#  #", "## #", "# ##", "#  #", "#  #"),
    "O": ("###", "# #", "# #", "# #", "###"),
    "P": ("###", "# #", "###", "#  ", "#  "),
    "R": ("## ", "# #", "## ", "# #", "# #"),
    "S": ("###", "#  ", "###", "  #", "###"),
    "T": ("###", " # ", " # ", " # ", " # "),
    "U": ("# #", "# #", "# #", "# #", "###"),
    "W": ("#   #", "#   #", "# # #", "## ##", "#   #"),
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", " # ", " # ", " # "),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ":": (" ", "#", " ", "#", " "),
}
_ROWS, _WIDEST = 5, 100


def face(play: Play, said: str, note: str, width: int, *, blocks: bool = True, colour: bool = True) -> list[str]:
    """Everything a person sees now. `said` is the last cue's words, `note` what the coach has to tell of itself.

    Always as many lines; none is wider than `width`. `blocks` False keeps to ASCII.
    """
    wide = min(width, _WIDEST)
    word, left = word_of(play), clock_words(play.left_s if play.status is Status.RUNNING else 0.0)
    big = large(word, left if play.status is Status.RUNNING else "", wide, blocks=blocks)
    tint = _tint(play) if colour else ""
    lines = [
        _ends(play.made.session.name, f"{clock_words(play.position_s)} of {clock_words(play.ends_s)}", wide),
        "",
        *(f"{tint}{line}{_PLAIN if tint else ''}" for line in big),
        "",
        f"{_STRONG if colour else ''}{doing_words(play)[:wide]}{_PLAIN if colour else ''}",
        said[:wide],
        next_words(play)[:wide],
        "",
        *ribbon(play, wide, blocks=blocks),
        "",
        *_wrapped(note, wide),
        _KEYS[play.status][:wide],
    ]
    return lines if blocks else [line.replace("·", "|").replace("›", ">").replace("‹", "<") for line in lines]


def word_of(play: Play) -> str:
    """What to do, or what the coach does, in one word of at most five letters."""
    if play.status is not Status.RUNNING:
        return _HELD[play.status]
    return "STAND" if play.position_s < 0 else _WORDS.get(play.piece.doing, "WALK")


def doing_words(play: Play) -> str:
    """What is done, and which repeat of how many."""
    if play.status is Status.STOPPED:
        belt = play.made.place.surface is Surface.TREADMILL
        return "Stopped. Stop the belt, walk until it stands." if belt else "Stopped. Stand still, look round."
    if play.status is Status.WALKING:
        return "Walk until you feel like going on."
    if play.status is Status.DONE:
        return "Done."
    piece = play.piece
    sign = "‹ " if piece.backward else "› " if piece.doing in ("walk", "run") else ""
    first = "First: " if play.position_s < 0 else ""
    return f"{first}{sign}{name_of(play.made, piece)}" + (f" · repeat {piece.repeat} of {piece.of}" if piece.of else "")


def next_words(play: Play) -> str:
    """What comes after."""
    following = play.piece if play.position_s < 0 else play.following
    if play.status is Status.DONE:
        return ""
    if following is None:
        return "Next: the end."
    return f"Next: {name_of(play.made, following)}, {clock_words(following.duration_s)}"


def name_of(made: Guide, piece: Piece) -> str:
    """A piece as it is called."""
    return sentence(f"cues.doing.{piece.called}", made.language).format(name=piece.name)


def clock_words(seconds: float) -> str:
    """Minutes and seconds, begun seconds counted as whole ones; a session's time before its start is 0:00.

    >>> clock_words(59.2), clock_words(-3)
    ('1:00', '0:00')
    """
    whole = max(0, -int(-seconds // 1))
    return f"{whole // 60}:{whole % 60:02d}"


def large(word: str, left: str, width: int, *, blocks: bool) -> list[str]:
    """The word and what is left in large letters, beside each other where that fits, else in ordinary ones."""
    filled = "█" if blocks else "#"
    for scale in (2, 1):
        rows = []
        for row in range(_ROWS):
            parts = (" ".join(_LETTERS[letter][row] for letter in text) for text in (word, left) if text)
            rows.append("    ".join(parts).translate(_wider(scale, filled)))
        if max(map(len, rows)) <= width:
            return rows
    return [f"{word} {left}", *[""] * (_ROWS - 1)]


def _wider(scale: int, filled: str) -> dict[int, str]:
    """Every sign of a large letter so many times as wide."""
    return str.maketrans({"#": filled * scale, " ": " " * scale})


def ribbon(play: Play, width: int, *, blocks: bool = True) -> list[str]:
    """The session as the mirror ribbon in characters: forward above the line, backward below, a mark where it is now."""
    high, low, hung, flat = ("█", "▄", "▀", "─") if blocks else ("#", "_", "=", "-")
    words = ("forward ›  ", "           ", "‹ backward ")
    cells = max(10, width - len(words[0]))
    here = min(cells - 1, max(0, int(play.position_s / play.ends_s * cells)))
    above, below = [" "] * cells, [" "] * cells
    for cell in range(cells):
        doing = _piece_at(play.made, (cell + 0.5) / cells * play.ends_s).doing
        above[cell] = high if doing == "run" else low if doing.startswith("walk") else " "
        below[cell] = high if doing == "reverse_run" else hung if doing == "reverse_walk" else " "
    line = [flat] * cells
    line[here] = "┼" if blocks else "+"
    return [words[0] + "".join(above), words[1] + "".join(line), words[2] + "".join(below), _mark(here, len(words[1]))]


def _mark(cell: int, before: int) -> str:
    return " " * (before + cell) + "^"


def _piece_at(made: Guide, at_s: float) -> Piece:
    return next((piece for piece in made.pieces if at_s < piece.end_s), made.pieces[-1])


def _ends(left: str, right: str, width: int) -> str:
    """Two texts at both ends of a line; the left one gives way."""
    room = width - len(right) - 1
    return f"{left[:room]:<{room}} {right}" if room > 0 else right[:width]


def _wrapped(words: str, width: int) -> list[str]:
    """Words on two lines, what does not fit left out."""
    return [*wrap(words, width), "", ""][:2]


def _tint(play: Play) -> str:
    if play.status is Status.STOPPED:
        return _RED
    return _ORANGE if play.going_backward else _BLUE if word_of(play) in ("WALK", "RUN") else _STRONG


# -- without a screen ---------------------------------------------------------------------------------------------------


def cue_line(cue: Cue, language: str = "en") -> str:
    """A cue as one line of a list.

    >>> from retropace.cues import CueKind
    >>> cue_line(Cue(65.0, CueKind.LOOK, "look_left", 1.8, 1))
    ' 1:05.0  Look left.'
    """
    sign, at_s = ("-", -cue.at_s) if cue.at_s < 0 else ("", cue.at_s)
    return f"{f'{sign}{int(at_s // 60)}:{at_s % 60:04.1f}':>7}  {spoken(cue, language)}"


def told(play: Play) -> list[str]:
    """What was done, and what now."""
    planned_s = sum(piece.duration_s for piece in play.made.pieces if piece.backward)
    how = (
        "Done."
        if play.status is Status.DONE
        else f"Ended at {clock_words(play.position_s)} of {clock_words(play.ends_s)}."
    )
    if not planned_s:
        return [how, "Tell how it went: ./run log"]
    return [
        f"{how} Backward for {clock_words(play.backward_s)} of {clock_words(planned_s)}.",
        "Walk a little before you sit down. Then tell how it went: ./run log",
    ]


def timeline_lines(made: Guide, cues: Sequence[Cue]) -> list[str]:
    """Every cue with its time."""
    return [cue_line(cue, made.language) for cue in cues]
