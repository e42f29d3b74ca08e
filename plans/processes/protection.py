"""What a continuity scheme goes on delivering. Known upstairs (continuity); the assembly connects the two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from flask import Flask, current_app

from plans.registers.cells import folded

EXTENSION = "waarborg.protection"


@dataclass(frozen=True, slots=True)
class Protection:
    """A registered service of a supplier under whose scheme this organisation is covered since it accepted the deed.

    supplier, kvk: as the supplier's own organisation has them; kvk: "" where it told none.
    """

    supplier: str
    kvk: str
    service: str
    accepted_on: date


class ProtectionSource(Protocol):
    """Whoever knows which schemes cover the open scope's organisation."""

    def protections(self, today: date) -> Sequence[Protection]:
        """Return what covers it on `today`, by supplier and service; nothing where the scope reaches no scheme."""


def connect(app: Flask, source: ProtectionSource) -> None:
    """Let `source` tell what is protected. Called once, at assembly."""
    app.extensions[EXTENSION] = source


def source() -> ProtectionSource:
    """Return whoever tells what is protected."""
    return cast(ProtectionSource, current_app.extensions[EXTENSION])


def of_party(name: str, kvk: str, protections: Iterable[Protection]) -> tuple[Protection, ...]:
    """Return those protections whose supplier is this external party.

    Where both tell a KvK number that decides, otherwise the name, without regard to case and accents.
    """
    return tuple(
        one for one in protections if (one.kvk == kvk if one.kvk and kvk else folded(one.supplier) == folded(name))
    )


def covering(service: str, protections: Iterable[Protection]) -> Protection | None:
    """Return which of a supplier's schemes is about this service: a scheme protects what it names, nothing else."""
    return next((one for one in protections if service and folded(one.service) == folded(service)), None)
