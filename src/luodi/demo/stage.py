"""The stage the demo is played on: the clock, who acts, evidence drawn for each act."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from luodi.codebook.values import Profile
from luodi.kernel import instant
from luodi.ledger import clock, evidence
from luodi.ledger.values import Actor


@dataclass
class Stage:
    """Clock, chance and profile, shared by all that plays; `kept` remembers evidence already drawn."""

    rng: Random
    profile: Profile
    first: date
    kept: dict[str, str] = field(default_factory=dict)

    def instant(self, day: date, hour: int, minute: int = 0) -> int:
        """Give an instant of a day in city time."""
        return instant.start_of(day) + (hour * 60 + minute) * 60_000_000

    def at(self, day: date, hour: int = 9) -> date:
        """Set the store's clock to some minute of an hour and give the day."""
        clock.stand(self.instant(day, hour, self.rng.randrange(60)))
        return day

    def actor(self, person: str, unit: str = "") -> Actor:
        """Let a person act for a unit."""
        return Actor(person, "demo", unit=unit)

    def proof(self, code: str, kind: str) -> str:
        """Draw and keep a piece of evidence for a project: a card that says what it stands for, and that it is made up."""
        name = f"{code} {kind}"
        if name not in self.kept:
            self.kept[name] = evidence.store(card(code, kind), "image/png")
        return self.kept[name]


def card(code: str, kind: str) -> bytes:
    """Draw a small card `DEMO code kind`."""
    image = blank_card().copy()
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    draw.text((24, 80), code, fill=INK)
    draw.text((24, 110), kind if kind.isascii() else "", fill=INK)  # the font at hand has no Chinese
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


INK = 3


@cache
def blank_card() -> Image.Image:
    """Draw what all cards have in common, in four colours: a city has thousands of them."""
    image = Image.new("P", (320, 200), 0)
    image.putpalette((236, 241, 246, 20, 80, 140, 179, 38, 30, 28, 39, 51))
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"  # no shades between the four
    draw.rectangle((8, 8, 311, 191), outline=1, width=3)
    draw.text((24, 40), "DEMO - synthetic evidence", fill=2)
    return image
