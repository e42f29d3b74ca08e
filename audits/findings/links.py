"""Where a finding can be mended: the page of the object it is about, else of the item or duty."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import url_for

from audits.reach import sees
from plans import handbook
from plans.own_items.ids import RULE as OWN_RULE

# The register in which rows of each table are kept; an asset's is named by the item it was found under.
REGISTER_OF_KIND: Mapping[str, str] = MappingProxyType(
    {
        "contact": "contacts",
        "external_party": "parties",
        "department": "departments",
        "system": "systems",
        "data_set": "data-sets",
    }
)
# The page of a row of each table, and the argument that names it; "" for a page of all of them.
PAGE_OF_KIND: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "planned_test": ("plans.planned", "planned_id"),
        "follow_up": ("plans.follow_ups", ""),
        "lesson": ("calamity.lesson", "lesson_id"),
        "backup_copy": ("plans.copy", "backup_id"),
        "audience": ("plans.audience_edit", "audience_id"),
    }
)
ASSET = "asset"
# Stand for a section, an item and a row in an address: no names of ours have capitals.
SECTION, NAME, ROW = "SECTION", "NAME", "ROW"


def item_link(code: str) -> str:
    """Return the page of a handbook item. Raises KeyError when the handbook has no such id."""
    item = handbook.item(code)
    return url_for("plans.item", section=item.section.value, name=item.name)


def row_link(register: str, row_id: UUID) -> str:
    """Return the page of a row of a register."""
    return url_for("registers.edit", register=register, row_id=row_id)


class Links:
    """What item_link() and row_link() do, for the rows of a list: each kind of address is put together once."""

    def __init__(self) -> None:
        """Begin with the address of items."""
        self._item = url_for("plans.item", section=SECTION, name=NAME)
        self._rows: dict[str, str] = {}

    def of_item(self, code: str) -> str:
        """Return the page of a handbook item. Raises KeyError when the handbook has no such id."""
        item = handbook.item(code)
        return self._item.replace(SECTION, item.section).replace(NAME, item.name)

    def of_row(self, register: str, row_id: UUID) -> str:
        """Return the page of a row of a register."""
        pattern = self._rows.get(register)
        if pattern is None:
            pattern = self._rows[register] = url_for("registers.edit", register=register, row_id=ROW)
        return pattern.replace(ROW, str(row_id))


def code_link(code: str) -> str:
    """Return the page of an item, of the whole plan for all own items together, or of the scheme for a duty."""
    return link(code, "", None, "::")


def part_link(code: str) -> str:
    """Return the page of an item, or the scheme's for a duty; "" for no code and where the open scope may not look."""
    if not code or not sees(code):
        return ""
    return item_link(code) if code in handbook.by_id() else url_for("continuity.overview")


def link(
    code: str,
    subject_kind: str,
    subject_id: UUID | None,
    subject_key: str,
    of_item: Callable[[str], str] = item_link,
    of_row: Callable[[str, UUID], str] = row_link,
) -> str:
    """Return the page on which somebody can do something about a finding or an expiry.

    of_item, of_row: as item_link() and row_link(), which a list has of Links.
    """
    if code == OWN_RULE:
        return url_for("plans.own", own_id=subject_id) if subject_id else url_for("plans.overview")
    if code not in handbook.by_id():
        registration = subject_key.split(":", 2)[2][:32]
        if len(registration) == 32:
            return url_for("continuity.registration", registration_id=UUID(registration))
        return url_for("continuity.overview")
    if subject_id is not None and subject_kind in PAGE_OF_KIND:
        endpoint, argument = PAGE_OF_KIND[subject_kind]
        named: dict[str, Any] = {argument: subject_id} if argument else {}
        return url_for(endpoint, **named)
    if subject_id is not None and subject_kind == ASSET:
        return of_row(handbook.item(code).name, subject_id)
    if subject_id is not None and subject_kind in REGISTER_OF_KIND:
        return of_row(REGISTER_OF_KIND[subject_kind], subject_id)
    return of_item(code)
