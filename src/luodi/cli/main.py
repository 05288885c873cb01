"""
The command `luodi`. A table of commands, each loaded only when called, so that the calculating engines start
without Django and in a fraction of a second.
"""

from __future__ import annotations

import importlib

import click

# command -> "module:attribute". One line a command; the module holds the words of its help.
COMMANDS: dict[str, str] = {
    "init": "luodi.cli.store:init",
    "up": "luodi.cli.up:up",
    "import": "luodi.cli.exchange:import_",
    "export": "luodi.cli.exchange:export",
    "fill": "luodi.cli.exchange:fill",
    "template": "luodi.cli.exchange:template",
    "seal": "luodi.cli.store:seal",
    "verify": "luodi.cli.store:verify",
    "rebuild": "luodi.cli.store:rebuild",
    "backup": "luodi.cli.store:backup",
    "restore": "luodi.cli.store:restore",
    "remove": "luodi.cli.removing:remove",
    "indicators": "luodi.cli.indicators:indicators",
    "trace": "luodi.cli.indicators:trace",
    "portfolio": "luodi.cli.indicators:portfolio",
    "gaps": "luodi.cli.indicators:gaps",
    "bulletin": "luodi.cli.bulletin:bulletin",
    "people": "luodi.cli.people:people",
    "profile": "luodi.cli.profile:profile",
    "clock": "luodi.cli.clock:clock",
    "plan": "luodi.cli.plan:plan",
    "score": "luodi.cli.score:score",
    "scheme": "luodi.cli.score:scheme",
    "assess": "luodi.cli.assess:assess",
    "decompose": "luodi.cli.decompose:decompose",
    "match": "luodi.cli.match:match",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="luodi")
def main() -> None:
    """落地 luodi: every investment project of a city on one ledger."""
