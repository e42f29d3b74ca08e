"""Nothing of the plan and the scheme can be kept without a column in a workbook; clauses and months add up."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.rules.clauses import clauses
from audits.workbooks.records import LEFT_OUT, NOWHERE, WITHOUT, _Names, fields, heading, headings, tables
from core import db
from core.db import Base
from core.i18n import Language, written_in
from core.sheets.cells import SHADES, shaded
from plans.models import Asset, AssetKind, Contact
from tenants.owned import TenantOwned
from tests.audits.test_workbooks import Scoped, book, filled, table
from tests.cast import Cast
from tests.visitor import Visitor

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("on_the_day")]


def test_every_column_of_every_table_has_a_column_of_its_own_or_a_reason(app: Flask) -> None:
    unnamed = []
    with app.test_request_context(), written_in(Language.ENGLISH):
        for model in tables():
            name = str(sa.inspect(model).local_table.name)
            kept = {one.key for one in sa.inspect(model).column_attrs}
            left = {column for of, column in LEFT_OUT if of == name} | (set(NOWHERE) & kept)
            assert set(fields(model)) | left == kept, name
            assert not set(fields(model)) & left, name
            unnamed += [(name, key) for key in fields(model) if heading(model, key).title in {"Detail", key}]
    assert not unnamed
    for of, column in LEFT_OUT:
        assert column in Base.metadata.tables[of].columns
    assert set(WITHOUT) <= set(Base.metadata.tables)


@pytest.mark.parametrize("read", list(Language))
def test_no_two_columns_of_a_sheet_are_called_alike(app: Flask, read: Language) -> None:
    with app.test_request_context(), written_in(read):
        for model in tables():
            titles = [column.title for column in headings(model)]
            assert len(set(titles)) == len(titles) == len(fields(model)), model.__name__


def test_rows_that_are_called_alike_are_told_apart_by_their_number(cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        twins, eva = [Contact(name="Jan"), Contact(name="Jan")], Contact(name="Eva")
        db.session().add_all([*twins, eva])
        db.session().flush()
        told = _Names().of("contact", Contact.id)
        assert told == {eva.id: "Eva", **{one.id: f"Jan ({one.id})" for one in twins}}


def test_every_table_is_on_a_sheet_but_those_of_accounts_audit_and_trail() -> None:
    owned = {one.class_ for one in Base.registry.mappers if issubclass(one.class_, TenantOwned)}
    left = {one for one in owned if sa.inspect(one).local_table.name in WITHOUT}
    elsewhere = {one.__area__.value for one in owned - left - set(tables())}
    assert elsewhere == {"people", "audit", "trail"}


def test_records_name_what_they_refer_to_and_hide_what_opens_something(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    filled(scope_of, cast)
    found = book(Visitor(app, cast.reader), "records")
    by_name = {row["Name"]: row for row in table(found, "Inventory record")}
    server, licence = (row for _, row in sorted(by_name.items(), key=lambda pair: pair[0] == "=Kassasoftware"))
    assert (licence["Name"], licence["Licence key"], licence["Valid until"].year) == ("=Kassasoftware", "BK-2…", 2027)  # type: ignore[attr-defined]
    assert server["Serial number"] == "0012345"
    with scope_of(cast.bakery):
        kept = db.session().scalars(sa.select(Asset.id).where(Asset.name == licence["Name"])).one()
    assert licence["Number in Waarborg"] == str(kept)
    counted = {row["Table"]: row["Records"] for row in table(found, "Records")}
    assert (counted["asset"], counted["contact"]) == (2, 1)


def test_contacts_have_every_column_of_their_register(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    (henk,) = table(book(Visitor(app, cast.reader), "contacts"), "Contacts")
    assert (henk["Name"], henk["Telephone"]) == ("Henk", "06 12345678")
    assert {"Second telephone", "E-mail address", "Works here", "Confirmed on", "Note"} <= set(henk)


def test_each_clause_tells_the_items_that_answer_it(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    found = book(Visitor(app, cast.owner), "standards")
    rows, items = table(found, "Clauses"), table(found, "Items per clause")
    assert len(rows) == len(clauses())
    for row in rows:
        own = [one for one in items if (one["Standard"], one["Clause"]) == (row["Standard"], row["Clause"])]
        assert len(own) == row["Items"]
        assert sum(one["Status"] == "In order" for one in own) == row["In order"]


def test_heat_map_is_darkest_where_most_lapses(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    with scope_of(cast.bakery):
        for n in range(8):
            db.session().add(Asset(kind=AssetKind.LICENCE, name=f"L{n}", expires_on=date(2027, 3, 1 + n)))
    sheet = book(Visitor(app, cast.owner), "expiries")["Per month"]
    headings = [cell.value for cell in sheet[1]]
    (licences,) = [row for row in sheet.iter_rows(min_row=2) if row[1].value and "icence" in str(row[1].value)]
    told = dict(zip(headings, licences, strict=True))
    assert (told["2027-03"].value, told["2027-01"].value) == (8, 1)
    colours = {
        rule.dxf.fill.bgColor.rgb
        for cell in (told["2027-03"], told["2027-01"])
        for one in sheet.conditional_formatting
        if cell.coordinate in one.sqref
        for rule in one.rules
        if rule.operator and cell.value == float(rule.formula[0])
    }
    assert len(colours) == 2
    assert headings[2:] == ["Lapsed", *(f"{y}-{m:02}" for y, m in MONTHS), "Total"]


MONTHS = [(2026, 11), (2026, 12), *((2027, month) for month in range(1, 12))]


@pytest.mark.parametrize(("number", "shade"), [(0, 0), (1, 1), (25, 1), (26, 2), (75, 3), (76, 4), (100, SHADES)])
def test_shade_is_the_share_of_the_most(number: int, shade: int) -> None:
    assert shaded(number, 100).shade == shade
