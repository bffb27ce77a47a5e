"""Every command, in the order of the work."""

from __future__ import annotations

import click

from rasad.cli.city import new, sample
from rasad.cli.classify import classify
from rasad.cli.compare import compare
from rasad.cli.demo import demo
from rasad.cli.imports import batches, import_, load
from rasad.cli.init import init
from rasad.cli.portal import portal, workbench
from rasad.cli.quarantine import quarantine
from rasad.cli.records import records
from rasad.cli.release import release, verify
from rasad.cli.roadmap import roadmap
from rasad.cli.schema import schema
from rasad.cli.source import source
from rasad.cli.up import up
from rasad.cli.worker import worker

COMMANDS: tuple[click.Command, ...] = (
    demo,
    new,
    init,
    import_,
    load,
    source,
    compare,
    batches,
    quarantine,
    classify,
    records,
    release,
    verify,
    roadmap,
    portal,
    workbench,
    worker,
    up,
    sample,
    schema,
)
