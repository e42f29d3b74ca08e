"""What of the registers has a last day, and what it is. Pure functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from continuity.lapsing import Lapse, LapseKind, Why
from continuity.period import Period
from plans.models import AssetKind

# The inventory has no class of its own for these; people name them in these words.
CERTIFICATE = re.compile(r"certifica|\b(ssl|tls)\b", re.IGNORECASE)
DOMAIN = re.compile(r"\bdom(ein|ain)", re.IGNORECASE)
HOST = re.compile(r"\s*(www\.)?[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*\.[a-z]{2,}\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dated:
    """A record of the inventory with a last day. whose, slug: the organisation that keeps it, and its short name."""

    kind: AssetKind
    name: str
    whose: str
    until: date
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the plan. confirmed_on: when their contact data were confirmed."""

    name: str
    whose: str
    confirmed_on: date


def kind_of(asset: Dated) -> LapseKind:
    """Return what a record of the inventory is: its name tells a domain or certificate, else its class does."""
    if CERTIFICATE.search(asset.name):
        return LapseKind.CERTIFICATE
    if DOMAIN.search(asset.name) or HOST.fullmatch(asset.name):
        return LapseKind.DOMAIN
    return LapseKind.LICENCE if asset.kind is AssetKind.LICENCE else LapseKind.CONTRACT


def lapses_in(assets: Iterator[Dated], people: Iterator[Known], running: Period, contact_days: int) -> Iterator[Lapse]:
    """Yield what of the registers has a last day before the end of `running`, lapsed already or not."""
    for one in assets:
        if one.until < running.last_on:
            yield Lapse(one.until, kind_of(one), one.name, one.whose, Why.ENDS, one.slug)
    for person in people:
        until = person.confirmed_on + timedelta(days=contact_days)
        if until < running.last_on:
            yield Lapse(until, LapseKind.PERSON, person.name, person.whose, Why.UNCONFIRMED)
