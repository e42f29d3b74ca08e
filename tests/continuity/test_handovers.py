"""What is handed over to the foundation: items, deliveries, and what makes them stale at once."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
import sqlalchemy as sa

from continuity.models import DeliveryWay, HandoverDelivery, HandoverItem, HandoverProof
from core import db
from tenants.models import TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import PDF, TODAY, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
ITEM = {"kind": "login", "label": "VPN", "required": "y", "max_age_days": "30", "version": "1"}
DELIVERY = {"delivered_on": "2026-11-21", "delivered_by": "S. Owner", "specification": "Envelope 15.", "version": "1"}


def item(item_id: object) -> HandoverItem:
    """Return an item in the open scope."""
    return db.session().scalars(sa.select(HandoverItem).where(HandoverItem.id == item_id)).one()


def test_item_is_added_changed_and_put_away(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    assert editor.post(f"{world.path}/handovers/new", ITEM).status_code == 302
    assert "VPN" in editor.get(f"{world.path}/handovers").get_data(as_text=True)
    path = f"{world.path}/handovers/{world.item_id}"
    assert editor.post(f"{path}/edit", {**ITEM, "label": "Servers"}).status_code == 302
    assert editor.post(f"{path}/edit", ITEM).status_code == 409
    assert editor.post(f"{path}/archive").status_code == 302
    assert editor.get(path).status_code == 404
    assert editor.post(f"{path}/restore").status_code == 302
    assert "Servers" in editor.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "days", "status"),
    [
        pytest.param("document", "90", 302, id="longest for a document"),
        pytest.param("document", "91", 422, id="too old a document"),
        pytest.param("login", "30", 302, id="longest for a login"),
        pytest.param("login", "31", 422, id="too old a login"),
        pytest.param("information", "31", 422, id="too old information"),
        pytest.param("login", "1", 302, id="tightened"),
        pytest.param("login", "0", 422, id="no day"),
        pytest.param("login", "x", 422, id="no number"),
        pytest.param("secret", "30", 422, id="no such kind"),
    ],
)
def test_age_may_be_tightened_and_never_loosened(
    world: World, visitor: Visitors, kind: str, days: str, status: int
) -> None:
    sent = {**ITEM, "kind": kind, "max_age_days": days}
    assert visitor(world.editor).post(f"{world.path}/handovers/new", sent).status_code == status


def test_usual_items_are_added_once(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    editor = visitor(world.editor)
    count = sa.select(sa.func.count(HandoverItem.id)).where(HandoverItem.registration_id == world.registration_id)
    with scope_of(cast.supplier):
        before = db.session().scalar(count)
        row = db.session().scalars(sa.select(HandoverItem).where(HandoverItem.label == "Domain names and DNS")).one()
        row.label = "Something of our own"
    for _again in range(2):
        assert editor.post(f"{world.path}/handovers/proposed").status_code == 302
    with scope_of(cast.supplier):
        assert db.session().scalar(count) == (before or 0) + 1


def test_delivery_is_a_new_version_that_waits_for_the_foundation(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/handovers/{world.item_id}"
    assert editor.post(f"{path}/deliver", DELIVERY).status_code == 302
    page = editor.get(path).get_data(as_text=True)
    assert "Envelope 15." in page
    assert "Waits for the foundation" in page
    with scope_of(cast.supplier):
        query = sa.select(HandoverDelivery).where(HandoverDelivery.handover_item_id == world.item_id)
        rows = db.session().scalars(query.order_by(HandoverDelivery.number)).all()
        assert [(row.number, row.confirmed_on) for row in rows] == [(1, None), (2, None)]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        pytest.param("specification", "", id="nothing said of what is in it"),
        pytest.param("specification", "  \n ", id="blanks"),
        pytest.param("specification", "x" * 2001, id="too long"),
        pytest.param("delivered_by", "", id="by nobody"),
        pytest.param("delivered_on", "", id="no day"),
        pytest.param("delivered_on", "2026-11-23", id="tomorrow"),
        pytest.param("delivered_on", "2026-11-01", id="before the last delivery"),
    ],
)
def test_wrong_delivery_is_told_at_the_field(world: World, visitor: Visitors, field: str, typed: str) -> None:
    path = f"{world.path}/handovers/{world.item_id}/deliver"
    answer = visitor(world.editor).post(path, {**DELIVERY, field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_page_of_a_delivery_warns_against_secrets(world: World, visitor: Visitors) -> None:
    page = visitor(world.editor).get(f"{world.path}/handovers/{world.item_id}/deliver").get_data(as_text=True)
    assert "Never write a password" in page
    assert "Never write the password" in page


def test_change_makes_stale_at_once_until_the_next_delivery(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/handovers/{world.item_id}"
    assert editor.post(f"{path}/deliver", {**DELIVERY, "delivered_on": TODAY.isoformat()}).status_code == 302
    assert editor.post(f"{path}/changed").status_code == 302
    with scope_of(cast.supplier):
        assert item(world.item_id).changed_on == TODAY
    assert "Changed since it was handed over" in editor.get(path).get_data(as_text=True)
    again = {**DELIVERY, "delivered_on": TODAY.isoformat(), "version": "2"}
    assert editor.post(f"{path}/deliver", again).status_code == 302
    with scope_of(cast.supplier):
        assert item(world.item_id).changed_on is None
    assert "Waits for the foundation" in editor.get(path).get_data(as_text=True)


def test_delivery_that_is_sent_twice_counts_once(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/handovers/{world.item_id}/deliver"
    assert editor.post(path, DELIVERY).status_code == 302
    answer = editor.post(path, {**DELIVERY, "specification": "Envelope 16."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<dd>Envelope 15.</dd>" in page
    assert "Envelope 16." in page
    assert 'name="version" type="hidden" value="2"' in page


def test_delivery_dated_before_the_change_stays_stale(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/handovers/{world.item_id}"
    assert editor.post(f"{path}/changed").status_code == 302
    assert editor.post(f"{path}/deliver", DELIVERY).status_code == 302
    with scope_of(cast.supplier):
        assert item(world.item_id).changed_on == date(2026, 11, 22)


def test_document_that_is_no_secret_is_kept_and_reaches_the_foundation(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    supplier = visitor(cast.supplier_owner)
    path = f"{world.path}/handovers/{world.item_id}/deliver"
    sent = {**DELIVERY, "document": (io.BytesIO(PDF), "../handboek.pdf")}
    refused = supplier.post(path, sent)
    assert refused.status_code == 422
    assert "This is a secret" in refused.get_data(as_text=True)
    with scope_of(cast.supplier):
        item(world.item_id).secret = False
    sent = {**DELIVERY, "document": (io.BytesIO(PDF), "../handboek.pdf")}
    assert supplier.post(path, sent).status_code == 302
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(HandoverDelivery).where(HandoverDelivery.file_size == len(PDF))).one()
        assert (row.way, row.file_name) == (DeliveryWay.STORED, "handboek.pdf")
        delivery_id = row.id
    officer = visitor(cast.foundation_owner)
    assert officer.get(f"{world.registrant_path}/deliveries/{delivery_id}/file").get_data() == PDF
    mine = f"{world.path}/handovers/{world.item_id}/deliveries"
    assert supplier.get(f"{mine}/{delivery_id}/file").get_data() == PDF
    assert supplier.get(f"{mine}/{world.delivery_id}/file").status_code == 404


def test_what_happened_makes_every_item_it_touches_stale(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    editor, path = visitor(world.editor), f"{world.path}/handovers/changes"
    assert editor.post(path, {"kind": "person-left"}).status_code == 422
    assert editor.post(path, {"kind": "person-left", "items": str(cast.foundation_owner.id)}).status_code == 422
    sent = {"kind": "person-left", "what": "De beheerder", "items": str(world.item_id)}
    assert editor.post(path, sent).status_code == 302
    assert "Somebody left who knew it" in editor.get(f"{world.path}/handovers/{world.item_id}").get_data(as_text=True)
    with scope_of(cast.supplier):
        touched = [row.id for row in db.session().scalars(sa.select(HandoverItem)) if row.changed_on]
        assert touched == [world.item_id]
        told = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "handover.changes")).one()
        assert told.changes["kind"] == "person-left"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({}, 302, id="all told"),
        pytest.param({"kind": ""}, 422, id="nothing was tried"),
        pytest.param({"note": " "}, 422, id="not told how"),
        pytest.param({"proved_on": "2026-11-23"}, 422, id="tomorrow"),
        pytest.param({"proved_on": "2026-11-01"}, 422, id="before the delivery"),
    ],
)
def test_what_the_foundation_tried_is_recorded(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, changes: dict[str, str], status: int
) -> None:
    sent = {"kind": "login", "proved_on": "2026-11-20", "proved_by": "F. Owner", "note": "Watched.", **changes}
    path = f"{world.registrant_path}/deliveries/{world.delivery_id}/proofs"
    assert visitor(cast.foundation_owner).post(path, sent).status_code == status
    with scope_of(cast.supplier):
        assert len(db.session().scalars(sa.select(HandoverProof)).all()) == (status == 302)
