"""A browser without a screen: it posts forms as our pages do."""

import re

import httpx2
from starlette.testclient import TestClient


class Browser(TestClient):
    """Posts forms with their token, and follows redirects."""

    def token(self) -> str:
        """What the forms of every page carry for the cookies it has now; a quick one is opened for it once."""
        known: dict[frozenset[tuple[str, str | None]], str] = self.__dict__.setdefault("_tokens", {})
        if self._brings() not in known:
            found = re.search(r'name="csrf" content="([0-9a-f]+)"', self.get("/settings").text)
            assert found, "the page carries no token"
            known[self._brings()] = found[1]
        return known[self._brings()]

    def submit(self, path: str, **fields: object) -> httpx2.Response:
        """Post a form with its token; the page that follows."""
        answer: httpx2.Response = self.post(path, data={"csrf": self.token(), **fields})
        return answer

    def _brings(self) -> frozenset[tuple[str, str | None]]:
        return frozenset((cookie.name, cookie.value) for cookie in self.cookies.jar)
