"""
Who may import what: one place. History needs a permission of its own, for the whole city; filing now needs, row by row, the
permission that the same act would need on a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from luodi.codebook.values import Permission
from luodi.exchange.context import Context
from luodi.exchange.frame import Frame
from luodi.identity import permissions

Units = tuple[str, ...]


def require_import(context: Context) -> None:
    """
    Refuse whoever may not import at all.

    :raises luodi.identity.permissions.NotAllowed:
    """
    if context.history:
        permissions.require(context.actor.person, Permission.IMPORT_HISTORY, on=context.today)
    elif not permissions.may_anywhere(context.actor.person, Permission.IMPORT, on=context.today):
        permissions.require(context.actor.person, Permission.IMPORT, on=context.today)


def refuse_foreign_rows(frame: Frame, context: Context, permission: Permission) -> None:
    """Refuse rows of units that the permission doesn't reach. History was asked once for all."""
    if context.history:
        return
    needed = Permission.VOID_ROWS if any(frame.column("void")) else permission
    scope = permissions.scope_units(context.actor.person, needed, on=context.today)
    if scope.everything:
        return
    units_of = UNITS_OF[frame.kind.name]
    column = frame.kind.columns[0].code
    for index, units in enumerate(units_of(frame, context)):
        nowhere = index in frame.bad and context.store.units.isdisjoint(
            units
        )  # what it names isn't there: that was said
        if not nowhere and not scope.covers(*filter(None, units)):
            frame.refuse(
                index,
                column,
                "import.row.not_allowed",
                permission=str(needed),
                unit="、".join(filter(None, units)) or "—",
            )


def own_columns(*codes: str) -> Callable[[Frame, Context], Iterable[Units]]:
    """The units that stand in the row itself."""
    return lambda frame, context: zip(*(map(as_unit, frame.column(code)) for code in codes), strict=True)


def as_unit(cell: object) -> str:
    return "" if cell is None else str(cell)


def of_project(code: str) -> Callable[[Frame, Context], Iterable[Units]]:
    """The units of the project that a row names; of a unit, itself."""

    def units(frame: Frame, context: Context) -> Iterable[Units]:
        hosts = context.store.hosts
        return [hosts.get(str(cell), (str(cell),)) for cell in frame.column(code)]

    return units


def of_version(frame: Frame, context: Context) -> Iterable[Units]:
    """The units of a project row, or, if it names none, of the project as it stands."""
    hosts = context.store.hosts
    own = zip(*(map(as_unit, frame.column(code)) for code in ("host", "introducer", "lead_department")), strict=True)
    for code, units in zip(frame.column("code"), own, strict=True):
        yield hosts.get(str(code), units)


UNITS_OF: dict[str, Callable[[Frame, Context], Iterable[Units]]] = {
    "units": own_columns("code", "parent"),
    "projects": of_version,
    "stages": of_project("project"),
    "lists": of_project("project"),
    "plans": of_project("project"),
    "notes": of_project("project"),
    "attributions": of_project("project"),
    "figures": of_project("subject"),
    "targets": own_columns("unit"),
    "enterprises": lambda frame, context: [()] * len(frame),
}
