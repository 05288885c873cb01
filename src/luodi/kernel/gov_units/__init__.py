"""
Government units in running text: `Matcher` finds them, listed or not, whole or short, in lists and as collectives.

Enterprises are another thing (`luodi.directory.names`). Pure; no Django.
"""

from luodi.kernel.gov_units.matcher import Matcher, build
from luodi.kernel.gov_units.tables import read_units
from luodi.kernel.gov_units.values import Group, Mention, Unit

__all__ = ["Group", "Matcher", "Mention", "Unit", "build", "read_units"]
