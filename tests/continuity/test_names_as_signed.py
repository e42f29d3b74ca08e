"""A signed agreement keeps what supplier and foundation were called: also after one of them is called otherwise."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from audits.takeout.services import take_out
from audits.workbooks.material import Made
from continuity.agreements.services import AgreementValues, add_agreement, change_agreement
from continuity.models import Agreement, AgreementKind
from continuity.registrations.services import RegistrationValues, change_registration
from core import db
from core.i18n import Language, written_in
from tenants.models import Tenant
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation
from tests.continuity.asking import NOW
from tests.continuity.test_changing import approve
from tests.continuity.test_room import Visitors
from tests.continuity.test_scheme_workbook import book
from tests.continuity.test_setting_back import contract, only
from tests.continuity.world import EARLIER, TODAY, Scoped, World, recorded_long_ago, service

SUPPLIER, FOUNDATION, LATER = "Draadwerk IT", "Stichting Zekerheid", "Called otherwise BV"
KVK, LATER_KVK = "12345678", "87654321"
UNSIGNED = {"first_signed_on": None, "second_signed_on": None}
NOBODY = ("", "", None)


def rename(scope_of: Scoped, organisation: Organisation, name: str = LATER, kvk: str | None = LATER_KVK) -> None:
    with scope_of(organisation):
        row = db.session().get_one(Tenant, organisation.id)
        row.name, row.kvk = name, kvk


def parties(row: Agreement) -> tuple[Any, ...]:
    """Return name, number and the day they were kept, of the first and the second party."""
    return (
        (row.first_name, row.first_kvk, row.first_named_on),
        (row.second_name, row.second_kvk, row.second_named_on),
    )


def change(row: Agreement, **said: Any) -> None:
    values: AgreementValues = replace(contract(), ends_on=None, **said)
    change_agreement(row, values, None, seen=row.version)


@pytest.fixture
def numbered(cast: Cast, world: World, scope_of: Scoped) -> World:
    """The world in which both have a number, and signed under it; both are called otherwise since."""
    rename(scope_of, cast.supplier, SUPPLIER, KVK)
    rename(scope_of, cast.foundation, FOUNDATION, None)
    with scope_of(cast.supplier):
        row = only(Agreement)
        row.first_name = row.second_name = ""
        db.session().flush()
        change(row)
    rename(scope_of, cast.supplier)
    rename(scope_of, cast.foundation)
    return world


def test_pages_workbook_and_takeout_tell_the_names_as_signed(
    app: Flask, cast: Cast, numbered: World, visitor: Visitors
) -> None:
    owner, officer = visitor(cast.supplier_owner), visitor(cast.foundation_reader)
    for page in (owner.get(f"{numbered.path}/agreements"), officer.get(numbered.registrant_path)):
        told = page.get_data(as_text=True)
        agreement = told[told.index(f"{SUPPLIER}, <span") :]
        assert KVK in agreement
        assert FOUNDATION in agreement
        assert LATER_KVK not in told
        assert told.count("recorded on 22 November 2026, after signing") == 2, "signed on 2 November, recorded later"
    (sheet,) = book(owner)["Agreements"]
    named = sheet["Name of the first party"], sheet["KvK number of the first party"], sheet["Name of the second party"]
    assert named == (SUPPLIER, KVK, FOUNDATION)
    assert sheet["KvK number of the second party"] is None, "no number was known then"
    assert sheet["First party so called on"].date() == TODAY
    target = io.BytesIO()
    with app.test_request_context(), scoped(whole(cast.supplier.id), writes=True), written_in(Language.ENGLISH):
        take_out(target, Made(NOW, "Owner"), today=TODAY)
    (row,) = map(json.loads, zipfile.ZipFile(target).read("data/agreement.jsonl").decode().splitlines())
    assert (row["first_name"], row["first_kvk"], row["second_name"]) == (SUPPLIER, KVK, FOUNDATION)
    assert row["first_named_on"] == TODAY.isoformat()


def test_a_name_goes_and_comes_with_its_signature(
    cast: Cast, numbered: World, scope_of: Scoped, unannounced: None
) -> None:
    kept = (SUPPLIER, KVK, TODAY), (FOUNDATION, "", TODAY)
    with scope_of(cast.supplier):
        row = only(Agreement)
        change(row, first_signed_on=date(2026, 11, 1), party="Somebody")
        assert parties(row) == kept, "a day that is put right is no other signature"
        change(row, kind=AgreementKind.PROCESSOR)
        assert parties(row) == kept, "between the same two"
        change(row, second_signed_on=None)
        assert parties(row) == (kept[0], NOBODY)
        with time_machine.travel(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), tick=False):
            change(row)
        assert parties(row) == (kept[0], (LATER, LATER_KVK, date(2026, 11, 25))), "signed anew, in Amsterdam"
        change(row, kind=AgreementKind.SERVICE)
        assert parties(row) == (kept[0], NOBODY), "the client is no organisation here"
        change(row, kind=AgreementKind.SUPPLY)
        assert parties(row) == ((LATER, LATER_KVK, TODAY), NOBODY), "the foundation signs first"
        change(row, **UNSIGNED)
        assert parties(row) == (NOBODY, NOBODY)


def test_a_foundation_that_is_chosen_later_gets_its_name(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        owner = service("Cloudwerkplek", None)
        row = add_agreement(owner, replace(contract(), ends_on=None), None)
        assert parties(row) == ((SUPPLIER, "", TODAY), NOBODY)
        values = RegistrationValues("Cloudwerkplek", "", cast.foundation.id, "", None, understood=False)
        change_registration(owner, values, seen=owner.version, today=TODAY)
        assert parties(row) == ((SUPPLIER, "", TODAY), (FOUNDATION, "", TODAY))


def test_a_name_is_set_back_with_what_was_signed_anew_since_the_bankruptcy(
    cast: Cast, numbered: World, scope_of: Scoped, unannounced: None
) -> None:
    with scope_of(cast.supplier):
        recorded_long_ago()
        row = only(Agreement)
        change(row, **UNSIGNED)
        with time_machine.travel(NOW + timedelta(hours=1), tick=False):
            change(row, first_signed_on=TODAY, second_signed_on=TODAY)
        assert parties(row)[0][0] == LATER
        approve(numbered, cast)
        assert (row.first_signed_on, row.first_name, row.first_kvk) == (EARLIER, SUPPLIER, KVK)
        assert row.second_name == FOUNDATION
