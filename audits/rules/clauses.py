"""Clauses of standards as data: a short reference and paraphrase of each, and the items and duties that answer it.

Short references in our own words; the standards' own text decides.
Source: ISO 22301:2019, ISO 27001:2022 annex A, NIS2 2022/2555 articles 21 and 23, the Cyberbeveiligingswet article
21, the Cbw-NIS2 control framework 1.2, the annex of 2024/2690, DORA 2022/2554, BIO2, NEN 7510 in the numbers of 2017
(that the edition of 2024 follows ISO 27002 was not checked), the five principles of DTC and NCSC, BW 6:253 and Fw 37
and 37b.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from continuity.scheme import duties
from core.i18n import Language, language
from plans.handbook import items
from plans.own_items.ids import RULE as OWN_RULE


class Standard(StrEnum):
    """A standard or law, by the short name people know it under."""

    ISO_22301 = "ISO 22301"
    ISO_27001 = "ISO 27001"
    NIS2 = "NIS2"
    CBW = "Cbw"
    CBW_NIS2 = "Cbw-NIS2"
    IMPLEMENTING = "2024/2690"
    DORA = "DORA"
    BIO2 = "BIO2"
    NEN_7510 = "NEN 7510"
    DTC = "DTC"
    LAW = "BW / Fw"

    @property
    def slug(self) -> str:
        """Return the name as it stands in an address."""
        return self.name.lower().replace("_", "-")


_DUTIES = "scheme."
# What a clause may name at once, beside a section of the handbook and a single item or duty.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "agreements": tuple(
            _DUTIES + name
            for name in (
                "type",
                "framework-agreement",
                "partner-chosen",
                "partner-informed",
                "supply-agreement",
                "beneficiary-deed",
                "acceptances",
                "communication",
                "funding",
            )
        ),
        "handovers": (_DUTIES + "documentation", _DUTIES + "logins", _DUTIES + "other-information"),
        "suppliers": (
            "testing.sla",
            "testing.supplier-expectations",
            "runbook.external-parties",
            "runbook.external-phones",
            "inventory.cloud-services",
        ),
        "restores": ("testing.restore", "testing.restore-new-systems"),
        "exercises": (
            "testing.restore",
            "testing.restore-new-systems",
            "testing.weekend-call",
            "testing.fallback-work",
        ),
    }
)


class UnknownName(ValueError):
    """The list of clauses names a section, group, item or duty that there is none of."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. id: as the standard numbers it; codes: of the items and duties that answer it, in their order."""

    standard: Standard
    id: str
    title_en: str
    title_nl: str
    codes: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Return a name for its place on a page."""
        return "c-" + "".join(letter if letter.isalnum() else "-" for letter in self.id.lower())

    @property
    def title(self) -> str:
        """Return the paraphrase in the language of the reader."""
        return self.title_en if language() is Language.ENGLISH else self.title_nl


@cache
def clauses() -> tuple[Clause, ...]:
    """Return every clause, standard by standard. Raises UnknownName for an answer that there is none of."""
    path = Path(__file__).with_name("clauses.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Clause(
                Standard(row["standard"]),
                row["clause"],
                row["title_en"],
                row["title_nl"],
                _codes(row["answered_by"].split()),
            )
            for row in csv.DictReader(file)
        )


def of_standard(standard: Standard) -> tuple[Clause, ...]:
    """Return the clauses of one standard, in its order."""
    return tuple(clause for clause in clauses() if clause.standard is standard)


@cache
def by_code() -> Mapping[str, tuple[Clause, ...]]:
    """Return the clauses that each item, the own items together, and each duty answer to."""
    return {code: tuple(one for one in clauses() if code in one.codes) for code in _every()}


def references(code: str) -> Mapping[str, str]:
    """Return {standard: clause ids} of one item or duty, the ids written one after the other."""
    return {
        standard.value: ", ".join(one.id for one in by_code()[code] if one.standard is standard)
        for standard in Standard
        if any(one.standard is standard for one in by_code()[code])
    }


@cache
def _every() -> tuple[str, ...]:
    return (*(item.id for item in items()), OWN_RULE, *(duty.id for duty in duties()))


def _codes(names: list[str]) -> tuple[str, ...]:
    wanted = {code for name in names for code in _named(name)}
    return tuple(code for code in _every() if code in wanted)


def _named(name: str) -> Iterator[str]:
    found = GROUPS.get(name) or tuple(code for code in _every() if code == name or code.partition(".")[0] == name)
    if not found or not set(found) <= set(_every()):
        raise UnknownName(name)
    yield from found
