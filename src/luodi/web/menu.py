"""The menu as a table: one line a page. A page shows only to those who hold one of its permissions somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from luodi.codebook.values import Permission as P
from luodi.kernel.problem import words


@dataclass(frozen=True)
class Entry:
    """One page of the menu: its route, icon, and who needs it. Its words are `menu.<route>`."""

    route: str
    icon: str
    permissions: tuple[P, ...] = ()
    tab: bool = False


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "menu.work",
        (
            Entry("desk", "house", tab=True),
            Entry("notices", "bell"),
            Entry("filing", "table", (P.FILL_FORM, P.CHECK_FORM, P.SIGN_FORM, P.SUBMIT_FORM), tab=True),
            Entry("acceptance", "check2-circle", (P.ACCEPT_FORM,)),
            Entry("verification", "patch-check", (P.VERIFY_STAGE,)),
            Entry("closing", "lock", (P.SEAL_PERIOD, P.PUBLISH_PAPERS)),
            Entry("moment_forms", "clipboard", (P.SEND_MOMENT_FORM, P.FILL_FORM, P.KEEP_STORE)),
        ),
    ),
    (
        "menu.projects",
        (
            Entry("projects", "stack", (P.SEE_FIGURES,), tab=True),
            Entry("pipeline", "kanban", (P.SEE_FIGURES,)),
            Entry("wall", "easel", (P.SEE_FIGURES,)),
        ),
    ),
    (
        "menu.figures",
        (
            Entry("cockpit", "speedometer2", (P.SEE_FIGURES,), tab=True),
            Entry("indicators", "bar-chart-line", (P.SEE_FIGURES,)),
            Entry("ranking", "trophy", (P.SEE_FIGURES,)),
            Entry("targets", "bullseye", (P.SEE_FIGURES,)),
            Entry("papers", "file-earmark-text", (P.SEE_FIGURES,)),
        ),
    ),
    (
        "menu.house",
        (
            Entry("units", "diagram-3", (P.SEE_FIGURES, P.KEEP_UNITS)),
            Entry("people", "people", (P.KEEP_PEOPLE, P.GIVE_POSTS, P.KEEP_TOKENS)),
            Entry("profile", "sliders", (P.SEE_FIGURES,)),
            Entry("imports", "cloud-upload", (P.IMPORT,)),
            Entry("audit", "shield-check", (P.READ_AUDIT,)),
            Entry("health", "gear", (P.KEEP_STORE, P.VERIFY_LEDGER)),
        ),
    ),
)


def menu(viewer: Any, path: str, language: str) -> list[dict[str, Any]]:
    """Give the groups of the menu as this viewer sees them, the page being looked at marked."""
    return [
        {"label": words(label, language), "items": _items(entries, viewer, path, language)} for label, entries in GROUPS
    ]


def tabs(viewer: Any, path: str, language: str) -> list[dict[str, Any]]:
    """Give the few entries that stand at the bottom of a phone."""
    entries = tuple(entry for _, group in GROUPS for entry in group if entry.tab)
    return _items(entries, viewer, path, language)[:5]


def _items(entries: tuple[Entry, ...], viewer: Any, path: str, language: str) -> list[dict[str, Any]]:
    found = []
    for entry in entries:
        if entry.permissions and not any(viewer.may_somewhere(permission) for permission in entry.permissions):
            continue
        try:
            url = reverse(entry.route)
        except NoReverseMatch:  # a room that is not built yet has no door
            continue
        current = path == url or (url != "/" and path.startswith(url))
        found.append(
            {"url": url, "icon": entry.icon, "label": words(f"menu.{entry.route}", language), "current": current}
        )
    return found
