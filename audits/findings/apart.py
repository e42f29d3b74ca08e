"""What is not filled in yet, apart from what is wrong: a line for each section, so that real faults stand first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from audits.findings.finding import FoundGap
from audits.findings.texts import section_titles
from plans.guide.steps import FOLLOWS, SECTION_ORDER, path
from plans.handbook import Item


class Unfilled(StrEnum):
    """How findings about what is not filled in yet are shown: counted by section, alone, or among the others."""

    APART = "apart"
    ONLY = "only"
    AMONG = "among"


@dataclass(frozen=True, slots=True)
class SectionLeft:
    """What is not filled in yet of a section. step: where the path begins in it, None where it does not lead."""

    section: str
    title: str
    number: int
    step: Item | None


def split(found: Sequence[FoundGap], how: Unfilled) -> tuple[Sequence[FoundGap], Sequence[FoundGap]]:
    """Return which findings are listed one by one and which are counted by section, each in their order."""
    if how is Unfilled.AMONG:
        return found, ()
    unfilled = [gap for gap in found if gap.unfilled]
    if how is Unfilled.ONLY:
        return unfilled, ()
    return [gap for gap in found if not gap.unfilled], unfilled


def by_section(unfilled: Sequence[FoundGap]) -> list[SectionLeft]:
    """Return the sections in which something is not filled in yet, in the order of the path; then all others."""
    if not unfilled:
        return []
    numbers, codes = Counter(gap.code.partition(".")[0] for gap in unfilled), {gap.code for gap in unfilled}
    first: dict[str, Item] = {}
    for item in path():
        if item.id in codes and item.id not in FOLLOWS:
            first.setdefault(item.section, item)
    titles = section_titles()
    order = [*SECTION_ORDER, *titles.keys() - set(SECTION_ORDER)]
    return [SectionLeft(one, titles[one], numbers[one], first.get(one)) for one in order if numbers[one]]
