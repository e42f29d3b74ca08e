"""The bakery's own inventory comes in sheet by sheet, with exactly the remarks its makers listed."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from core import db
from plans.importing.matching import plan
from plans.importing.planned import Outcome, Plan, PlannedRow
from plans.importing.remarks import Remark, RemarkKind
from plans.models import Asset, AssetKind, Contact, ExternalParty, LineUse, PartyKind
from tests.cast import Cast, Person
from tests.plans.importing_steps import BAKERY_FILE, EXPECTED, Importer, counted, read_file
from tests.visitor import Visitor

LAYOUTS = {
    "PC's": "office-pcs",
    "Servers": "servers",
    "Telefonie": "telephony",
    "Licenties": "licences",
    "Contacten": "people",
    "Printers": "printers",
    "Mobiel": "mobile-devices",
}


def planned(sheet: str) -> Plan:
    return plan(read_file(BAKERY_FILE, sheet)[1], {})


def told(sheet: str, kind: RemarkKind, target: str | None = None) -> list[tuple[PlannedRow, Remark]]:
    return [
        (row, remark)
        for row in planned(sheet).rows
        for remark in row.remarks
        if remark.kind is kind and target in (None, remark.target)
    ]


def names(sheet: str, kind: RemarkKind, target: str | None = None) -> list[str]:
    return [row.name for row, _ in told(sheet, kind, target)]


def cells(sheet: str, kind: RemarkKind, target: str | None = None) -> list[str]:
    return [remark.cell for _, remark in told(sheet, kind, target)]


def expected(sheet: str, what: str) -> object:
    return EXPECTED[sheet][what]


def test_every_listed_sheet_has_its_layout() -> None:
    assert LAYOUTS.keys() == EXPECTED.keys()


@pytest.mark.parametrize("sheet", EXPECTED)
def test_the_rows_of_each_sheet_are_counted(sheet: str) -> None:
    chosen, rows = read_file(BAKERY_FILE, sheet)
    assert len(rows) == EXPECTED[sheet]["rows"]
    assert chosen.layout.slug == LAYOUTS[sheet]
    assert chosen.header_row == 3


@pytest.mark.parametrize("sheet", EXPECTED)
def test_every_row_is_accounted_for(sheet: str) -> None:
    found = planned(sheet)
    assert sum(found.count(outcome) for outcome in Outcome) == EXPECTED[sheet]["rows"]


def test_computers_tell_what_the_list_says() -> None:
    sheet = "PC's"
    assert cells(sheet, RemarkKind.DOUBLE) == expected(sheet, "duplicate_serials")
    assert names(sheet, RemarkKind.WITHOUT_SERIAL) == expected(sheet, "without_serial")
    assert cells(sheet, RemarkKind.UNREADABLE, "acquired_on") == expected(sheet, "unreadable_dates")
    assert cells(sheet, RemarkKind.UNREADABLE) == expected(sheet, "unreadable_dates")
    assert cells(sheet, RemarkKind.PLACEHOLDER) == ["@onbekend"]
    assert cells(sheet, RemarkKind.LITERAL) == ["=Reserve-pc"]
    assert planned(sheet).count(Outcome.NEW) == 8


def test_servers_tell_what_the_list_says() -> None:
    assert cells("Servers", RemarkKind.UNREADABLE) == expected("Servers", "bad_ip")


def test_licences_tell_what_the_list_says() -> None:
    sheet = "Licenties"
    perpetual = [row.name for row in planned(sheet).rows if row.values.get("perpetual")]
    unknown = [f"{row.name}: {remark.cell} seats" for row, remark in told(sheet, RemarkKind.PLACEHOLDER, "quantity")]
    assert perpetual == expected(sheet, "perpetual")
    assert unknown == expected(sheet, "unreadable")
    assert cells(sheet, RemarkKind.UNREADABLE) == ["€ 45,- p.m."]


def test_contacts_tell_what_the_list_says() -> None:
    sheet = "Contacten"
    twice = [row.name for row in planned(sheet).rows if row.outcome is Outcome.SKIPPED]
    assert twice == expected(sheet, "same_person_twice")
    assert names(sheet, RemarkKind.UNREADABLE, "phone") == expected(sheet, "bad_phone")
    assert names(sheet, RemarkKind.UNREADABLE, "email") == expected(sheet, "bad_mail")
    assert names(sheet, RemarkKind.UNREACHABLE) == expected(sheet, "unreachable")
    assert len(told(sheet, RemarkKind.UNREADABLE)) == 2


def test_printers_tell_what_the_list_says() -> None:
    assert len(told("Printers", RemarkKind.WITHOUT_SERIAL)) == expected("Printers", "without_serial")


def test_mobile_devices_tell_what_the_list_says() -> None:
    assert cells("Mobiel", RemarkKind.UNREADABLE) == expected("Mobiel", "bad_imei")


def test_telephony_tells_nothing() -> None:
    assert not [remark for row in planned("Telefonie").rows for remark in row.remarks]


@pytest.fixture
def importer(visitor: Callable[[Person | None], Visitor], cast: Cast) -> Importer:
    return Importer(visitor(cast.editor), cast.bakery.slug)


def test_the_whole_file_comes_in_and_a_second_time_changes_nothing(
    importer: Importer, cast: Cast, scope_of: Callable[..., object]
) -> None:
    first = importer.upload(BAKERY_FILE.read_bytes(), BAKERY_FILE.name)
    for position, sheet in enumerate(EXPECTED, start=1):
        new, changed, unchanged, skipped = counted(importer.bring_in(f"{first}/{position}"))
        assert (new + changed + unchanged + skipped) == EXPECTED[sheet]["rows"]
        assert (changed, unchanged) == (0, 0)
    again = importer.upload(BAKERY_FILE.read_bytes(), BAKERY_FILE.name)
    for position, sheet in enumerate(EXPECTED, start=1):
        new, changed, unchanged, skipped = counted(importer.bring_in(f"{again}/{position}"))
        assert (new, changed) == (0, 0), sheet
        assert unchanged + skipped == EXPECTED[sheet]["rows"]
    with scope_of(cast.bakery):  # type: ignore[attr-defined]
        _check_registers()


def _check_registers() -> None:
    session = db.session()
    assets = {asset.name: asset for asset in session.scalars(sa.select(Asset))}
    assert assets["=Reserve-pc"].acquired_on is not None
    assert str(assets["=Reserve-pc"].acquired_on) == "2022-01-01"
    assert assets["=Reserve-pc"].specification == "+ losse onderdelen"
    assert assets["Kassa 2"].serial_number == "CZC0123ABD"
    assert assets["Kassa 3"].serial_number == ""
    assert str(assets["Boekhouden online"].expires_on) == "2026-12-01"
    assert str(assets["Microsoft 365 Business Standard"].yearly_cost) == "1263.60"
    assert assets["Windows Server 2022 Std"].perpetual
    lines = {asset.name: asset.line_use for asset in assets.values() if asset.line_use}
    assert lines == {
        "Telefooncentrale Yeastar S20": LineUse.EXCHANGE,
        "Toestellen Yealink T31": LineUse.HANDSET,
        "Lijnen spraak": LineUse.VOICE,
        "Faxlijn": LineUse.FAX,
        "Lijn alarmcentrale": LineUse.ALARM,
    }
    assert assets["Lijn alarmcentrale"].phone_number == "+31765201124"
    assert assets["Glasvezel 500/500"].kind is AssetKind.INTERNET
    assert assets["iPad 9"].kind is AssetKind.TABLET
    assert assets["iPad 9"].serial_number == "DMPXK1ABCD"
    assert assets["iPhone 13"].imei == "356938035643809"
    contacts = {contact.name: contact for contact in session.scalars(sa.select(Contact))}
    assert len(contacts) == 6
    assert contacts["Sanne de Wit"].phone == ""
    assert contacts["Joost Pieters"].phone == "+31634567890"
    parties = {party.name: party.kind for party in session.scalars(sa.select(ExternalParty))}
    assert parties == {
        "NetVast IT (storing 24/7)": PartyKind.IT_ADMINISTRATOR,
        "Univé Zuid": PartyKind.INSURER,
        "mr. A. Cohen": PartyKind.LAWYER,
    }
