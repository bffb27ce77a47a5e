"""Every command, in the order of the work, and where it is found: a command loads what it needs and nothing of the others."""

from __future__ import annotations

from importlib import import_module

import click

from rasad.cli.console import Session

COMMANDS: dict[str, str] = {
    "demo": "rasad.cli.demo:demo",
    "new": "rasad.cli.city:new",
    "init": "rasad.cli.init:init",
    "import": "rasad.cli.imports:import_",
    "load": "rasad.cli.imports:load",
    "source": "rasad.cli.source:source",
    "compare": "rasad.cli.compare:compare",
    "batches": "rasad.cli.imports:batches",
    "quarantine": "rasad.cli.quarantine:quarantine",
    "classify": "rasad.cli.classify:classify",
    "records": "rasad.cli.records:records",
    "release": "rasad.cli.release:release",
    "verify": "rasad.cli.release:verify",
    "roadmap": "rasad.cli.roadmap:roadmap",
    "portal": "rasad.cli.portal:portal",
    "workbench": "rasad.cli.portal:workbench",
    "worker": "rasad.cli.worker:worker",
    "up": "rasad.cli.up:up",
    "sample": "rasad.cli.city:sample",
    "schema": "rasad.cli.schema:schema",
}
"""Name → module and attribute."""


class Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS and name not in self.commands:
            module, _, attribute = COMMANDS[name].partition(":")
            self.add_command(with_json(getattr(import_module(module), attribute)), name)
        return super().get_command(ctx, name)


def with_json(command: click.Command) -> click.Command:
    """Let `--json` stand after a command too, where people type it."""

    def told(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            context.find_object(Session).as_json = True  # type: ignore[union-attr]

    if isinstance(command, click.Group):
        for inner in command.commands.values():
            with_json(inner)
    else:
        command.params.append(
            click.Option(
                ["--json"],
                is_flag=True,
                expose_value=False,
                callback=told,
                help="Print the result as one JSON document.",
            )
        )
    return command
