"""Units and enterprises."""

from __future__ import annotations

from collections.abc import Sequence

from luodi.codebook.values import Permission
from luodi.directory import facts as directory_facts
from luodi.exchange.context import Context
from luodi.exchange.frame import Frame
from luodi.exchange.loading.base import Columns, Loader, later, refer, remark_unlisted, text_or_blank
from luodi.identity import facts


def check_units(frame: Frame, context: Context) -> None:
    """Parents and successors must exist, in the store or the file; nobody may stand below itself."""
    known = context.units(frame.column("code"))
    refer(frame, "parent", known, "import.cell.unknown_unit")
    refer(frame, "successor", known, "import.cell.unknown_unit")
    later(frame, "valid_from", "valid_to")
    refuse_loops(frame)
    remark_kinds(frame, context)
    remark_unlisted(frame, "group", [group.id for group in context.profile.groups])


def refuse_loops(frame: Frame) -> None:
    """Refuse units that stand below themselves by the file's last versions."""
    rows = sorted(range(len(frame)), key=lambda index: (str(frame.column("valid_from")[index]), index))
    parents = {frame.column("code")[index]: (frame.column("parent")[index], index) for index in rows}
    for code, (_parent, index) in parents.items():
        seen, at = {code}, parents[code][0]
        while at in parents and at not in seen:
            seen.add(at)
            at = parents[at][0]
        if at == code and at is not None:
            frame.refuse(index, "parent", "import.row.below_itself", unit=code)


def remark_kinds(frame: Frame, context: Context) -> None:
    """Note units that stand where the profile has no such kind."""
    under = {kind.id: kind.under for kind in context.profile.unit_kinds}
    kinds = dict(zip(frame.column("code"), frame.column("kind"), strict=True))
    for index, (code, kind, parent) in enumerate(
        zip(frame.column("code"), frame.column("kind"), frame.column("parent"), strict=True)
    ):
        allowed = under.get(str(kind), ())
        if parent is None and code != context.profile.city.root and allowed:
            frame.remark(index, "parent", "import.row.no_parent", unit=code)
        elif parent in kinds and allowed and kinds[parent] not in allowed:
            frame.remark(
                index, "kind", "import.row.kind_under", kind=kind, parent=kinds[parent], allowed="、".join(allowed)
            )


def unit_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Units as the ledger keeps them."""
    texts = {
        code: text_or_blank(frame.column(code)) for code in ("code", "name", "parent", "kind", "group", "successor")
    }
    return {**texts, "valid_from": frame.column("valid_from"), "valid_to": frame.column("valid_to")}


def check_enterprises(frame: Frame, context: Context) -> None:
    """Note two codes that share a credit code."""
    seen: dict[object, tuple[object, int | str]] = {}
    for index, (code, uscc) in enumerate(zip(frame.column("code"), frame.column("uscc"), strict=True)):
        if uscc is None:
            continue
        other, row = seen.setdefault(uscc, (code, frame.row(index)))
        if other != code:
            frame.remark(index, "uscc", "import.row.same_uscc", other=other, other_row=row)


def enterprise_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Enterprises as the ledger keeps them; several names divided by `;`."""
    return {
        "code": frame.column("code"),
        "name": frame.column("name"),
        "uscc": text_or_blank(frame.column("uscc")),
        "aliases": list(map(several, frame.column("aliases"))),
        "former": list(map(several, frame.column("former"))),
    }


def several(cell: object) -> str | None:
    """Write names divided by any of the usual signs with `;` between them."""
    if cell is None:
        return None
    text = str(cell)
    for sign in "；、\n|":
        text = text.replace(sign, ";")
    return ";".join(filter(None, map(str.strip, text.split(";")))) or None


UNITS = Loader(facts.UNIT_RECORDED, facts.ROWS_VOIDED, check_units, unit_columns, Permission.KEEP_UNITS)
ENTERPRISES = Loader(
    directory_facts.ENTERPRISE_RECORDED,
    directory_facts.ROWS_VOIDED,
    check_enterprises,
    enterprise_columns,
    Permission.KEEP_PROJECTS,
)
