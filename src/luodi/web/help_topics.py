"""
What help there is: a topic for each page of the menu, with the terms it needs; which topic serves which other page.

The words are `help.<topic>.what`, `help.<topic>.how` and `term.<term>.name`, `term.<term>.means` of the catalogue.
"""

from __future__ import annotations

# topic -> the terms that its page uses, in the order a newcomer meets them
TOPICS: dict[str, tuple[str, ...]] = {
    "desk": ("duty", "node", "standing"),
    "notices": ("standing", "node"),
    "filing": ("form", "measure", "column", "owed", "standing", "finding", "evidence"),
    "moment_forms": ("form", "owed", "standing"),
    "acceptance": ("chain", "finding", "standing", "filed", "verified"),
    "verification": ("stage", "claim", "verify", "evidence"),
    "closing": ("seal", "published", "bridge", "standing"),
    "projects": ("stage", "light", "node", "plan_class", "host"),
    "project": ("stage", "claim", "verify", "node", "light", "duty", "evidence"),
    "pipeline": ("stage", "plan_class", "light", "host"),
    "wall": ("node", "light", "duty", "baseline"),
    "cockpit": ("filed", "verified", "sealed", "target", "baseline", "light"),
    "indicators": ("indicator", "span", "host", "verified", "published", "cut"),
    "ranking": ("indicator", "span", "target", "baseline"),
    "targets": ("target", "baseline", "span"),
    "papers": ("seal", "published", "indicator"),
    "units": ("unit", "perimeter", "host"),
    "people": ("unit", "duty"),
    "profile": ("profile", "stage", "measure", "indicator", "light"),
    "imports": ("fact", "evidence"),
    "audit": ("evidence", "removal"),
    "health": ("fact", "seal", "projection"),
    "search": ("stage", "host"),
    "general": ("fact", "filed", "verified", "sealed", "removal"),
}

# A page that isn't in the menu is explained with the page it belongs to.
BELONGS = {
    "form": "filing", "form_send": "filing", "form_sheet": "filing", "form_draft": "filing",
    "submission": "acceptance", "submission_scan": "acceptance", "project_act": "project", "evidence": "project",
    "cockpit_wall": "cockpit", "cockpit_stuck": "cockpit", "trace": "indicators", "target_break_down": "targets",
    "profile_section": "profile", "views": "projects", "gallery": "general", "help": "general",
    "explorer": "indicators", "adhoc_list": "moment_forms", "person": "people", "person_duties": "people",
    "account": "people", "form_split": "filing", "form_parts": "filing", "project_bulk": "projects",
    "project_merge": "project", "trace_reference": "indicators",
}  # fmt: skip
# Families of addresses whose names begin alike.
BEGINS = (
    "filing",
    "moment",
    "notice",
    "wall",
    "people",
    "import",
    "cockpit",
    "pipeline",
    "ranking",
    "acceptance",
    "unit",
)


def topic_of(route: str) -> str:
    """Give the topic that explains a page; the general one where a page has none."""
    if route in TOPICS:
        return route
    if route in BELONGS:
        return BELONGS[route]
    begun = next((one for one in BEGINS if route.startswith(one)), "")
    return next((topic for topic in TOPICS if begun and topic.startswith(begun)), "general")
