"""Settings: how it is shown, what is known of the body, where home is; and the way to everything else about oneself."""

import math
from dataclasses import replace
from functools import cache
from typing import Any, get_args
from zoneinfo import available_timezones

import numpy as np
from starlette.responses import Response

from retropace.errors import RetropaceError, UnusableInput
from retropace.person import Person
from retropace.quantities import QUANTITIES, System
from retropace.store import Settings
from retropace.store.accounts import Accounts
from retropace.store.api_tokens import ApiTokens
from retropace.store.sharing import Sharing
from retropace.store.sign_ins import SignIns
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say, say_count
from retropace.web.pages.welcome_typed import Typed
from retropace.web.reviews import review
from retropace.web.visit import Visit

_LONGEST_NAME = 60
THEMES = ("system", "light", "dark")
#: What may stay hidden round home [m].
RADII_M = (0.0, 100.0, 200.0, 500.0, 1000.0)
#: So many of the latest recordings are searched for one with a position.
_SEARCHED = 10
_KG_PER_LB, _M_PER_FT, _M_PER_IN = 0.45359237, 0.3048, 0.0254
_REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def settings(visit: Visit) -> Response:
    """Everything about oneself, each with what it is now."""
    told, body = visit.notebook.settings(), visit.notebook.person()
    account = _account(visit) if visit.house.accounts else None
    return page(
        visit,
        "settings.html",
        tab="settings",
        shown=_shown(told),
        body=_body_words(body, told.system),
        hidden=hidden_words(told),
        account=account,
    )


def _account(visit: Visit) -> dict[str, Any]:
    """What the page says of an account."""
    database, me = visit.house.database, visit.viewer_id
    account, sharing = Accounts(database).of(me), Sharing(database)
    browsers = len(SignIns(database).of(me, visit.house.clock()))
    programs = len(ApiTokens(database).of(me))
    viewers, owners = len(sharing.viewers(me)), len(sharing.owners(me))
    return {
        "login": account.login,
        "second_step": say("On") if account.totp_secret else say("Off"),
        "browsers": say_count("{count} signed in", "{count} signed in", browsers),
        "programs": say_count("{count} token", "{count} tokens", programs) if programs else say("None"),
        "viewers": say_count("{count} person", "{count} people", viewers) if viewers else say("Nobody"),
        "owners": say_count("{count} person", "{count} people", owners) if owners else say("Nobody yet"),
    }


def _shown(told: Settings) -> str:
    system = say("kilometres, kilograms") if told.system == "metric" else say("miles, pounds")
    theme = {"system": say("light or dark automatically"), "light": say("light"), "dark": say("dark")}[told.theme]
    return ", ".join(filter(None, (told.name, system, theme)))


def _body_words(body: Person, system: System) -> str:
    metric = system == "metric"
    mass, height = body.mass_kg, body.height_m
    told = [
        None if mass is None else (f"{mass:.0f} kg" if metric else f"{mass / _KG_PER_LB:.0f} lb"),
        None if height is None else (f"{height * 100:.0f} cm" if metric else _feet_words(height)),
        None if body.age_years is None else say("{years:.0f} years", years=body.age_years),
    ]
    return ", ".join(filter(None, told)) or say("Nothing told: energy stays unknown")


def _feet_words(height_m: float) -> str:
    feet, inches = _feet(height_m)
    return f"{feet} ft {inches:.0f} in"


def _feet(height_m: float) -> tuple[int, float]:
    """Feet and inches.

    >>> _feet(1.75)
    (5, 8.9)
    """
    inches = round(height_m / _M_PER_IN, 1)
    feet = math.floor(inches / 12)
    return feet, round(inches - 12 * feet, 1)


# -- how it is shown ----------------------------------------------------------------------------------------------------


def display(visit: Visit) -> Response:
    """Name, units, light or dark, time zone."""
    return _display(visit, Typed(visit))


def keep_display(visit: Visit) -> Response:
    """Keep them."""
    typed, before = Typed(visit), visit.notebook.settings()
    theme = typed.choice("theme", THEMES, before.theme)
    system = typed.choice("system", get_args(System), before.system)
    zone = typed.read("zone", lambda: _zone(visit), before.zone)
    name = typed.read("name", lambda: visit.text("name", _LONGEST_NAME), before.name)
    if typed.troubles:
        return _display(visit, typed)
    told: Any = {"name": name, "system": system or before.system, "theme": theme or before.theme, "zone": zone}
    visit.notebook.keep_settings(replace(before, **told))
    return see_other(visit, "/settings", say("Kept."))


def _display(visit: Visit, typed: Typed) -> Response:
    told = visit.notebook.settings()
    names = ("name", "system", "theme", "zone")
    return page(
        visit,
        "settings_display.html",
        status=422 if typed.troubles else 200,
        values={name: typed.shown(name, getattr(told, name)) for name in names},
        troubles=typed.troubles,
        zones=zones(),
    )


def _zone(visit: Visit) -> str | None:
    zone = visit.text("zone", 60)
    if zone and zone not in available_timezones():
        raise UnusableInput(f"{zone!r} is no time zone", field="zone", remedy="Choose one as Europe/Berlin.")
    return zone or None


@cache
def zones() -> dict[str, list[tuple[str, str]]]:
    """Time zones by region: the zone, and its place in words."""
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for zone in sorted(available_timezones()):
        region, _, place = zone.partition("/")
        if region in found and place:
            found[region].append((zone, place.replace("_", " ").replace("/", ", ")))
    return found | {"UTC": [("UTC", "UTC")]}


# -- the body -----------------------------------------------------------------------------------------------------------

#: What the form asks beside the size: the field, and its range.
_FIGURES = {"age_years": (5, 110), "resting_heart_rate_bpm": (25, 120), "backward_energy_ratio": (0.9, 2.0)}


def body(visit: Visit) -> Response:
    """Mass, height, age, sex, resting heart rate, and the person's own cost of running backward where it was measured."""
    return _body(visit, Typed(visit))


def keep_body(visit: Visit) -> Response:
    """Keep them."""
    typed, before = Typed(visit), visit.notebook.person()
    figures: dict[str, Any] = {
        name: typed.number(name, low, high, getattr(before, name)) for name, (low, high) in _FIGURES.items()
    }
    told = replace(
        before,
        mass_kg=_mass_kg(typed, before),
        height_m=_height_m(typed, before),
        sex=typed.choice("sex", ("female", "male"), before.sex),
        **figures,
    )
    if typed.troubles:
        return _body(visit, typed)
    visit.notebook.keep_person(told)
    return see_other(visit, "/settings", say("Kept. Energy and knee load are worked out anew with it."))


def _body(visit: Visit, typed: Typed) -> Response:
    told = visit.notebook.person()
    feet, inches = (None, None) if told.height_m is None else _feet(told.height_m)
    values: dict[str, object] = {
        "mass_kg": told.mass_kg,
        "mass_lb": None if told.mass_kg is None else round(told.mass_kg / _KG_PER_LB, 1),
        "height_cm": None if told.height_m is None else round(100 * told.height_m, 1),
        "height_ft": feet,
        "height_in": inches,
        "sex": told.sex,
    }
    values |= {name: getattr(told, name) for name in _FIGURES}
    return page(
        visit,
        "settings_body.html",
        status=422 if typed.troubles else 200,
        values={name: typed.shown(name, value) for name, value in values.items()},
        troubles=typed.troubles,
        metric=visit.settings.system == "metric",
    )


def _mass_kg(typed: Typed, before: Person) -> float | None:
    low, high = QUANTITIES["mass_kg"].low, QUANTITIES["mass_kg"].high
    if not typed.has("mass_lb"):
        return typed.number("mass_kg", low, high, before.mass_kg)
    pounds = typed.number("mass_lb", math.ceil(low / _KG_PER_LB), math.floor(high / _KG_PER_LB))
    return None if pounds is None else round(pounds * _KG_PER_LB, 2)


def _height_m(typed: Typed, before: Person) -> float | None:
    low, high = QUANTITIES["height_m"].low, QUANTITIES["height_m"].high
    if typed.has("height_cm"):
        cm = typed.number("height_cm", 100 * low, 100 * high)
        return None if cm is None else round(cm / 100, 4)
    if not typed.has("height_ft"):
        return before.height_m
    feet, inches = typed.number("height_ft", 3, 8), typed.number("height_in", 0, 11.9)
    return None if feet is None else round(feet * _M_PER_FT + (inches or 0.0) * _M_PER_IN, 4)


# -- home ---------------------------------------------------------------------------------------------------------------


def home(visit: Visit) -> Response:
    """Where home is, and how much round it stays hidden in what is shared."""
    return _home(visit, None)


def keep_home(visit: Visit) -> Response:
    """Keep home and radius; home also from where the last session began, or forgotten."""
    before, act = visit.notebook.settings(), visit.choice("act", ("session", "forget"))
    try:
        if act == "session":
            told = replace(before, home=_last_start(visit))
        elif act == "forget":
            told = replace(before, home=None)
        else:
            radius = visit.number("hide_radius_m", 0, 5000)
            hide_m = before.hide_radius_m if radius is None else radius
            told = replace(before, home=_position(visit), hide_radius_m=hide_m)
    except UnusableInput as error:
        return _home(visit, error)
    visit.notebook.keep_settings(told)
    return see_other(visit, "/settings/home", say("Kept. It counts at once for everybody you share with."))


def _home(visit: Visit, error: RetropaceError | None) -> Response:
    told = visit.notebook.settings()
    typed = visit.form.get("home")
    kept = "" if told.home is None else f"{told.home[0]:.5f}, {told.home[1]:.5f}"
    radii = sorted({*RADII_M, told.hide_radius_m})
    return page(
        visit,
        "settings_home.html",
        status=200 if error is None else 400,
        told=told,
        home=typed[:60] if isinstance(typed, str) and error is not None else kept,
        radii=[(radius, radius_words(radius, told.system)) for radius in radii],
        recorded=bool(visit.recordings.all()),
        error=error,
    )


def _position(visit: Visit) -> tuple[float, float] | None:
    text = visit.text("home", 60).replace("°", " ")
    if not text:
        return None
    parts = text.replace(";", ",").split(",") if "," in text or ";" in text else text.split()
    try:
        latitude, longitude = map(float, parts)
    except ValueError:
        latitude = longitude = math.nan
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        remedy = say("Write latitude and longitude as 48.13710, 11.57540.")
        raise UnusableInput(say("This is no position"), field="home", remedy=remedy)
    return latitude, longitude


def _last_start(visit: Visit) -> tuple[float, float]:
    for kept in visit.recordings.all()[:_SEARCHED]:
        try:
            grid = review(visit.notebook, visit.recordings, kept.id).summary.grid
        except RetropaceError:
            continue
        known = np.flatnonzero(np.isfinite(grid.latitude_deg) & np.isfinite(grid.longitude_deg))
        if known.size:
            return round(float(grid.latitude_deg[known[0]]), 5), round(float(grid.longitude_deg[known[0]]), 5)
    remedy = say("Write it down, or use where you are now.")
    raise UnusableInput(say("None of your latest sessions has a position"), field="home", remedy=remedy)


def radius_words(radius_m: float, system: System) -> str:
    """A radius as somebody says it.

    >>> radius_words(200.0, "metric"), radius_words(1000.0, "metric"), radius_words(200.0, "imperial")
    ('200 m', '1 km', '660 ft')
    """
    if radius_m == 0:
        return say("Nothing")
    if system == "metric":
        return f"{radius_m / 1000:g} km" if radius_m >= 1000 else f"{radius_m:g} m"
    feet = radius_m / _M_PER_FT
    return f"{feet / 5280:.1f} mi" if feet >= 2640 else f"{round(feet, -1):.0f} ft"


def hidden_words(told: Settings) -> str:
    """What stays hidden in what is shared."""
    if not told.hide_radius_m:
        return say("Nothing of your tracks is hidden")
    radius = radius_words(told.hide_radius_m, told.system)
    if told.home is None:
        return say("{radius} hidden round start and end of each track", radius=radius)
    return say("{radius} hidden round home", radius=radius)


DOORS = (
    Door("/settings", settings),
    Door("/settings/display", display),
    Door("/settings/display", keep_display, ("POST",)),
    Door("/settings/body", body),
    Door("/settings/body", keep_body, ("POST",)),
    Door("/settings/home", home),
    Door("/settings/home", keep_home, ("POST",)),
)
