"""
Channels out of the house: a text-message gateway, WeCom, mail. Each is there when the environment says how to reach it.

LUODI_SMS_URL (LUODI_SMS_TOKEN, LUODI_SMS_SIGN): a gateway that takes a POST of JSON {"phone", "text", "sign"}.
LUODI_WECOM_CORP, LUODI_WECOM_AGENT, LUODI_WECOM_SECRET (LUODI_WECOM_URL for 政务微信 on a city's own servers).
LUODI_MAIL_HOST, LUODI_MAIL_FROM (LUODI_MAIL_PORT, _USER, _PASSWORD, _TLS=1): off unless set, and then only for who asks for it.
LUODI_PUBLIC_URL: the address of this system as its users know it, put under every message.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from luodi.identity.values import PersonAt
from luodi.kernel.problem import words
from luodi.notices.values import Preference

SECONDS = 10  # a gateway that takes longer is tried again later
# What WeCom answers when the person, not the line, is the matter: trying again helps nobody.
NO_SUCH_USER = frozenset({40003, 60111, 81013})


class NotSent(Exception):
    """A message did not go. `final`: trying again is no use."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Channel(Protocol):
    """A way out of the house."""

    @property
    def name(self) -> str:
        """The way's name, as in `values.Way`."""

    def address(self, person: PersonAt, preference: Preference) -> str:
        """Give where the channel reaches a person; "" if it doesn't."""

    def send(self, address: str, text: str) -> None:
        """
        Send one message.

        :raises NotSent: with the reason
        """


@dataclass(frozen=True)
class TextGateway:
    """A text-message gateway behind one HTTP address."""

    url: str
    token: str = ""
    sign: str = "落地"
    name: str = "text"

    def address(self, person: PersonAt, preference: Preference) -> str:
        """Give the telephone that is kept of a person."""
        return person.phone or ""

    def send(self, address: str, text: str) -> None:
        """POST telephone, text and signature; any answer of 2xx is taken as sent."""
        body = json.dumps({"phone": address, "text": text, "sign": self.sign}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310  configured
        try:
            with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            refused = error.code in (400, 404, 422)
            raise NotSent(words("notices.sending.refused", status=error.code), final=refused) from None
        except (OSError, ValueError) as error:
            raise NotSent(words("notices.sending.unreachable", found=type(error).__name__)) from None


@dataclass
class WeCom:
    """An application of WeCom (企业微信) or 政务微信, by its kept library."""

    corp: str
    agent: str
    secret: str
    url: str = ""
    name: str = "wecom"
    client: Any = None

    def address(self, person: PersonAt, preference: Preference) -> str:
        """Give the account name that the person keeps in their preferences."""
        return preference.wecom

    def send(self, address: str, text: str) -> None:
        """Send a text to one member."""
        from requests import RequestException
        from wechatpy.exceptions import WeChatException

        self.client = self.client or connected(self.corp, self.secret, self.url)
        try:
            answer = self.client.message.send_text(self.agent, address, text)
        except WeChatException as error:
            final = error.errcode in NO_SUCH_USER
            raise NotSent(words("notices.sending.wecom", found=error.errcode or "-"), final=final) from None
        except (RequestException, ValueError, KeyError) as error:
            raise NotSent(words("notices.sending.unreachable", found=type(error).__name__)) from None
        if isinstance(answer, dict) and answer.get("invaliduser"):
            raise NotSent(words("notices.sending.wecom", found="invaliduser"), final=True)


def connected(corp: str, secret: str, url: str) -> Any:
    """Make the library's client, with a time limit on every request and a city's own address where it has one."""
    from requests.adapters import HTTPAdapter
    from wechatpy.enterprise import WeChatClient

    class Limited(HTTPAdapter):
        """Never waits for ever; the library asks for its token without a limit."""

        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            kwargs["timeout"] = kwargs.get("timeout") or SECONDS
            return super().send(request, *args, **kwargs)

    class Client(WeChatClient):  # type: ignore[misc]  # the library has no types
        """The library's client at the address asked for."""

        API_BASE_URL = (url.rstrip("/") + "/cgi-bin/") if url else WeChatClient.API_BASE_URL

        def fetch_access_token(self) -> Any:
            wanted = {"corpid": self.corp_id, "corpsecret": self.secret}
            return self._fetch_access_token(url=f"{self.API_BASE_URL}gettoken", params=wanted)

    made = Client(corp, secret, timeout=SECONDS)
    for scheme in ("http://", "https://"):
        made._http.mount(scheme, Limited())
    return made


@dataclass(frozen=True)
class Mail:
    """Mail through the office's own server."""

    host: str
    sender: str
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    name: str = "mail"

    def address(self, person: PersonAt, preference: Preference) -> str:
        """Give the address that the person keeps in their preferences."""
        return preference.mail

    def send(self, address: str, text: str) -> None:
        """Send one plain mail."""
        from smtplib import SMTPException, SMTPRecipientsRefused

        from django.core.mail import EmailMessage
        from django.core.mail.backends.smtp import EmailBackend

        backend = EmailBackend(
            host=self.host, port=self.port, username=self.user or None, password=self.password or None,
            use_tls=self.tls, timeout=SECONDS,
        )  # fmt: skip
        try:
            EmailMessage(words("notices.mail.subject"), text, self.sender, [address], connection=backend).send()
        except SMTPRecipientsRefused:
            raise NotSent(words("notices.sending.no_address"), final=True) from None
        except (SMTPException, OSError) as error:
            raise NotSent(words("notices.sending.unreachable", found=type(error).__name__)) from None


def configured(environment: Mapping[str, str]) -> list[Channel]:
    """List the channels that the environment says how to reach."""
    found: list[Channel] = []
    if environment.get("LUODI_WECOM_CORP") and has_wecom():
        corp, agent, secret, url = (
            environment.get(f"LUODI_WECOM_{key}", "") for key in ("CORP", "AGENT", "SECRET", "URL")
        )
        found.append(wecom(corp, agent, secret, url))
    if environment.get("LUODI_SMS_URL"):
        sign = environment.get("LUODI_SMS_SIGN", "落地")
        found.append(TextGateway(environment["LUODI_SMS_URL"], environment.get("LUODI_SMS_TOKEN", ""), sign))
    if environment.get("LUODI_MAIL_HOST") and environment.get("LUODI_MAIL_FROM"):
        get = environment.get
        found.append(
            Mail(
                get("LUODI_MAIL_HOST", ""), get("LUODI_MAIL_FROM", ""), int(get("LUODI_MAIL_PORT", "25")),
                get("LUODI_MAIL_USER", ""), get("LUODI_MAIL_PASSWORD", ""), get("LUODI_MAIL_TLS") == "1",
            )
        )  # fmt: skip
    return found


CLIENTS: dict[tuple[str, str, str, str], WeCom] = {}


def wecom(corp: str, agent: str, secret: str, url: str) -> WeCom:
    """Give the one client of an application: its token lives two hours and may be asked for only so often."""
    key = (corp, agent, secret, url)
    if key not in CLIENTS:
        CLIENTS[key] = WeCom(*key)
    return CLIENTS[key]


def has_wecom() -> bool:
    """Tell whether the library for WeCom is installed (the extra `notify`)."""
    from importlib.util import find_spec

    return find_spec("wechatpy") is not None


def link(environment: Mapping[str, str]) -> str:
    """Give the address that messages point to; "" if nobody said it."""
    address = environment.get("LUODI_PUBLIC_URL", "").rstrip("/")
    return f"{address}/notices/" if address else ""
