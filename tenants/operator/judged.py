"""How organisations were judged, as numbers alone: the audit's floor answers, the assembly connects the two."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app

EXTENSION = "waarborg.judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """When an organisation was judged last, and how many findings of each severity are open."""

    at: datetime
    faults: int
    warnings: int
    notices: int


class Counts(Protocol):
    """Answers for many organisations in one query."""

    def __call__(self, tenant_ids: Collection[int]) -> Mapping[int, Judged]:
        """Return the numbers of those that were judged."""


def connect(app: Flask, counts: Counts) -> None:
    """Let the operator's pages ask `counts`."""
    app.extensions[EXTENSION] = counts


def judged(tenant_ids: Collection[int]) -> Mapping[int, Judged]:
    """Return the numbers of those organisations that were judged."""
    return cast(Counts, current_app.extensions[EXTENSION])(tenant_ids)
