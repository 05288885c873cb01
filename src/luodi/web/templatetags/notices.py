"""The bell in every page's header: how many notices wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from luodi.notices import queries

register = template.Library()
MOST = 99  # more are written 99+


@register.simple_tag(takes_context=True)
def unread_notices(context: Mapping[str, Any]) -> int:
    """Count what waits for whoever looks: one query on an index, none for a visitor."""
    viewer = context.get("viewer")
    return queries.unread(viewer.person) if viewer else 0


@register.filter
def at_most(count: int) -> str:
    """Write a count that stays small."""
    return str(count) if count <= MOST else f"{MOST}+"
