"""Opening a sealed delivery: who may take which step, what two officers pass on, and that nothing else gets out."""

import base64
import html
import io
import json
import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

import pyrage
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from continuity.errors import Refused
from continuity.models import (
    HandoverDelivery,
    HandoverOpening,
    OpeningGround,
    OpeningState,
    Registration,
    SchemeState,
    SealedTo,
)
from continuity.openings.jobs import lapse_openings
from continuity.openings.states import ENDS, TO_OPEN, TRANSITIONS, Act, Party, step
from continuity.openings.telling import tell_owners
from core import db
from core.i18n import Language
from core.mail import OutboxMail
from tenants.models import TrailEntry, User
from tests.cast import Cast
from tests.continuity.envelopes import Identity
from tests.continuity.vaults import PURPOSE, SECRET, Scoped, Vault, Visitors, asked, at_supplier
from tests.continuity.world import World
from tests.visitor import Visitor

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


S, A = OpeningState, Act
OFFICER, SUPPLIER, SERVICE = Party
# By hand, apart from the table in the code: (from, what, by) to the state it leads to. Source: rules 3.6 H8, H10.
ALLOWED = {
    (S.ASKED, A.WITHDRAW, OFFICER): S.WITHDRAWN,
    (S.ASKED, A.LAPSE, SERVICE): S.LAPSED,
    (S.ALLOWED, A.FIRST, OFFICER): S.HALF,
    (S.ALLOWED, A.WITHDRAW, OFFICER): S.WITHDRAWN,
    (S.ALLOWED, A.LAPSE, SERVICE): S.LAPSED,
    (S.HALF, A.SECOND, OFFICER): S.OPENED,
    (S.HALF, A.BACK, OFFICER): S.ALLOWED,
    (S.HALF, A.WITHDRAW, OFFICER): S.WITHDRAWN,
    (S.HALF, A.LAPSE, SERVICE): S.LAPSED,
    (S.OPENED, A.SECOND, OFFICER): S.OPENED,
    (S.OPENED, A.CLOSE, OFFICER): S.CLOSED,
    (S.OPENED, A.LAPSE, SERVICE): S.CLOSED,
}
# Where the supplier's leave is the ground it also decides, and may call it off until it is open.
BY_LEAVE = {
    (S.ASKED, A.AGREE, SUPPLIER): S.ALLOWED,
    (S.ASKED, A.REFUSE, SUPPLIER): S.REFUSED,
    (S.ALLOWED, A.WITHDRAW, SUPPLIER): S.WITHDRAWN,
    (S.HALF, A.WITHDRAW, SUPPLIER): S.WITHDRAWN,
}


@pytest.mark.once
def test_only_the_steps_of_the_table_exist_for_each_party_and_ground() -> None:
    assert len(TRANSITIONS) == len(ALLOWED) + len(BY_LEAVE)
    for state, act, party, ground in product(OpeningState, Act, Party, OpeningGround):
        row = HandoverOpening(state=state, ground=ground, until=NOW + timedelta(seconds=1), half_secret="half")
        known = ALLOWED | BY_LEAVE if ground is OpeningGround.AGREEMENT else ALLOWED
        if (state, act, party) in known:
            assert step(row, act, party, at=NOW) is row.state is known[state, act, party]
            assert (row.ended_at is not None) == (row.state in ENDS) == (row.half_secret == "")
        else:
            with pytest.raises(Refused):
                step(row, act, party, at=NOW)
            assert row.state is state


@pytest.mark.once
@pytest.mark.parametrize("one", [one for one in TRANSITIONS if one.act is not Act.LAPSE], ids=lambda one: one.act)
def test_step_comes_too_late_from_the_instant_it_lapses(one: object) -> None:
    row = HandoverOpening(state=one.source, ground=OpeningGround.AGREEMENT, until=NOW)  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        step(row, one.act, one.party, at=NOW)  # type: ignore[attr-defined]
    step(row, one.act, one.party, at=NOW - timedelta(microseconds=1))  # type: ignore[attr-defined]


def row_of(cast: Cast, scope_of: Scoped) -> HandoverOpening:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(HandoverOpening).order_by(HandoverOpening.id.desc())).first()
        assert row is not None
        db.session().expunge(row)
        return row


def declare(cast: Cast, world: World, scope_of: Scoped) -> None:
    """Put the scheme to work, as the pages of the trigger do."""
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = NOW.date(), SchemeState.TRIGGERED


def test_supplier_agrees_two_officers_open_and_nothing_is_left(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, vault: Vault
) -> None:
    first, second = visitor(vault.first.person), visitor(vault.second.person)
    supplier, editor = visitor(cast.supplier_owner), visitor(world.editor)
    assert first.post(f"{vault.path}/open", {"purpose": " "}).status_code == 422
    address = asked(first, vault)
    assert second.post(f"{vault.path}/open", {"purpose": PURPOSE}).status_code == 422  # two at once: one opening
    assert first.post(f"{address}/first", vault.passed_on).status_code == 422  # nobody agreed yet
    theirs = at_supplier(world, address)
    assert "asks to open 1 delivery" in supplier.get(f"{world.path}/handovers").get_data(as_text=True)
    assert editor.post(f"{theirs}/decide", {"agreed": "yes"}).status_code == 403
    assert PURPOSE in supplier.get(theirs).get_data(as_text=True)
    assert supplier.post(f"{theirs}/decide", {"agreed": "no", "reason": ""}).status_code == 422
    assert supplier.post(f"{theirs}/decide", {"agreed": "yes"}).status_code == 302
    assert supplier.post(f"{theirs}/decide", {"agreed": "no", "reason": "Late"}).status_code == 422
    layers = json.loads(html.unescape(_attribute(first, address, "data-layers")))
    assert pyrage.decrypt(layers[vault.second.fingerprint].encode(), [vault.first.identity]) == vault.layer
    for wrong in (
        {"second": vault.first.fingerprint},
        {"second": "0" * 32},
        {"half": "geheim van web-01"},
        {"half": base64.b64encode(b"AGE-SECRET-KEY-1" + b"Q" * 58).decode()},
        {"half": ""},
    ):
        assert first.post(f"{address}/first", {**vault.passed_on, **wrong}).status_code == 422
    assert second.post(f"{address}/first", vault.passed_on).status_code == 422  # sealed in the other order
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    assert first.post(f"{address}/first", vault.passed_on).status_code == 422
    assert first.post(f"{address}/second").status_code == 422
    assert first.post(f"{address}/back").status_code == 422
    assert second.post(f"{address}/back").status_code == 302
    assert row_of(cast, scope_of).half_secret == ""
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    half = _attribute(second, address, "data-half").encode()
    once = Identity.from_str(pyrage.decrypt(half, [vault.second.identity]).decode())
    for _attempt in ("once", "and again, because the connection broke"):
        taken = second.post(f"{address}/second")
        with tarfile.open(fileobj=io.BytesIO(taken.get_data())) as archive:
            body = archive.extractfile("body.age").read()  # type: ignore[union-attr]
        assert SECRET.encode() in pyrage.decrypt(body, [once])
    assert first.post(f"{address}/call-off").status_code == 422
    assert second.post(f"{address}/close", {"matched": "yes"}).status_code == 302
    assert second.post(f"{address}/second").status_code == 422
    row = row_of(cast, scope_of)
    assert (row.state, row.matched, row.half_secret) == (OpeningState.CLOSED, True, "")
    assert (row.first_by, row.second_by) == (vault.first.person.name, vault.second.person.name)
    assert "is what this page says" in supplier.get(theirs).get_data(as_text=True)
    with scope_of(cast.supplier):
        told = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "handover.revealed")).all()
        assert [one.user_id for one in told] == [vault.second.person.id] * 2
        assert told[0].changes["purpose"] == PURPOSE
        assert told[0].changes["label"] == "Administrators of the servers"
        every = json.dumps([one.changes for one in db.session().scalars(sa.select(TrailEntry))])
    assert "BEGIN AGE" not in every
    assert base64.b64encode(vault.layer).decode()[:60] not in every


def _attribute(visitor: Visitor, address: str, name: str) -> str:
    return visitor.get(address).get_data(as_text=True).split(f'{name}="')[1].split('"')[0]


def test_scheme_at_work_needs_no_leave_and_an_end_of_it_stops_the_opening(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, vault: Vault
) -> None:
    first, second = visitor(vault.first.person), visitor(vault.second.person)
    declare(cast, world, scope_of)
    address = asked(second, vault)
    assert row_of(cast, scope_of).ground is OpeningGround.ACTIVATION
    assert visitor(cast.supplier_owner).post(f"{at_supplier(world, address)}/take-back").status_code == 422
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = None, SchemeState.DRAFT
    assert second.post(f"{address}/second").status_code == 422
    assert second.post(f"{address}/call-off").status_code == 302
    assert row_of(cast, scope_of).half_secret == ""


def test_opening_lapses_and_can_be_asked_for_once_more(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, vault: Vault
) -> None:
    first = visitor(vault.first.person)
    address = asked(first, vault)
    theirs = at_supplier(world, address)
    assert visitor(cast.supplier_owner).post(f"{theirs}/decide", {"agreed": "yes"}).status_code == 302
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    with time_machine.travel(NOW + TO_OPEN, tick=False):
        second = visitor(vault.second.person)
        assert "data-half" not in second.get(address).get_data(as_text=True)
        assert second.post(f"{address}/second").status_code == 422
        assert asked(second, vault) != address
    with scope_of(cast.supplier):
        rows = db.session().scalars(sa.select(HandoverOpening).order_by(HandoverOpening.id)).all()
        assert [row.state for row in rows] == [OpeningState.LAPSED, OpeningState.ASKED]
        assert rows[0].half_secret == ""


def test_what_is_half_open_is_forgotten_in_the_night_after_it_lapsed_and_the_trail_tells(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, vault: Vault
) -> None:
    first = visitor(vault.first.person)
    declare(cast, world, scope_of)
    address = asked(first, vault)
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    ends = row_of(cast, scope_of).until
    with app.app_context():
        with time_machine.travel(ends - timedelta(seconds=1), tick=False):
            lapse_openings()
        assert row_of(cast, scope_of).half_secret
        with time_machine.travel(ends, tick=False):
            lapse_openings()
            lapse_openings()
    row = row_of(cast, scope_of)
    assert (row.state, row.ended_at, row.half_secret) == (OpeningState.LAPSED, ends, "")
    with scope_of(cast.supplier):
        query = sa.select(TrailEntry).where(TrailEntry.subject_id == row.id)
        told = [one for one in db.session().scalars(query) if one.at == ends]
        assert [one.changes["state"] for one in told] == [["half", "lapsed"]]


def test_officer_whose_key_ended_opens_nothing(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, vault: Vault
) -> None:
    first, second = visitor(vault.first.person), visitor(vault.second.person)
    declare(cast, world, scope_of)
    address = asked(first, vault)
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    with scope_of(cast.supplier):
        query = sa.select(SealedTo).where(SealedTo.fingerprint == vault.second.fingerprint)
        db.session().scalars(query).one().ended_at = NOW
    assert second.post(f"{address}/second").status_code == 422
    assert second.post(f"{address}/call-off").status_code == 302
    answer = first.post(f"{vault.path}/open", {"purpose": PURPOSE})
    assert "Fewer than two officers" in answer.get_data(as_text=True)


def test_owners_of_the_supplier_alone_are_told_when_it_is_asked_for_and_once_when_it_was_opened(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, vault: Vault
) -> None:
    first, second = visitor(vault.first.person), visitor(vault.second.person)
    with scope_of(cast.supplier):
        db.session().get_one(User, cast.supplier_owner.id).language = Language.DUTCH
    address = asked(first, vault)
    theirs = at_supplier(world, address)
    assert second.post(f"{vault.path}/open", {"purpose": PURPOSE}).status_code == 422
    (letter,) = letters_after(app, "opening_asked")
    assert (letter.recipient, letter.language) == (cast.supplier_owner.email, Language.DUTCH)
    assert letter.useful_until == row_of(cast, scope_of).until
    link = f"{app.config['SETTINGS'].base_url}{theirs}"
    for told in ("Administrators of the servers", PURPOSE, vault.first.person.name, link, cast.foundation.name):
        assert told in str(letter.text), told
    assert visitor(cast.supplier_owner).post(f"{theirs}/decide", {"agreed": "yes"}).status_code == 302
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    for _attempt in range(2):
        assert second.post(f"{address}/second").status_code == 200
        (letter,) = letters_after(app, "opening_done")
        assert letter.recipient == cast.supplier_owner.email
        for told in (vault.first.person.name, vault.second.person.name, PURPOSE, link):
            assert told in str(letter.text), told
    assert len(letters_after(app, "opening_asked")) == 1
    assert not any(word in str(letter.text) for word in (SECRET, "AGE", vault.second.fingerprint))


def letters_after(app: Flask, kind: str) -> Sequence[OutboxMail]:
    """Run the job and return the letters of this kind."""
    with app.app_context():
        tell_owners()
        db.begin(writes=False)
        try:
            found = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == kind)).all()
            db.session().expunge_all()
        finally:
            db.rollback()
        return found


def test_what_was_answered_before_the_letter_was_written_is_not_asked(
    app: Flask, cast: Cast, world: World, visitor: Visitors, vault: Vault
) -> None:
    first = visitor(vault.first.person)
    assert first.post(f"{asked(first, vault)}/call-off").status_code == 302
    assert letters_after(app, "opening_asked") == []


def test_what_is_not_sealed_is_not_opened(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, vault: Vault
) -> None:
    with scope_of(cast.supplier):
        query = sa.select(HandoverDelivery.id).where(
            HandoverDelivery.handover_item_id == world.item_id, HandoverDelivery.number == 1
        )
        unsealed = db.session().scalars(query).one()
    path = f"{world.registrant_path}/deliveries/{unsealed}/open"
    assert visitor(vault.first.person).post(path, {"purpose": PURPOSE}).status_code == 422
