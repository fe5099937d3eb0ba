"""Phone: what this phone can do for the coach and what not, the page where nothing else opens, and what a phone keeps."""

from dataclasses import dataclass

from starlette.responses import HTMLResponse, Response

from retropace.web.doors import Door, Needs
from retropace.web.frame import environment
from retropace.web.language import say
from retropace.web.offline import service_worker
from retropace.web.pages.coach import coach
from retropace.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a phone can do or not: why the coach wants it, and what to do where it is missing."""

    key: str
    title: str
    why: str
    fix: str


def phone(visit: Visit) -> Response:
    """The page that tries everything and says what it means."""
    return _kept_page(visit, "phone.html", checks=checks(), words=_words(), states=_states())


def offline(visit: Visit) -> Response:
    """What is said where the server is out of reach."""
    return _kept_page(visit, "offline.html")


def worker(visit: Visit) -> Response:
    """The service worker: another one whenever a page it keeps has changed."""
    pages = b"".join(bytes(answer(visit).body) for answer in (coach, phone, offline))
    return Response(service_worker(pages), media_type="text/javascript", headers={"cache-control": "no-cache"})


def _kept_page(visit: Visit, template: str, **parts: object) -> Response:
    """A page with nothing in it that is anybody's, so that it may be kept."""
    content = environment().get_template(template).render(language=visit.settings.language, **parts)
    return HTMLResponse(content, headers={"cache-control": "no-cache"})


def checks() -> tuple[Check, ...]:
    """Everything that is tried, what matters most first."""
    return (*_of_the_browser(), *_of_the_sensors())


def _of_the_browser() -> tuple[Check, ...]:
    """What a session stands on."""
    return (
        Check(
            "secure",
            say("Private connection"),
            say("Phones give sensors and a screen that stays on only to pages with a private connection (https)."),
            say("Open this page by the address that begins with https. On your computer: ./run serve --lan"),
        ),
        Check(
            "sound",
            say("Sound"),
            say("Running backward, you hear your coach; you do not see it."),
            say("Turn the volume up and the ringer on, take other players off, then try again."),
        ),
        Check(
            "awake",
            say("Screen stays on"),
            say("A phone that goes to sleep stops coaching and recording."),
            say("Switch power saving off. On an iPhone that is older than iOS 16.4, set Auto-Lock to Never meanwhile."),
        ),
        Check(
            "keep",
            say("Keeps what it records"),
            say("What was recorded stays here until your server has it."),
            say("Leave private browsing, and make some room on the phone."),
        ),
        Check(
            "offline",
            say("Works without a connection"),
            say("The coach opens and runs where there is no network."),
            say(
                "It needs the private connection above and a certificate this phone trusts. Then load this page again."
            ),
        ),
        Check(
            "persist",
            say("Is not cleared away"),
            say("Phones clear pages away that were not opened for a week, unless they are on the home screen."),
            say("Add retropace to the home screen: Share, then Add to Home Screen; or Install in the browser's menu."),
        ),
    )


def _of_the_sensors() -> tuple[Check, ...]:
    """What is measured, and what is pleasant to have."""
    return (
        Check(
            "motion",
            say("Motion"),
            say("Steps, and later the direction you face, come from it."),
            say("Say yes when the phone asks. If it does not ask: close the browser, open it again, and allow motion."),
        ),
        Check(
            "orientation",
            say("Compass and tilt"),
            say("Which way the phone points, against which way it goes."),
            say("Say yes when the phone asks. Without it the coach works; less is known afterwards."),
        ),
        Check(
            "position",
            say("Location"),
            say("How far and how fast, and that you stay within your clear stretch."),
            say("Allow location for this page, exact if it asks, and go outside. On a treadmill you do not need it."),
        ),
        Check(
            "vibrate",
            say("Vibration"),
            say("A second way to feel a change. iPhones do not let pages vibrate."),
            say("Nothing to do: sound carries everything."),
        ),
        Check(
            "bluetooth",
            say("Straps, pods and treadmills"),
            say("Heart rate and speed by Bluetooth, where the browser has it."),
            say("Use Chrome on Android, or bring your watch's file afterwards."),
        ),
        Check(
            "clock",
            say("Clock"),
            say("Times of phone and server should agree to a few seconds."),
            say("Set the phone's time automatically."),
        ),
    )


def _states() -> dict[str, str]:
    return {
        "open": say("Not tried yet"),
        "works": say("Works"),
        "weak": say("Works partly"),
        "absent": say("Not here"),
        "missing": say("Missing"),
        "refused": say("Refused"),
    }


def _words() -> dict[str, object]:
    """What the page's script says, by key; {} stand for what was measured."""
    return {
        "states": _states(),
        "verdicts": {
            "open": say("Press the button to try everything."),
            "trying": say("Trying: {left} s"),
            "ready": say("This phone can coach and record."),
            "partly": say("This phone can coach you. Not everything will be measured."),
            "not": say("This phone cannot coach you yet. See what is marked below."),
        },
        "details": {
            "rate": say("{rate} times a second, {step} {unit} apart at least"),
            "turns": say("{rate} times a second"),
            "north": say("{rate} times a second, knows north"),
            "position": say("after {seconds} s, good to {accuracy} m"),
            "commit": say("written in {ms} ms, {free} MB free"),
            "sound": say("{delay} ms from phone to ear, as far as the phone knows"),
            "clock": say("{seconds} s apart"),
        },
        "copied": say("Copied."),
        "not_copied": say("This browser does not let pages copy. Save it instead."),
    }


DOORS = (
    Door("/phone", phone, needs=Needs.NOBODY),
    Door("/offline", offline, needs=Needs.NOBODY),
    Door("/sw.js", worker, needs=Needs.NOBODY),
)
