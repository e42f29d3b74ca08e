"""The starters as data: a file for each branch, its texts in both languages."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.i18n import Language
from plans.models import LineKind, PartyKind

BRANCHES = ("bakery", "care", "web-shop", "office", "garage", "school")
# Under which item somebody settles whether a line is right for them.
ITEM_OF_KIND: Mapping[LineKind, str] = MappingProxyType(
    {
        LineKind.DEPARTMENT: "processes.department-heads",
        LineKind.SYSTEM: "processes.priorities",
        LineKind.PARTY: "runbook.external-parties",
    }
)
ATTRACTIVE, NEEDED = "self-check.attractive-data", "processes.data-needed"
POLICY = "staff.policy"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a starter. key: names it among the lines of all branches.

    rto, rpo: hours, of a system; months: from today, of a test; party: of an external party.
    """

    key: str
    kind: LineKind
    item_id: str
    text_nl: str
    text_en: str
    rto: int | None = None
    rpo: int | None = None
    attractive: bool = False
    personal: bool = False
    party: PartyKind = PartyKind.OTHER
    months: int = 0

    def text_in(self, chosen: Language) -> str:
        """Return what the line says in `chosen`."""
        return self.text_en if chosen is Language.ENGLISH else self.text_nl


@dataclass(frozen=True, slots=True)
class Starter:
    """The starter of one branch. Systems stand in the order in which they come back."""

    name: str
    title_nl: str
    title_en: str
    about_nl: str
    about_en: str
    lines: tuple[Line, ...]

    def title_in(self, chosen: Language) -> str:
        """Return what the branch is called in `chosen`."""
        return self.title_en if chosen is Language.ENGLISH else self.title_nl

    def about_in(self, chosen: Language) -> str:
        """Return one sentence on the branch in `chosen`."""
        return self.about_en if chosen is Language.ENGLISH else self.about_nl


@cache
def starters() -> tuple[Starter, ...]:
    """Return the starters, in the order in which they are offered."""
    return tuple(_read(name) for name in BRANCHES)


def starter(name: str) -> Starter:
    """Return one starter. Raises KeyError when there is none of that name."""
    return {one.name: one for one in starters()}[name]


def _read(name: str) -> Starter:
    told = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
    title, about = told["title"], told["about"]
    return Starter(name, title["nl"], title["en"], about["nl"], about["en"], tuple(_lines(name, told)))


def _lines(name: str, told: Mapping[str, Any]) -> Iterator[Line]:
    for kind, table in (
        (LineKind.DEPARTMENT, "department"),
        (LineKind.SYSTEM, "system"),
        (LineKind.DATA_SET, "data_set"),
        (LineKind.PARTY, "party"),
        (LineKind.ANSWER, "staff"),
        (LineKind.TEST, "test"),
    ):
        for row in told[table]:
            code = row.get("code") or row["item"]
            yield Line(
                f"{name}.{kind.value}.{code}",
                kind,
                _item(kind, row),
                row["nl"],
                row["en"],
                row.get("rto"),
                row.get("rpo"),
                row.get("attractive", False),
                row.get("personal", False),
                PartyKind(row.get("kind", PartyKind.OTHER)),
                row.get("month", 0),
            )


def _item(kind: LineKind, row: Mapping[str, Any]) -> str:
    if kind is LineKind.DATA_SET:
        return ATTRACTIVE if row.get("attractive") else NEEDED
    return ITEM_OF_KIND.get(kind) or str(row["item"])
