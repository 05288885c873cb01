"""
Finds every page there is, by walking: signs in as each kind of user and follows the links a page offers.

For pictures, for tests of all pages and for measuring; addresses come from the routes, their arguments from the store
that is served, so that a new page is found without being listed anywhere.
"""

# ruff: noqa: S105, S310  processes and addresses are this machine's own; the password is the demo's

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.urls import Resolver404, resolve

PASSWORD = "luodi-demo"
# In this order: who works on a page sees it before who only reads it.
ACCOUNTS = (
    "county", "checker", "head", "acceptor", "centre", "secretary", "promotion", "supervision",
    "leader", "auditor", "sysadmin", "secadmin", "auditadmin",
)  # fmt: skip
# Arguments of an address that make another page; the others only choose what the page is about.
CHOICES = ("verb", "section", "kind", "paper", "part", "step")
OWN = ("desk",)  # pages that each user has another one of
LEADERS = ("cockpit", "cockpit_wall", "cockpit_stuck", "wall", "explorer")  # pages made for whoever sees the whole city


@dataclass(frozen=True)
class Stop:
    """One page as one user sees it."""

    route: str
    name: str
    path: str
    login: str


class Links(HTMLParser):
    """Gathers the addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self.found.append(str(given["href"]))


class Visitor:
    """Somebody signed in over plain HTTP, with a session of their own."""

    def __init__(self, site: str, login: str | None = None, *, password: str = PASSWORD, language: str = "zh") -> None:
        self.site, self.login = site, login or ""
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.get("/sign-in/")
        if login:
            self.post("/sign-in/", {"login": login, "password": password})
        self.post("/preferences/", {"language": language})

    def get(self, path: str) -> tuple[int, str, str]:
        """Give status, kind of content and text of a page."""
        return self.answer(urllib.request.Request(self.site + path))

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """Send a form with the token of this session."""
        token = next((one.value for one in self.cookies if one.name == "csrftoken"), "")
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self.answer(urllib.request.Request(self.site + path, data=body, headers={"Referer": self.site}))

    def answer(self, request: urllib.request.Request) -> tuple[int, str, str]:
        try:
            with self.opener.open(request, timeout=120) as got:
                return got.status, got.headers.get_content_type(), got.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers.get_content_type(), refused.read().decode("utf-8", "replace")

    def session(self) -> list[dict[str, object]]:
        """Give this session's cookies as a browser takes them."""
        return [{"name": one.name, "value": one.value or "", "url": self.site} for one in self.cookies]


def key(path: str) -> tuple[str, str] | None:
    """Give route and name of the page at an address: choices count, the rest of the arguments doesn't."""
    try:
        match = resolve(urllib.parse.unquote(urllib.parse.urlsplit(path).path))
    except Resolver404:
        return None
    route = match.url_name or ""
    choices = [str(match.kwargs[one]) for one in CHOICES if one in match.kwargs]
    return route, "-".join([route, *choices])


def walk(
    site: str,
    accounts: tuple[str, ...] = ACCOUNTS,
    *,
    broken: list[str] | None = None,
    visit: Callable[[str, str], Any] = Visitor,
) -> Iterator[Stop]:
    """Walk the pages; each comes once, as seen by the first user who may open it. Addresses that fail go to `broken`."""
    seen: set[str] = set()
    for stop in [("sign_in", "/sign-in/")]:
        yield Stop(stop[0], stop[0], stop[1], "")
        seen.add(stop[0])
    for login in accounts:
        visitor = visit(site, login)
        waiting, asked = ["/"], set()
        while waiting:
            path = waiting.pop(0)
            found = key(path)
            if found is None or found[1] in asked:
                continue
            asked.add(found[1])
            name = f"{found[0]}-{login}" if found[0] in OWN else found[1]
            if name in seen or (found[0] in LEADERS and login != "leader" and "leader" in accounts):
                continue
            status, kind, text = visitor.get(path)
            if status >= 500 and broken is not None:
                broken.append(f"{status} {path} ({login})")
            if status != 200 or kind != "text/html":
                continue
            seen.add(name)
            yield Stop(found[0], name, path, login)
            waiting += links(path, text)


def links(path: str, text: str) -> list[str]:
    """Give where a page leads inside the site, addresses without a query first."""
    parser = Links()
    parser.feed(text)
    inside = [urllib.parse.urljoin(path, one.split("#")[0]) for one in parser.found if "://" not in one]
    return sorted((one for one in inside if one.startswith("/") and "as=" not in one), key=lambda one: "?" in one)
