"""What ties an organisation to others, as the floors above know it: a release, cover of clients, registrants.

The continuity floor answers; the assembly connects the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from flask import Flask, current_app

EXTENSION = "waarborg.ties"


@dataclass(frozen=True, slots=True)
class Hold:
    """A release that forbids to erase or leave. service: what was registered; until: last day, inclusive.

    Source: GDPR article 17(3)(e): what is needed for legal claims may not be erased.
    """

    service: str
    declared_on: date
    until: date


@dataclass(frozen=True, slots=True)
class Cover:
    """A registered service on which clients rely, or did so until lately.

    clients: how many accepted its deed and did not end that, 0 where its scheme alone keeps it.
    """

    service: str
    clients: int


class Ties(Protocol):
    """Answers about the open scope, which must read the continuity area."""

    def holds(self, today: date) -> Sequence[Hold]:
        """Return the releases that hold on `today`, the longest first."""

    def covers(self, today: date) -> Sequence[Cover]:
        """Return the services that clients of the open scope's organisation rely on, or did until lately."""

    def registrants(self, foundation_id: int) -> int:
        """Return how many other organisations have a registration that names this foundation."""


def connect(app: Flask, ties: Ties) -> None:
    """Let the rooms of this floor ask `ties`."""
    app.extensions[EXTENSION] = ties


def ties() -> Ties:
    """Return who answers in the running application."""
    return cast(Ties, current_app.extensions[EXTENSION])
