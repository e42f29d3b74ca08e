"""What is proposed to hand over, per type of the scheme. Proposals become ordinary items that a supplier may change.

Source: scheme.documentation, scheme.logins, scheme.other-information; decisions (handover duty for standard software,
processor agreement); rules 3.6 H11.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from continuity.models import HandoverKind, SchemeType
from core.i18n import Language

# Whole days. An organisation may tighten these per item, never loosen them.
LONGEST_AGE: Mapping[HandoverKind, int] = MappingProxyType(
    {HandoverKind.DOCUMENT: 90, HandoverKind.LOGIN: 30, HandoverKind.INFORMATION: 30}
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item worth handing over for the types it applies to."""

    applies_to: frozenset[SchemeType]
    kind: HandoverKind
    required: bool
    label_nl: str
    label_en: str

    def label_in(self, language: Language) -> str:
        """Return the label in `language`."""
        return self.label_en if language is Language.ENGLISH else self.label_nl

    @property
    def labels(self) -> frozenset[str]:
        """Return the label in every language, to recognise the item by."""
        return frozenset({self.label_nl, self.label_en})


@cache
def proposals() -> tuple[Proposal, ...]:
    """Return all proposals, in the order in which they are offered."""
    with Path(__file__).with_name("proposals.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Proposal(
                frozenset(SchemeType(name) for name in row["applies_to"].split()),
                HandoverKind(row["kind"]),
                row["required"] == "yes",
                row["label_nl"],
                row["label_en"],
            )
            for row in csv.DictReader(file)
        )


def for_type(scheme_type: SchemeType) -> tuple[Proposal, ...]:
    """Return what is proposed for one type of the scheme."""
    return tuple(proposal for proposal in proposals() if scheme_type in proposal.applies_to)
