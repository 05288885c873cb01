"""
The columnar snapshot of the store, from which indicators are computed: `refresh()` brings it up to the last fact.

It lies in LUODI_HOME/snapshot, can be thrown away at any time (`discard`) and is then built anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from luodi.codebook import queries as codebook
from luodi.codebook.values.profile import Profile
from luodi.indicators.snapshot.files import Manifest
from luodi.indicators.snapshot.refreshing import refresh as _refresh
from luodi.ledger.store import refusal_of


def folder() -> Path:
    """Tell where the snapshot lies."""
    return Path(settings.HOME) / "snapshot"


def refresh(profile: Profile | None = None) -> Manifest:
    """
    Bring the snapshot up to the last fact and give its manifest. Safe to call often, beside writers and each other.

    :raises DiskFull, ReadOnly: if it can't be written; the one that stood stands
    """
    try:
        return _refresh(folder=folder(), profile=profile or codebook.profile())
    except OSError as error:
        raise refusal_of(error) from error


def discard() -> None:
    """Throw the snapshot away; the next question builds it anew."""
    shutil.rmtree(folder(), ignore_errors=True)
