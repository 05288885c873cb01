"""From when on a project's names are no secret inside the city, and whose it is. Who then sees what is decided in `identity`."""

from __future__ import annotations

from luodi.codebook.values.lifecycle import Part
from luodi.codebook.values.profile import Profile
from luodi.projects.rules import stages
from luodi.projects.values.rows import Dossier


def is_signed(dossier: Dossier, profile: Profile) -> bool:
    """Tell whether a project was verified as signed, or as further on the path (a start needs no contract everywhere)."""
    reached = stages.first_days(stages.in_force(dossier.events))
    signed, path = profile.playing(Part.SIGNED), profile.path
    if signed not in path:
        return True
    return any(stage in reached for stage in path[path.index(signed) :])


def units_of(dossier: Dossier) -> frozenset[str]:
    """List the units a project belongs to: host, introducer, lead department of its last version, and whoever shares it."""
    version = dossier.version
    own = (version.host, version.introducer, version.lead_department) if version else ()
    return frozenset(filter(None, (*own, *(share.unit for share in dossier.shares))))
