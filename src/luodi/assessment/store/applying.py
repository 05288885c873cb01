"""A scheme applied to the store: read, gather, score. The answer is that of `luodi score`, with what each input was taken from."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.reading import read_scheme
from luodi.assessment.store import gathering, reading
from luodi.assessment.store.values import StoreMap
from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.kernel.period import Period


def assess(
    *,
    scheme: Path,
    mapping: Path | None,
    period: Period,
    cut: int | None,
    profile: Profile,
    person: str,
    today: date,
    kept: Path | None = None,
) -> dict[str, Any]:
    """
    Score the units of the perimeter by a scheme, with the figures of the ledger.

    :param mapping: which figure each input is; None: the file beside the scheme, if there is one
    :param kept: a folder in which the gathered DATA and rows files stay, so that `luodi score` can repeat it
    :raises luodi.identity.permissions.NotAllowed: if the person may not score
    :raises luodi.assessment.schemes.reading.BadScheme, reading.BadStoreMap, gathering.NoMembers, gathering.WrongUnit:
    :raises luodi.assessment.schemes.data.BadData: if the gathered figures can't be scored under the scheme
    """
    permissions.require(person, Permission.SCORE, on=today)
    found = read_scheme(scheme)
    if mapping is None and reading.beside(scheme).exists():
        mapping = reading.beside(scheme)
    read = reading.read(mapping, found, profile)
    ask = gathering.Ask(found, read, profile, period, cut)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        return _scored(ask, scheme, kept)
    with tempfile.TemporaryDirectory() as folder:
        return _scored(ask, scheme, Path(folder))


def _scored(ask: gathering.Ask, scheme: Path, folder: Path) -> dict[str, Any]:
    data = folder / "data.csv"
    gathering.write_data(ask, data)
    rows = {}
    for name, one in ask.mapping.rows.items():
        rows[name] = folder / f"{name}.csv"
        gathering.write_rows(ask, one, rows[name])
    case = scoring.read_case(scheme=scheme, data=data, rows={name: str(file) for name, file in rows.items()})
    answer = scoring.answer(case, ask.period.label)
    return {**answer, "inputs": resolved(ask.mapping)}


def resolved(mapping: StoreMap) -> dict[str, Any]:
    """Say what each input was taken from."""
    return {
        name: {key: cell for key, cell in asdict(one).items() if cell not in ("", None)}
        for name, one in mapping.inputs.items()
    }
