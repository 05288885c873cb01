"""
Options that take several values in a row: the contract writes `--unit CODE ...`, and `--unit A B` is read like `--unit A --unit B`.

Only what looks like a value of the option is taken, so that an argument that comes after it is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import click

ANYTHING = r"(?!-)"  # for commands without arguments: all up to the next option


def taking_several(options: Mapping[str, str]) -> type[click.Command]:
    """Make a command's class whose named options take several values. Each has the beginning (a pattern) of a value."""

    class Command(click.Command):
        def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
            return super().parse_args(ctx, spread(args, options))

    return Command


def spread(args: Sequence[str], options: Mapping[str, str]) -> list[str]:
    """Write the option again before each further value: `--unit A B` becomes `--unit A --unit B`."""
    found: list[str] = []
    flag: str | None = None  # the option whose further values may follow here
    for at, word in enumerate(args):
        value_of = args[at - 1] if at and args[at - 1] in options and flag == args[at - 1] else None
        if word in options and value_of is None:
            flag = word
        elif value_of is None and flag is not None:
            if re.match(options[flag], word):
                found.append(flag)
            else:
                flag = None
        found.append(word)
    return found
