"""Identity: who asks. Locally one person; on a server whoever is signed in, or whose token a program brings."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from retropace.errors import NotAllowed, NotFound, NotSignedIn
from retropace.store.api_tokens import ApiTokens
from retropace.store.notebook import DEMO, LOCAL, Notebook
from retropace.store.sharing import Share, Sharing
from retropace.store.sign_ins import LONGEST, SignIn, SignIns
from retropace.store.token import checksum
from retropace.web.house import House

SEED_COOKIE = "retropace_seed"
WHO_COOKIE = "retropace_who"
_SEED_DAYS = 365
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: `person_id` is "" where nobody is signed in. `bound_to` is what their forms' tokens are bound to.

    `half` is a sign-in that waits for its second step, and counts as nobody. `may_write` is False for a token that reads.
    """

    person_id: str
    bound_to: str
    sign_in: SignIn | None = None
    half: SignIn | None = None
    may_write: bool = True


def visitor(house: House, request: HTTPConnection) -> Visitor:
    """Who asks for this page. Raises NotSignedIn where a program brings a token that is nobody's."""
    if house.paired:
        return _phone(house, request)
    if not house.accounts:
        return Visitor(_local(house, request), _seed(request))
    if is_api(request):
        return _program(house, request)
    token = request.cookies.get(sign_in_cookie(house))
    found = None if token is None else SignIns(house.database).find(token, house.clock())
    if token is None or found is None:
        return Visitor("", _seed(request))
    if found.half:
        return Visitor("", f"half {checksum(token)}", half=found)
    return Visitor(found.person_id, f"sign-in {checksum(token)}", sign_in=found)


def _phone(house: House, request: HTTPConnection) -> Visitor:
    """The one person, where this phone was let in; a program on the network where it brings a token."""
    if is_api(request):
        return _program(house, request)
    token = request.cookies.get(sign_in_cookie(house))
    found = None if token is None else SignIns(house.database).find(token, house.clock())
    return Visitor("" if found is None else _local(house, request), _seed(request), sign_in=found)


def _local(house: House, request: HTTPConnection) -> str:
    """The one person, or the demo person beside them while somebody looks round with them. Programs get the one person."""
    wished = request.cookies.get(WHO_COOKIE) == DEMO and not is_api(request)
    return DEMO if wished and Notebook(house.database, DEMO).simulated else LOCAL


def is_api(request: HTTPConnection) -> bool:
    """Whether a program asks, and wants JSON."""
    return request.url.path.startswith("/api/")


def _program(house: House, request: HTTPConnection) -> Visitor:
    """Whose token it is: `Authorization: Bearer ...`. Cookies count for nothing here."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not token:
        return Visitor("", "")
    found = ApiTokens(house.database).find(token.strip(), house.clock()) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotSignedIn("This token is nobody's", remedy="Make a new one under Settings.")
    return Visitor(found.person_id, "", may_write=found.may_write)


def require_may(visitor: Visitor, request: Request) -> None:
    """Raise NotSignedIn where nobody is signed in, NotAllowed where a token that only reads would change something."""
    if not visitor.person_id:
        remedy = (
            "Send a token made under Settings, as Authorization: Bearer ..." if is_api(request) else "Sign in first."
        )
        raise NotSignedIn("Nobody is signed in", remedy=remedy)
    if request.method in UNSAFE and not visitor.may_write:
        raise NotAllowed("This token may only read", remedy="Make one under Settings that may write too.")


def shared_with(house: House, viewer_id: str, owner_id: str, share: str) -> Share:
    """What `owner_id` shares with a viewer. Raises NotFound where `share` is not in it, or there is no such person."""
    found = Sharing(house.database).between(owner_id, viewer_id) if house.accounts else None
    if found is None or share not in found.shares:
        raise NotFound("There is no such page", remedy="Go back, or open Today.")
    return found


# -- what browsers keep for us ------------------------------------------------------------------------------------------


def sign_in_cookie(house: House) -> str:
    """The name of the cookie: with the prefix that lets no other host set it, where that is possible."""
    return "__Host-retropace" if house.https else "retropace"


def keep_sign_in(house: House, response: Response, token: str) -> None:
    """Let the browser bring `token` back. Links from elsewhere may bring it, forms from elsewhere not."""
    response.set_cookie(
        sign_in_cookie(house),
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=house.https,
        path="/",
    )


def forget_sign_in(house: House, response: Response) -> None:
    """Let the browser bring no token any more."""
    response.delete_cookie(sign_in_cookie(house), httponly=True, samesite="lax", secure=house.https, path="/")


def keep_who(response: Response, person_id: str) -> None:
    """Let the browser say that it looks at the demo person, until it is closed."""
    response.set_cookie(WHO_COOKIE, person_id, httponly=True, samesite="strict")


def forget_who(response: Response) -> None:
    """Let the browser look at one's own notebook again."""
    response.delete_cookie(WHO_COOKIE, httponly=True, samesite="strict")


def _seed(request: HTTPConnection) -> str:
    return f"seed {seed_of(request)}"


def seed_of(request: HTTPConnection) -> str:
    """What tells one browser from another before anybody signs in; the same all through a request."""
    if not hasattr(request.state, "seed"):
        request.state.seed = request.cookies.get(SEED_COOKIE) or secrets.token_urlsafe(24)
    seed: str = request.state.seed
    return seed


def keep_seed(house: House, request: Request, response: Response) -> None:
    """Let the browser bring its seed back, where it has none."""
    if SEED_COOKIE not in request.cookies and not is_api(request):
        response.set_cookie(
            SEED_COOKIE,
            seed_of(request),
            max_age=_SEED_DAYS * 86_400,
            httponly=True,
            samesite="strict",
            secure=house.https,
        )


def csrf_token(house: House, bound_to: str) -> str:
    """What a form of ours carries, so that no other site can send it in somebody's name."""
    return hmac.new(house.secret, bound_to.encode(), hashlib.sha256).hexdigest()
