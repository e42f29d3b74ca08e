"""Exports of an asset program, with foreign headings, months first and doubled names, come in row by row."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from plans.importing.matching import plan
from plans.importing.planned import Outcome
from plans.importing.remarks import RemarkKind
from plans.registers.cells import DayOrder
from tests.cast import Cast, Person
from tests.plans.importing_steps import SAMPLES, Importer, counted, read_file
from tests.visitor import Visitor

# What a file says is read before any database sees it.
pytestmark = pytest.mark.once


@dataclass(frozen=True, slots=True)
class Export:
    """One file, and what is to be guessed about it."""

    name: str
    rows: int
    layout: str
    order: DayOrder


ASSETS = Export("snipeit-assets-sample.csv", 22, "office-pcs", DayOrder.MONTH_FIRST)
LICENCES = Export("snipeit-licenses-sample.csv", 50, "licences", DayOrder.MONTH_FIRST)
USERS = Export("snipeit-users-sample.csv", 100, "contacts", DayOrder.DAY_FIRST)
EXPORTS = [pytest.param(export, id=export.name) for export in (ASSETS, LICENCES, USERS)]


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_is_guessed_right_and_every_row_is_accounted_for(export: Export) -> None:
    chosen, rows = read_file(SAMPLES / "public" / export.name)
    assert (chosen.layout.slug, chosen.order, chosen.header_row) == (export.layout, export.order, 1)
    found = plan(rows, {})
    assert len(rows) == export.rows
    assert sum(found.count(outcome) for outcome in Outcome) == export.rows
    assert all(row.reason for row in found.rows if row.outcome is Outcome.SKIPPED)


def test_assets_are_told_apart_by_name_and_place() -> None:
    _, rows = read_file(SAMPLES / "public" / ASSETS.name)
    found = plan(rows, {})
    doubled = [row for row in found.rows if row.outcome is Outcome.SKIPPED]
    assert [row.name for row in doubled] == ["Bulldozer"]
    assert found.rows[1].values["holder"] == "Gage McCrackem"
    assert str(found.rows[0].values["acquired_on"]) == "2023-01-23"
    assert "Asset Tag: ICC-2065556" in str(found.rows[0].values["note"])
    assert not [told for row in found.rows for told in row.remarks if told.kind is RemarkKind.UNREADABLE]


def test_licences_take_the_serial_number_as_their_key_and_the_month_first() -> None:
    _, rows = read_file(SAMPLES / "public" / LICENCES.name)
    assert rows[0].values["licence_key"] == "4c2713a1-5b73-4ecb-b2e9-62bf0ff57165"
    assert str(rows[0].values["expires_on"]) == "2016-02-26"
    assert rows[0].values["quantity"] == 56
    assert all("expires_on" in row.values for row in rows)


def test_users_get_their_whole_name_and_foreign_numbers_are_told() -> None:
    _, rows = read_file(SAMPLES / "public" / USERS.name)
    assert rows[0].name == "Reagen Tenant"
    told = [remark for row in rows for remark in row.remarks if remark.target == "phone"]
    assert len(told) == 11
    assert told[0].cell == "895-137-2034"


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_comes_in_once(export: Export, visitor: Callable[[Person | None], Visitor], cast: Cast) -> None:
    importer = Importer(visitor(cast.editor), cast.bakery.slug)
    data = (SAMPLES / "public" / export.name).read_bytes()
    new, changed, unchanged, skipped = counted(importer.bring_in(importer.upload(data, export.name) + "/1"))
    assert new + skipped == export.rows
    assert (changed, unchanged) == (0, 0)
    again = counted(importer.bring_in(importer.upload(data, export.name) + "/1"))
    assert again == (0, 0, new, skipped)
