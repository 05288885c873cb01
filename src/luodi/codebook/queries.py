"""What other modules ask: the city's profile, its digest, and a profile kept beside a seal."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from luodi.codebook.load import SHIPPED, BadProfile, load_profile
from luodi.codebook.values import Profile
from luodi.kernel.problem import Problem

_fit: dict[Path, Profile] = {}  # the last one without mistakes, by folder


def profile(folder: str | Path | None = None) -> Profile:
    """
    Give the profile of a folder (default: the one in settings), loaded again only after one of its files changed.

    A profile is edited while the city works with it: as long as the folder has mistakes, what it said before goes on to
    hold, and `mistakes` tells them.

    :raises luodi.codebook.load.BadProfile: with every mistake, if the folder was never fit since the process began
    """
    where = Path(folder) if folder is not None else _configured()
    found = _read(where, _stamp(where))
    if isinstance(found, Profile):
        _fit[where] = found
    elif where not in _fit:
        raise BadProfile(*found)
    return _fit[where]


def mistakes(folder: str | Path | None = None) -> Sequence[Problem]:
    """Tell what is wrong with the folder as it stands, each with file and line: nothing, if `profile` is what it says."""
    where = Path(folder) if folder is not None else _configured()
    found = _read(where, _stamp(where))
    return () if isinstance(found, Profile) else found


def _configured() -> Path:
    """The calculating commands need no Django: without settings the shipped profile is the city's."""
    named = settings.configured or "DJANGO_SETTINGS_MODULE" in os.environ
    return Path(settings.PROFILE) if named else SHIPPED


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file: cheap to ask, different after each edit."""
    if not folder.is_dir():
        return ()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@lru_cache(maxsize=8)
def _read(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Profile | tuple[Problem, ...]:
    try:
        return load_profile(folder)
    except BadProfile as refusal:
        return refusal.problems


def canonical(profile: Profile) -> bytes:
    """Write a profile as canonical JSON: what stands beside a seal, and what its digest covers."""
    document = profile.model_dump(mode="json")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def digest(profile: Profile) -> str:
    """Give the SHA-256 (hex) over the canonical JSON: comments and the cut into files don't matter, content does."""
    return hashlib.sha256(canonical(profile)).hexdigest()


def from_canonical(body: bytes) -> Profile:
    """Read back a profile that was kept beside a seal."""
    return Profile.model_validate(json.loads(body))
