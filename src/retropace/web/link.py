"""Link: the rooms in which a runner's phone and the phones of their spotters hear each other, in the memory of one process.

What a STOP passes through on its way waits for no disk, no thread and no other phone. It is latched: it stays, with its
identity, until the runner's phone said that it stopped, and is told again to a phone that was away.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from retropace.store.spotter_links import Spotting
from retropace.web.link_messages import FROM_RUNNER, FROM_SPOTTER, Malformed, read, written

#: A socket from which nothing came for so long is given up [s]; pages say that they are there twice a second.
SILENT_S = 10.0
#: After so much silence a socket is spared whatever is only of the moment, so that nothing piles up before it [s].
_QUIET_S = 2.0
#: Somebody who takes nothing for so long is given up [s].
_STUCK_S = 5.0
#: Messages at once, and more each second: a runner's phone sends ten a second at most.
BURST, PER_S = 80.0, 30.0
#: Spotters of one run, runs of one person, and sockets of one house.
MOST_SPOTTERS, MOST_RUNS, MOST_SOCKETS = 8, 8, 600
#: STOPs that are remembered of one run, the latest.
_MOST_STOPS = 32
#: Tokens of which it is remembered what they open.
_MOST_TOKENS = 2000
#: So long after the last word a run's room is cleared [s], as its link ends.
_KEEPS_S = 12 * 3600.0

# Why a socket was closed, beside the codes of RFC 6455. A page comes back after any other.
ELSEWHERE = 4001
NOBODY, NOT_YOURS, ENDED, MALFORMED, TOO_MANY = 4401, 4403, 4404, 4400, 4429


class Socket(Protocol):
    """What is needed of a websocket that was accepted."""

    async def receive_text(self) -> str:
        """The next message. Raises Gone."""

    async def send_text(self, data: str) -> None:
        """Send a message. Raises Gone."""

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Say goodbye. Raises Gone."""


class Gone(Exception):
    """The other side hung up."""


class Full(Exception):
    """There is no room for one more."""


class NotTheirs(Exception):
    """The run is somebody else's."""


@dataclass(slots=True)
class Pace:
    """How much somebody may still say: a bucket that fills again."""

    clock: Callable[[], float] = time.monotonic
    left: float = BURST
    at: float | None = None

    def allows(self) -> bool:
        """Take one message from the bucket, where there is one."""
        now = self.clock()
        self.left = min(BURST, self.left + (now - (now if self.at is None else self.at)) * PER_S)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Seat:
    """One phone in a room, and what waits to be told to it.

    What must arrive goes first, in order. Of what is only of the moment the newest waits, and none for a phone that is
    silent: a slow phone has little to catch up with, and holds up nobody.
    """

    def __init__(self, page: str, *, runner: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.page = page
        self.runner = runner
        self.name = ""
        self.heard_at = clock()
        self.pace = Pace(clock)
        self.goodbye: tuple[int, str] | None = None
        self.loop = asyncio.get_running_loop()
        self._clock = clock
        self._must: dict[str, str] = {}
        self._newest: dict[str, str] = {}
        self._awake = asyncio.Event()

    def tell(self, key: str, text: str) -> None:
        """Something that must arrive; the same `key` again replaces what still waits."""
        self._must.pop(key, None)
        self._must[key] = text
        self._awake.set()

    def mention(self, key: str, text: str) -> None:
        """Something of the moment."""
        if self._clock() - self.heard_at <= _QUIET_S:
            self._newest[key] = text
            self._awake.set()

    def dismiss(self, code: int, why: str) -> None:
        """Let it leave once it was told what must arrive."""
        self.goodbye = self.goodbye or (code, why)
        self._awake.set()

    async def tell_all(self, socket: Socket) -> None:
        """Tell what waits, and what comes, until it has to leave. Raises TimeoutError where nobody takes it."""
        while self.goodbye is None or self._must:
            waiting = self._must or self._newest
            if not waiting:
                self._awake.clear()
                await self._awake.wait()
                continue
            text = waiting.pop(next(iter(waiting)))
            async with asyncio.timeout(_STUCK_S):
                await socket.send_text(text)


@dataclass(slots=True)
class Stop:
    """A spotter's STOP; `obeyed` once the runner's phone said so."""

    id: str
    at_ms: float
    obeyed: bool = False

    def told(self) -> str:
        """As it is told to the runner's phone."""
        return written("stop", id=self.id, at_ms=self.at_ms)


@dataclass(eq=False)
class Room:
    """One run: the phone of the runner, those of the spotters, STOPs, and the last state the runner's phone told."""

    person_id: str
    run: str
    clock: Callable[[], float] = time.monotonic
    runner: Seat | None = None
    spotters: dict[str, Seat] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)
    state: tuple[float, dict[str, Any]] | None = None
    over: bool = False
    used_at: float = field(default_factory=time.monotonic)
    posts: Pace = field(default_factory=Pace)

    @property
    def sockets(self) -> int:
        """How many phones are here."""
        return len(self.spotters) + (self.runner is not None)

    # -- coming and going -----------------------------------------------------------------------------------------------

    def enter_runner(self, page: str) -> Seat:
        """The runner's phone comes, in place of one that was here; it hears of every STOP that nobody obeyed."""
        seat = Seat(page, runner=True, clock=self.clock)
        if self.runner is not None:
            self.runner.dismiss(ELSEWHERE, "The run is coached in another page")
        self.runner, self.used_at, self.over = seat, self.clock(), False
        for stop in self.stops.values():
            if not stop.obeyed:
                seat.tell(f"stop {stop.id}", stop.told())
        self._tell_spotters("runner", written("runner", here=True))
        self._count()
        return seat

    def enter_spotter(self, page: str) -> Seat:
        """A spotter's phone comes; it hears how things stand. Raises Full."""
        if page not in self.spotters and len(self.spotters) >= MOST_SPOTTERS:
            raise Full
        seat = Seat(page, clock=self.clock)
        if page in self.spotters:
            self.spotters[page].dismiss(ELSEWHERE, "This page came back")
        self.spotters[page], self.used_at = seat, self.clock()
        seat.tell("runner", written("runner", here=self.runner is not None))
        if self.state is not None:
            told_at, state = self.state
            seat.tell("state", written("state", state=state, age_s=round(self.clock() - told_at, 1)))
        if self.over:
            seat.tell("over", written("over"))
        self._count()
        return seat

    def leave(self, seat: Seat) -> None:
        """A phone is gone."""
        self.used_at = self.clock()
        if seat is self.runner:
            self.runner = None
            self._tell_spotters("runner", written("runner", here=False))
        elif self.spotters.get(seat.page) is seat:
            del self.spotters[seat.page]
            if self.runner is not None:
                self.runner.tell(f"gone {seat.page}", written("gone", who=seat.page))
            self._count()

    def _count(self) -> None:
        names = [seat.name for seat in self.spotters.values() if seat.name]
        if self.runner is not None:
            self.runner.tell("spotters", written("spotters", n=len(self.spotters), names=names))

    def _tell_spotters(self, key: str, text: str) -> None:
        for seat in self.spotters.values():
            seat.tell(key, text)

    # -- what is said ---------------------------------------------------------------------------------------------------

    def hear(self, seat: Seat, text: str) -> None:
        """Whatever a phone said. Raises Malformed."""
        told = read(text, FROM_RUNNER if seat.runner else FROM_SPOTTER)
        if seat is not (self.runner if seat.runner else self.spotters.get(seat.page)):
            return  # said before it was replaced
        seat.heard_at = self.used_at = self.clock()
        if told["k"] == "beat":
            seat.mention("echo", written("echo", t=told["t"]))
        if seat.runner:
            self._hear_runner(told)
        else:
            self._hear_spotter(seat, told)

    def _hear_runner(self, told: dict[str, Any]) -> None:
        kind = told["k"]
        if kind == "beat":
            for seat in self.spotters.values():
                seat.mention("beat", written("beat"))
        elif kind == "state":
            self.state = self.clock(), told["state"]
            for seat in self.spotters.values():
                seat.mention("state", written("state", state=told["state"], age_s=0))
        elif kind == "stopped":
            self.obey(told["id"])
        else:
            self.over = self.over or kind == "over"
            self._tell_spotters(kind, written(kind))

    def _hear_spotter(self, seat: Seat, told: dict[str, Any]) -> None:
        if told["k"] == "beat" and self.runner is not None:
            self.runner.mention(f"beat {seat.page}", written("beat", who=seat.page, visible=told["visible"]))
        elif told["k"] == "hello":
            seat.name = told["name"].strip()
            self._count()
        elif told["k"] == "stop":
            obeyed = self.stop(told["id"], told["at_ms"])
            kind = "stopped" if obeyed else "latched"
            seat.tell(f"{kind} {told['id']}", written(kind, id=told["id"]))

    def stop(self, identity: str, at_ms: float) -> bool:
        """Latch a STOP and tell the runner's phone, again where it did not obey yet; whether it obeyed."""
        self.used_at = self.clock()
        if identity not in self.stops:
            self._keep(Stop(identity, at_ms))
        stop = self.stops[identity]
        if not stop.obeyed and self.runner is not None:
            self.runner.tell(f"stop {identity}", stop.told())
        return stop.obeyed

    def obey(self, identity: str) -> None:
        """The runner's phone stopped: nobody needs to say it again."""
        if identity not in self.stops:
            self._keep(Stop(identity, 0.0))
        self.stops[identity].obeyed = True
        self._tell_spotters(f"stopped {identity}", written("stopped", id=identity))

    def _keep(self, stop: Stop) -> None:
        if len(self.stops) >= _MOST_STOPS:
            oldest = min(self.stops.values(), key=lambda known: not known.obeyed)  # one that was obeyed, if any
            del self.stops[oldest.id]
        self.stops[stop.id] = stop


class Links:
    """The rooms of a house, and what the tokens open that lately led there: a STOP by post asks no database."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rooms: dict[str, Room] = {}
        self._opens: dict[str, Spotting | None] = {}

    def room(self, person_id: str, run: str) -> Room:
        """The room of a run. Raises NotTheirs where the run is somebody else's, Full where they have too many."""
        found = self._rooms.get(run)
        if found is None:
            self._sweep()
            if sum(room.person_id == person_id for room in self._rooms.values()) >= MOST_RUNS:
                self._clear_oldest(person_id)
            found = self._rooms[run] = Room(person_id, run, self._clock, used_at=self._clock())
        if found.person_id != person_id:
            raise NotTheirs
        return found

    def require_place(self) -> None:
        """Raises Full where the house has as many sockets as it takes."""
        if sum(room.sockets for room in self._rooms.values()) >= MOST_SOCKETS:
            raise Full

    def rooms_of(self, person_id: str) -> list[Room]:
        """The rooms of one person."""
        return [room for room in [*self._rooms.values()] if room.person_id == person_id]

    # -- tokens ---------------------------------------------------------------------------------------------------------

    def opens(self, key: str, now: dt.datetime) -> Spotting | None:
        """What the token with this checksum opens, as far as that is known here."""
        found = self._opens.get(key)
        return found if found is not None and now < found.expires else None

    def remember(self, spotting: Spotting, now: dt.datetime) -> None:
        """This is what a token opens, unless it was ended meanwhile."""
        if len(self._opens) >= _MOST_TOKENS:
            self._opens = {key: one for key, one in [*self._opens.items()] if one is not None and now < one.expires}
        self._opens.setdefault(spotting.key, spotting)

    def forget(self, person_id: str) -> None:
        """Tokens of this person that led here open nothing any more, and whoever came by them leaves. From any thread."""
        for key, spotting in [*self._opens.items()]:
            if spotting is not None and spotting.person_id == person_id:
                self._opens[key] = None
        for room in self.rooms_of(person_id):
            for seat in [*room.spotters.values()]:
                seat.loop.call_soon_threadsafe(seat.dismiss, ENDED, "This invitation has ended")

    # -- order ----------------------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        old = [run for run, room in self._rooms.items() if not room.sockets and self._idle_s(room) > _KEEPS_S]
        for run in old:
            del self._rooms[run]

    def _clear_oldest(self, person_id: str) -> None:
        empty = [room for room in self.rooms_of(person_id) if not room.sockets]
        if not empty:
            raise Full
        del self._rooms[max(empty, key=self._idle_s).run]

    def _idle_s(self, room: Room) -> float:
        return self._clock() - room.used_at


async def converse(room: Room, seat: Seat, socket: Socket) -> None:
    """Hear a phone, and tell it things, until it leaves or has to."""
    tasks = [asyncio.create_task(_hear(room, seat, socket)), asyncio.create_task(seat.tell_all(socket))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        room.leave(seat)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    with suppress(Gone, TimeoutError):
        async with asyncio.timeout(1):
            await socket.close(*(seat.goodbye or (1000, "")))
    for task in tasks:
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, Gone | TimeoutError):
            raise error


async def _hear(room: Room, seat: Seat, socket: Socket) -> None:
    while True:
        async with asyncio.timeout(SILENT_S):
            text = await socket.receive_text()
        if not seat.pace.allows():
            seat.dismiss(TOO_MANY, "These are too many messages")
            return
        try:
            room.hear(seat, text)
        except Malformed as error:
            seat.dismiss(MALFORMED, str(error))
            return
