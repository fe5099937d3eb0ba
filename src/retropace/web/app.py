"""App: the house with all its doors, ready to be served."""

import asyncio
import threading
from collections.abc import Iterable
from functools import partial
from importlib import import_module

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match, Mount, Route, Router

from retropace.web import assets
from retropace.web.doors import Door, route
from retropace.web.failure import astray, broken
from retropace.web.guard import App, Guard, Receive, Scope, Send
from retropace.web.house import House
from retropace.web.sockets import socket_routes

#: The rooms that the app opens on. Loading the others takes as long as all before: they are opened behind the first page.
FIRST = ("pages.today", "pages.welcome")

#: The rooms of the house. Each has DOORS.
ROOMS = (
    "pages.welcome",
    "pages.welcome_answers",
    "pages.welcome_tests",
    "pages.welcome_place",
    "pages.welcome_result",
    "pages.welcome_goal",
    "pages.today",
    "pages.coach",
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
    "pages.phone",
    "pages.pairing",
    "pages.settings",
    "pages.your_data",
    "pages.access",
    "pages.account",
    "pages.sharing",
    "pages.people",
    "pages.spotter",
    "pages.coached",
    "api",
)


def doors(rooms: Iterable[str] = ROOMS) -> tuple[Door, ...]:
    """Every door of every room."""
    return tuple(door for room in rooms for door in import_module(f"retropace.web.{room}").DOORS)


class Rooms:
    """The rooms of a house: the first at once; all of them once it has answered, or when somebody asks for another."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._first = [route(door, house) for door in doors(FIRST)]
        self._every: App | None = None
        self._opening = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._every is not None:
            await self._every(scope, receive, send)
            return
        for one in self._first:
            match, found = one.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                await one.handle(scope, receive, send)
                asyncio.get_running_loop().run_in_executor(None, self._open)
                return
        every = await run_in_threadpool(self._open)
        await every(scope, receive, send)

    def _open(self) -> App:
        with self._opening:
            if self._every is None:
                every = doors()
                shared = [door for door in every if door.shares and door.methods == ("GET",)]
                routes = [route(door, self._house) for door in every]
                self._every = Router([*routes, *(route(door, self._house, shared=True) for door in shared)])
            return self._every


def app(house: House) -> Starlette:
    """The app over `house`."""
    return Starlette(
        routes=[
            Route("/s/{edition}/{name}", assets.serve),
            *socket_routes(house),
            Mount("", app=Rooms(house)),
        ],
        middleware=[Middleware(Guard, house=house), Middleware(GZipMiddleware, minimum_size=500)],
        exception_handlers={HTTPException: partial(astray, house), Exception: partial(broken, house)},
    )
