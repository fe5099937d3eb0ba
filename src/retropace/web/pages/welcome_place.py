"""First visit: where somebody means to run backward, with drawings of what clear length and width mean."""

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from retropace.place import Place, Surface, Watcher
from retropace.quantities import System, shown
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.language import say
from retropace.web.pages.welcome_going import go_on, kept_quietly
from retropace.web.pages.welcome_kept import keep, known
from retropace.web.pages.welcome_steps import At, Step, at
from retropace.web.pages.welcome_typed import Typed
from retropace.web.visit import Visit

#: What can be walked first and looked over [m], and the steepest way [%] somebody would call one.
LENGTHS_M, WIDTHS_M, STEEPEST_PCT = (1.0, 1000.0), (0.3, 50.0), 20.0
_M_PER_FT = 0.3048
_SLOPES = ("flat", "slopes")
YES_NO = ("dry", "daylight", "others")
BELT = ("treadmill_clip", "treadmill_helper", "treadmill_harness")


def surface_words(surface: Surface) -> str:
    """What is underfoot."""
    return {
        Surface.TRACK: say("Track"),
        Surface.GRASS: say("Short grass"),
        Surface.ASPHALT: say("Asphalt"),
        Surface.GRAVEL: say("Gravel"),
        Surface.TRAIL: say("Trail"),
        Surface.SAND: say("Sand"),
        Surface.HALL: say("Hall, corridor"),
        Surface.TREADMILL: say("Treadmill"),
    }[surface]


def watcher_titles() -> dict[Watcher, tuple[str, str]]:
    """Who or what looks behind, and what that means."""
    return {
        Watcher.SPOTTER: (say("A person"), say("walks or jogs a step behind you, facing the way you go")),
        Watcher.MIRROR: (say("A mirror"), say("on a wrist, a cap or a stand")),
        Watcher.RAIL: (say("A rail"), say("or a counter within reach, for walking")),
        Watcher.NOBODY: (say("Nobody yet"), say("only you, over your shoulder")),
    }


def place(visit: Visit) -> Response:
    """The place as far as it is known."""
    screened = known(visit.notebook, visit.today)
    return _place(visit, at(visit, Step.PLACE, screened.answers), screened.place, Typed(visit))


def keep_place(visit: Visit) -> Response:
    """Keep the place."""
    typed = Typed(visit)
    screened = known(visit.notebook, visit.today)
    screened = replace(screened, place=_told(typed, screened.place))
    where = at(visit, Step.PLACE, screened.answers)
    if kept_quietly(visit) or typed.troubles:
        keep(visit.notebook, screened)
        return Response(status_code=204) if kept_quietly(visit) else _place(visit, where, screened.place, typed)
    return go_on(visit, where, screened)


def _told(typed: Typed, before: Place) -> Place:
    surface = typed.choice("surface", list(Surface), before.surface)
    if surface == Surface.TREADMILL:
        belt: dict[str, Any] = {name: typed.yes_no(name, kept=getattr(before, name)) for name in BELT}
        return replace(before, surface=Surface.TREADMILL, **belt)
    watcher = typed.choice("watcher", list(Watcher), before.watcher)
    return Place(
        surface=Surface(surface) if surface else None,
        slope=_slope(typed, before.slope),
        clear_length_m=_metres(typed, "clear_length", LENGTHS_M, before.clear_length_m),
        clear_width_m=_metres(typed, "clear_width", WIDTHS_M, before.clear_width_m),
        watcher=Watcher(watcher) if watcher else None,
        **{name: typed.yes_no(name, kept=getattr(before, name)) for name in YES_NO},
    )


def _slope(typed: Typed, before: float | None) -> float | None:
    """Flat, or so many percent."""
    flat = typed.choice("slope", _SLOPES)
    if "slope" in typed.troubles or not typed.has("slope"):
        return before
    if flat != "slopes":
        return 0.0 if flat == "flat" else None
    percent = typed.number("slope_pct", 0, STEEPEST_PCT, None if before is None else 100 * before)
    if percent is None and "slope_pct" not in typed.troubles:
        typed.troubles["slope_pct"] = say("Give the slope in percent, 0 to 20. A gentle ramp has 3 to 5.")
    return before if percent is None else round(percent / 100, 6)


def _metres(typed: Typed, name: str, reach_m: tuple[float, float], before_m: float | None) -> float | None:
    """A length in the reader's unit."""
    low, high = (shown(metres, "m", typed.visit.settings.system)[0] for metres in reach_m)
    value = typed.number(name, round(low, 1), round(high))
    if name in typed.troubles or not typed.has(name):
        return before_m
    imperial = typed.visit.settings.system == "imperial"
    return value if value is None or not imperial else round(value * _M_PER_FT, 3)


def _place(visit: Visit, where: At, here: Place, typed: Typed) -> Response:
    unit = shown(1.0, "m", visit.settings.system)[1]
    kept = {
        "surface": here.surface,
        "slope": None if here.slope is None else "flat" if here.slope == 0 else "slopes",
        "slope_pct": None if not here.slope else round(100 * here.slope, 1),
        "clear_length": _in_unit(here.clear_length_m, visit.settings.system),
        "clear_width": _in_unit(here.clear_width_m, visit.settings.system),
        "watcher": here.watcher,
        **{name: getattr(here, name) for name in (*YES_NO, *BELT)},
    }
    values = {name: typed.shown(name, value) for name, value in kept.items()}
    if "slope_pct" in typed.troubles:
        values["slope"] = "slopes"
    return page(
        visit,
        "welcome_place.html",
        status=422 if typed.troubles else 200,
        at=where,
        surfaces=[(surface.value, surface_words(surface)) for surface in Surface],
        watchers=[(watcher.value, *words) for watcher, words in watcher_titles().items()],
        values=values,
        troubles=typed.troubles,
        unit=unit,
    )


def _in_unit(metres: float | None, system: System) -> float | None:
    return None if metres is None else round(shown(metres, "m", system)[0], 1)


def place_words(here: Place, system: System) -> str:
    """A place in a line; nothing where nothing is known of it."""
    if here.surface is Surface.TREADMILL:
        return surface_words(Surface.TREADMILL)
    told = [surface_words(here.surface)] if here.surface else []
    for metres, words in ((here.clear_length_m, say("{size} long")), (here.clear_width_m, say("{size} wide"))):
        if metres is not None:
            value, unit = shown(metres, "m", system)
            told.append(words.format(size=f"{value:.3g} {unit}"))
    if here.slope is not None:
        told.append(say("flat") if here.slope == 0 else say("{pct:.1f} % slope", pct=100 * here.slope))
    told += [
        words
        for known_as, words in (
            (here.dry is False, say("wet")),
            (here.daylight is False, say("dark")),
            (here.others is True, say("others may cross")),
        )
        if known_as
    ]
    if here.watcher is not None:
        told.append(watcher_titles()[here.watcher][0].lower())
    return ", ".join(told)


DOORS = (Door("/welcome/{way}/place", place), Door("/welcome/{way}/place", keep_place, ("POST",)))
