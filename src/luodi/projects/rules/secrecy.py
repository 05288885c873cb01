"""What other units see of a project before it is signed: a code name, the industry and a size band, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from luodi.codebook.values.lifecycle import Part
from luodi.codebook.values.profile import Profile
from luodi.projects.rules import stages
from luodi.projects.values.rows import Dossier, Version

# Neutral words of two characters: trees, rivers, weather. The city's own code and the number tell projects apart.
CODE_WORDS = tuple(
    "青松 白桦 云杉 翠竹 银杏 红枫 冬青 丁香 紫藤 玉兰 清溪 长河 远山 平湖 晨星 朝霞 "
    "微风 细雨 初雪 晴空 春雷 秋水 金穗 碧波 沧海 北斗 启明 飞鸿 白鹭 云雀 鸣泉 磐石".split()
)
# Columns that tell nobody who the investor is.
OPEN_COLUMNS = ("industry", "industry_edition", "valid_from")


def code_name(code: str) -> str:
    """Give a project's code name 项目代号: always the same for one code, and telling nothing of what it is."""
    number = int.from_bytes(sha256(f"luodi.code_name\n{code}".encode()).digest()[:8], "big")
    word = CODE_WORDS[number % len(CODE_WORDS)]
    return f"{word}{number // len(CODE_WORDS) % 10_000:04d}"


def is_public(dossier: Dossier, profile: Profile) -> bool:
    """Tell whether a project's names are no secret inside the city any more: it was signed, or has gone further on the path."""
    reached = stages.first_days(stages.in_force(dossier.events))
    signed, path = profile.playing(Part.SIGNED), profile.path
    if signed not in path:
        return True
    return any(stage in reached for stage in path[path.index(signed) :])


def size_band(amount: Decimal | None, profile: Profile) -> str:
    """Give the id of the size band of an investment; "" where there is no amount or no band."""
    fitting = [band for band in profile.size_bands if amount is not None and amount >= band.at_least]
    return max(fitting, key=lambda band: band.at_least).id if fitting else ""


def masked(version: Version) -> Version:
    """Give what another unit may see of a version before signing."""
    kept = {name: getattr(version, name) for name in OPEN_COLUMNS}
    return replace(
        Version(code=version.code, name=code_name(version.code), kind=version.kind, valid_from=version.valid_from),
        **kept,
        row=version.row,
        known_at=version.known_at,
    )
