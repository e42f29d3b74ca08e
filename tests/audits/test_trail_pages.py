"""The trail as people read it: in plain words, filtered, page by page, and as a workbook that loses nothing."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from audits.trail.queries import PAGE, Sort
from audits.trail.words import COLUMN_LABELS, EVENT_TEXTS, KIND_LABELS
from core import db
from core.db import Base
from plans.models import Asset, AssetKind, Contact
from tenants import trail
from tenants.models import TrailEntry
from tenants.owned import TenantOwned
from tenants.scope import Actor, scoped, whole
from tenants.trail.telling import tell
from tests.cast import Cast, Organisation
from tests.tenants.trail_attacks import erase, fill, sign_in
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
# Columns nobody needs to see named: keys of files, counts of imports, positions.
UNNAMED = {
    "accepted_by", "chosen", "cells", "client_secret", "digest", "file_sha256", "file_size", "file_type", "hidden",
    "layout", "media_type", "position", "report", "row_count", "sha256", "size", "batch_id", "deed_version_id",
    "instruction_version_id", "task_changed_on", "parts", "applied_at", "applied_by", "changed", "skipped",
    "unchanged", "published_at", "uploaded_at", "in_use_on", "needs_no_data", "uses_no_systems", "issuer", "domain",
    "seat", "author", "note", "sent_at", "is_staff", "attractive", "personal", "change_id", "put_away", "frozen",
}  # fmt: skip


def page(app: Flask, cast: Cast, query: str = "") -> str:
    answer = Visitor(app, cast.owner).get(f"/o/bakery/trail/{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_changes_are_told_in_plain_words(app: Flask, cast: Cast) -> None:
    actor = Actor(cast.editor.id, cast.editor.name, "manager_edit", "abc", "Draadwerk IT")
    with app.app_context(), scoped(whole(cast.bakery.id, actor)):
        row = Contact(name="Brandweer")
        db.session().add(row)
        db.session().flush()
        row.phone = "+31 88 1234567"
    text = page(app, cast)
    assert f"{cast.editor.name} changed: Contact “Brandweer” (Telephone)" in text
    assert f"{cast.editor.name} added: Contact “Brandweer”" in text
    assert "for Draadwerk IT" in text
    assert "+31 88 1234567" in text


def test_the_newest_comes_first_and_pages_lose_no_line(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add_all([Contact(name=f"Nummer {number:03}") for number in range(PAGE + 10)])
    visitor, seen, address = Visitor(app, cast.owner), [], "/o/bakery/trail/?subject=contact"
    while address:
        text = visitor.get(address).get_data(as_text=True)
        seen += [line.partition("”")[0] for line in text.split("added: Contact “")[1:]]
        older = text.partition('rel="next" href="')[2].partition('"')[0]
        address = older.replace("&amp;", "&")
    assert seen == [f"Nummer {number:03}" for number in reversed(range(PAGE + 10))]


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?who=owner", "signed in", "Kast 0"),
        ("?who=OWNER+OF", "No line fits", "Kast 0"),
        ("?sort=access", "signed in", "Kast 0"),
        ("?sort=change", "Kast 0", "signed in"),
        ("?sort=people", "Member “Reader”", "Kast 0"),
        ("?sort=export", "downloaded the report “Plan”", "Kast 0"),
        ("?sort=step", "put a version of the plan into use", "Kast 0"),
        ("?subject=asset", "Kast 0", "signed in"),
        ("?since=2999-01-01", "No line fits", "Kast 0"),
        ("?until=2000-01-01", "No line fits", "Kast 0"),
        ("?since=2000-01-01&until=2999-01-01", "Kast 0", "No line fits"),
        ("?before=1", "No line fits", "Kast 0"),
        ("?since=yesterday&sort=nonsense&subject=nonsense&before=-5", "Kast 0", "No line fits"),
        ("?who=%25", "No line fits", "Kast 0"),
    ],
)
def test_filters_show_what_they_say(app: Flask, cast: Cast, query: str, shown: str, hidden: str) -> None:
    fill(app, cast.bakery, 1)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        trail.record("report.exported", "report", None, name="plan")
        trail.record("plan.published", "plan_version", None, number=1)
    sign_in(app, cast.owner)
    with app.app_context():
        tell()
    text = page(app, cast, query)
    assert shown in text
    assert hidden not in text


def test_every_kind_of_thing_that_happens_can_be_chosen(app: Flask, cast: Cast) -> None:
    text = page(app, cast)
    for sort in Sort:
        assert f'<option value="{sort.value}">' in text


def test_a_licence_key_is_shown_to_nobody(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        row = Asset(kind=AssetKind.LICENCE, name="Tekstverwerker", licence_key="AAAA-BBBB")
        db.session().add(row)
        db.session().flush()
        row.licence_key = "CCCC-DDDD"
    text = page(app, cast)
    assert "Licence key" in text
    assert "AAAA" not in text
    assert "CCCC" not in text


def test_an_erased_entry_says_so_and_names_nobody(app: Flask, cast: Cast) -> None:
    actor = Actor(cast.editor.id, "Iemand die weg wil", "editor")
    with app.app_context(), scoped(whole(cast.bakery.id, actor)):
        db.session().add(Contact(name="Geheime contactpersoon"))
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        last = db.session().scalar(sa.select(sa.func.max(TrailEntry.seq)))
    assert last is not None
    by = erase(app, cast.bakery, [last])
    text = page(app, cast)
    assert f"Personal data was erased here; line {by} tells of it" in text
    assert "Iemand die weg wil" not in text
    assert "Geheime contactpersoon" not in text


def test_who_may_not_read_the_trail_sees_neither_page_nor_link(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.editor)
    assert visitor.get("/o/bakery/trail/").status_code == 403
    assert visitor.post("/o/bakery/trail/").status_code == 403
    assert "/o/bakery/trail/" not in visitor.get("/o/bakery/settings").get_data(as_text=True)
    assert Visitor(app, cast.stranger).get("/o/bakery/trail/").status_code == 404


def test_the_workbook_holds_every_line_that_passes_the_filters(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    fill(app, cast.bakery, 3)
    visitor = Visitor(app, cast.owner)
    answer = visitor.post("/o/bakery/trail/", {"subject": "asset"})
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    lines = list(book["Trail"].iter_rows(min_row=2, values_only=True))
    assert [line[0] for line in lines] == [6, 5, 4]
    assert lines[0][5] == "Waarborg added: Inventory record “Kast 2”"
    facts = {str(row[0]): str(row[1]) for row in book["About this workbook"].iter_rows(min_row=2, values_only=True)}
    with scope_of(cast.bakery):
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "trail.exported")).one()
        assert (entry.actor, entry.changes["lines"]) == (cast.owner.name, 3)
        assert facts["SHA-256 of the data"] == entry.changes["sha256"]
        newest = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.seq == 6)).one()
        assert facts["End of the chain when it was made"] == f"6 {newest.link.hex()}"
        assert lines[0][-1] == newest.link.hex()


def test_everything_that_can_change_has_a_name() -> None:
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if not issubclass(model, TenantOwned) or not model.__trailed__:
            continue
        table = str(model.__tablename__)  # type: ignore[attr-defined]
        assert table in KIND_LABELS
        columns = {column.key for column in mapper.column_attrs} - {"tenant_id", "id", "version"}
        assert columns <= set(COLUMN_LABELS) | UNNAMED, table


def test_every_sentence_can_be_filled_in(app: Flask) -> None:
    with app.test_request_context():
        for action, text in EVENT_TEXTS.items():
            assert "Jan" in str(text) % {"who": "Jan", "name": "Kast"}, action
