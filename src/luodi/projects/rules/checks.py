"""Kept for whoever imports it from here: which set of attributions holds is a rule of `shares`."""

from luodi.projects.rules.shares import set_in_force as set_in_force
