"""How each kind of file becomes rows of the ledger."""

from __future__ import annotations

from luodi.exchange.loading.base import Loader as Loader
from luodi.exchange.loading.figures import ATTRIBUTIONS, FIGURES, TARGETS
from luodi.exchange.loading.projects import LISTS, NOTES, PLANS, PROJECTS, STAGES
from luodi.exchange.loading.units import ENTERPRISES, UNITS

LOADERS: dict[str, Loader] = {
    "units": UNITS,
    "projects": PROJECTS,
    "stages": STAGES,
    "lists": LISTS,
    "plans": PLANS,
    "figures": FIGURES,
    "notes": NOTES,
    "targets": TARGETS,
    "attributions": ATTRIBUTIONS,
    "enterprises": ENTERPRISES,
}
