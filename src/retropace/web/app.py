"""App: the house with all its doors, ready to be served."""

from functools import partial
from importlib import import_module

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from retropace.web import assets
from retropace.web.doors import Door, route
from retropace.web.failure import astray, broken
from retropace.web.guard import Guard
from retropace.web.house import House

#: The rooms of the house. Each has DOORS.
ROOMS = (
    "pages.welcome",
    "pages.welcome_answers",
    "pages.welcome_tests",
    "pages.welcome_place",
    "pages.welcome_result",
    "pages.welcome_goal",
    "pages.today",
    "pages.plan",
    "pages.home",
    "pages.sessions",
    "pages.intake_page",
    "pages.compare",
    "pages.file",
    "pages.session",
    "pages.log",
    "pages.progress",
    "pages.evidence",
    "pages.demo",
    "pages.settings",
    "pages.your_data",
    "pages.access",
    "pages.account",
    "pages.sharing",
    "pages.people",
    "api",
)


def doors() -> tuple[Door, ...]:
    """Every door of every room."""
    return tuple(door for room in ROOMS for door in import_module(f"retropace.web.{room}").DOORS)


def app(house: House) -> Starlette:
    """The app over `house`."""
    every = doors()
    shared = [route(door, house, shared=True) for door in every if door.shares and door.methods == ("GET",)]
    return Starlette(
        routes=[Route("/s/{edition}/{name}", assets.serve), *(route(door, house) for door in every), *shared],
        middleware=[Middleware(Guard, house=house), Middleware(GZipMiddleware, minimum_size=500)],
        exception_handlers={HTTPException: partial(astray, house), Exception: partial(broken, house)},
    )
