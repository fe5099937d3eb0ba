"""Words that the coach's scripts show, in the reader's language: they stand in the page, so that they are there offline."""

from retropace.web.language import say


def coach_words() -> dict[str, str]:
    """Every word of the scripts, by key; {names} are filled in by them."""
    return _going() | _checked() | _linked() | _strapped() | _after()


def _going() -> dict[str, str]:
    return {
        "title_ready": say("Coach"),
        "title_live": say("Session under way"),
        "title_after": say("Done."),
        "title_part": say("Part of it done."),
        "offline": say("No network. This is the session that this phone keeps; the coach needs nothing else."),
        "no_session": say("This phone keeps no session for today"),
        "no_session_remedy": say("Open the coach once where the network reaches, then it works without."),
        "signed_out": say("You are signed out"),
        "signed_out_remedy": say("Sign in once; after that the coach works without a network."),
        "unreadable": say("The session did not arrive whole"),
        "unreadable_remedy": say("Load the page again."),
        "on_its_way": say("The rest of the coach is still on its way: a few seconds."),
        "go_on": say("Go on with it"),
        "go_on_how": say("Make sure of the five things again. Begin then goes on where it stopped."),
        "ticks_left": say("{n} things to tick first"),
        "tick_left": say("One thing to tick first"),
        "needs_spotter": say("Your screening asks for a spotter: link their phone to go backward, or walk it."),
        "needs_sound": say("You did not hear the coach. Backward it speaks for your eyes: mend the sound, or walk it."),
        "not_loaded": say("A part of the coach did not arrive"),
        "not_loaded_remedy": say("Load the page again where the network reaches."),
        "leave": say("The session is running"),
    }


def _checked() -> dict[str, str]:
    return {
        "granted": say("on"),
        "denied": say("refused"),
        "absent": say("not on this phone"),
        "unknown": say("not asked yet"),
        "heard": say("heard"),
        "unheard": say("not heard"),
        "check_again": say("Check again"),
        "sound": say("Sound"),
        "sound_how": say("Tones and words tell you what comes, when and where to look."),
        "sound_denied": say("Turn the volume up, silent mode off, connect the earphones again. Then check once more."),
        "sound_absent": say("This browser plays no sound. Use a current Safari or Chrome."),
        "motion": say("Motion"),
        "motion_how": say("Tells steps, turns and how smoothly you go."),
        "motion_denied": say(
            "The coach works without. To record how you move: close this page, open it again and allow motion."
        ),
        "motion_absent": say("The coach works without; how you move is not recorded."),
        "position": say("Location"),
        "position_how": say("Tells how far and how fast you go, and warns above your limit."),
        "position_denied": say("The coach works without. Allow location for this site in the browser's settings."),
        "position_absent": say("The coach works without; how far you go is not recorded."),
        "awake": say("Screen stays on"),
        "awake_how": say("A dark screen ends the coach on most phones."),
        "awake_denied": say("Switch battery saving off, or set the screen to stay on for half an hour."),
        "awake_absent": say("Set the screen to stay on for half an hour in the phone's settings."),
        "vibration": say("Vibration"),
        "vibration_how": say("You feel each change as well."),
        "vibration_absent": say("This phone's browser has none: sound and screen tell you everything."),
        "insecure": say(
            "This address is not encrypted, so the browser gives the coach neither motion nor location, and lets the "
            "screen go dark. Open it by https."
        ),
        "keeps": say("This phone keeps it until it is sent."),
        "keeps_not": say("This browser keeps nothing (a private window, or no room): the session is not recorded."),
    }


def _linked() -> dict[str, str]:
    return {
        "invite": say("Link your spotter's phone"),
        "invite_anew": say("Make another link"),
        "unreachable": say("Only this computer reaches this address. For another phone: ./run serve --lan"),
        "refused_link": say("the server made none. Load the page again."),
        "invited": say("Waiting for your spotter to open the link."),
        "linked": say("Your spotter is linked."),
        "unlinked": say("Your spotter's phone is gone. Open the link there again."),
        "no_invite": say("No link can be made just now: {why}"),
        "no_network": say("the server is out of reach."),
        "share_title": say("Be my spotter"),
        "share_text": say("Open this while I run backward. You see what I do, and can stop me."),
        "copied": say("Copied"),
    }


def _strapped() -> dict[str, str]:
    return {
        "strap_heart": say("heart rate"),
        "strap_pod": say("speed and steps"),
        "strap_belt": say("the belt's speed"),
        "strap_unnamed": say("Without a name"),
        "strap_connected": say("connected"),
        "strap_away": say("out of reach"),
        "strap_cancelled": say("Nothing was chosen. Wear the strap, move the pod or switch the treadmill on first."),
        "strap_nothing": say("That device tells neither heart rate nor speed. Choose another."),
        "strap_failed": say("It did not answer. Bring it near, close other apps that use it, and connect again."),
        "strap_absent": say("This browser has no Bluetooth."),
        "belt_limit": say("Only backward, and only down to your limit of {limit}: never up, and never from standing."),
        "belt_kmh": say("{kmh} km/h"),
        "belt_mph": say("{mph} mph"),
        "belt_no_limit": say("It cannot: this treadmill tells no range of speeds, or your screening allows none."),
        "belt_refused": say("The treadmill does not let the coach set its speed. Set it by hand."),
        "belt_no_answer": say("The treadmill does not answer. Set its speed by hand."),
    }


def _after() -> dict[str, str]:
    return {
        "backward": say("backward"),
        "in_all": say("in all"),
        "sending": say("Sending what was recorded."),
        "sent_parts": say("{done} of {parts} parts sent."),
        "working": say("It is all there. Working it out."),
        "sent": say("It is sent."),
        "sign_in_first": say("You are signed out. Sign in, and it is sent; until then this phone keeps it."),
        "kept_here": say("Kept on this phone; it is sent when the server is there."),
        "not_taken": say("The server did not take it: {why}. It stays on this phone."),
        "why_different": say("it has something else under this name"),
        "why_someone_else": say("somebody else recorded it in this browser"),
        "why_open": say("it has not ended yet"),
        "why_absent": say("this page may not compute checksums without https"),
        "why_refused": say("it gave no reason"),
        "see_session": say("See the session"),
        "tell": say("Tell how it was"),
        "tell_now": say("Half a minute. Your next session follows from it."),
        "tell_later": say("Tell how it was, once the network is back: half a minute, and the plan goes on from it."),
        "unsent": say("A session of {day} is still on this phone."),
        "unended": say("Your session of {day} was cut off."),
        "unended_how": say("Go on with it where it stopped, walking first; or send what there is."),
        "unended_send": say("Send what there is: it counts as far as you came."),
        "thrown": say("It is gone."),
        "throw_sure": say("Throw away what this phone recorded of {day}?"),
    }
