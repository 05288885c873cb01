"""Counting steps: proportional, whole ones only, or each one begun."""

from __future__ import annotations

import math
from fractions import Fraction

STEPS = ("continuous", "whole", "begun")


def steps_of(distance: Fraction, width: Fraction, steps: str) -> Fraction:
    """Count the steps of `width` in a distance of zero or more. A width of zero or less is the caller's to refuse."""
    exact = distance / width
    if steps == "whole":
        return Fraction(math.floor(exact))
    return Fraction(math.ceil(exact)) if steps == "begun" else exact
