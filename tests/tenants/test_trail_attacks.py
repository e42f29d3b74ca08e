"""Whatever is done to the rows of the trail behind the service's back is found, and the first row of it named."""

from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from tenants.models import AccountEvent, TrailEntry, TrailHead
from tenants.trail.verifying import ERASURE, Fault
from tests.cast import Cast
from tests.tenants.trail_attacks import (
    anchored,
    as_owner,
    attack,
    broken,
    erase,
    fill,
    owner_rows,
    put_back,
    sign_in,
    verdict_on,
)

ENTRY, EVENT, HEAD = (cast(sa.Table, model.__table__) for model in (TrailEntry, AccountEvent, TrailHead))
OTHER_ID = UUID("01a1c9a0-0000-7000-8000-000000000000")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# Another value for each column, and what is found then. `changes` is done apart: it is sealed.
OTHER = {
    "id": (OTHER_ID, Fault.UNLINKED),
    "at": (LONG_AGO, Fault.UNLINKED),
    "role": ("reader", Fault.UNLINKED),
    "via": ("Draadwerk IT", Fault.UNLINKED),
    "request_id": ("another", Fault.UNLINKED),
    "action": ("deleted", Fault.UNLINKED),
    "subject": ("contact", Fault.UNLINKED),
    "subject_id": (OTHER_ID, Fault.UNLINKED),
    "user_id": ("owner", Fault.ALTERED),
    "actor": ("Iemand Anders", Fault.ALTERED),
    "label": ("Een andere kast", Fault.ALTERED),
    "salt": (bytes(16), Fault.ALTERED),
    "digest": (bytes(32), Fault.UNLINKED),
    "link": (bytes(32), Fault.UNLINKED),
    "erased_by": (99, Fault.NOT_ERASED),
}
APART = {"tenant_id", "seq", "changes"}


@pytest.fixture
def last(app: Flask, cast: Cast) -> int:
    """Fill the bakery's chain; return the number of its newest entry."""
    fill(app, cast.bakery, 6)
    verdict = verdict_on(app, "bakery")
    assert verdict.broken is None
    assert verdict.entries >= 9
    return verdict.entries


def at(cast: Cast, seq: int) -> sa.ColumnElement[bool]:
    return sa.and_(ENTRY.c.tenant_id == cast.bakery.id, ENTRY.c.seq == seq)


def test_every_column_is_attacked() -> None:
    assert {column.name for column in ENTRY.columns} == set(OTHER) | APART
    assert {column.name for column in EVENT.columns} <= set(OTHER) | APART


@pytest.mark.parametrize("column", OTHER)
def test_an_altered_column_is_found(app: Flask, cast: Cast, last: int, column: str) -> None:
    value, fault = OTHER[column]
    chosen = cast.stranger.id if value == "owner" else value
    attack(app, sa.update(ENTRY).where(at(cast, 5)).values({column: chosen}))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (5, fault)


def test_the_content_of_another_entry_in_its_place_is_found(app: Flask, cast: Cast, last: int) -> None:
    sealed = {row.seq: row.changes for row in owner_rows(app, cast.bakery)}
    attack(app, sa.update(ENTRY).where(at(cast, 5)).values(changes=sa.literal(sealed[6], sa.LargeBinary())))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (5, Fault.ALTERED)


@pytest.mark.parametrize("content", [b"", b"\x01 nothing that opens"])
def test_content_that_is_gone_or_does_not_open_is_found(app: Flask, cast: Cast, last: int, content: bytes) -> None:
    attack(app, sa.update(ENTRY).where(at(cast, 5)).values(changes=sa.literal(content, sa.LargeBinary())))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (5, Fault.ALTERED)


def test_a_row_removed_from_the_middle_is_found(app: Flask, cast: Cast, last: int) -> None:
    attack(app, sa.delete(ENTRY).where(at(cast, 4)))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (4, Fault.MISSING)


def test_a_row_removed_and_the_rest_numbered_anew_is_found(app: Flask, cast: Cast, last: int) -> None:
    with as_owner(app) as connection:
        connection.execute(sa.delete(ENTRY).where(at(cast, 4)))
        for seq in range(5, last + 1):
            connection.execute(sa.update(ENTRY).where(at(cast, seq)).values(seq=seq - 1))
        connection.execute(sa.update(HEAD).where(HEAD.c.chain == cast.bakery.id).values(seq=last - 1))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (4, Fault.UNLINKED)


def test_the_first_row_removed_is_found(app: Flask, cast: Cast, last: int) -> None:
    attack(app, sa.delete(ENTRY).where(at(cast, 1)))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (1, Fault.MISSING)


def test_rows_cut_off_the_end_are_found(app: Flask, cast: Cast, last: int) -> None:
    attack(app, sa.delete(ENTRY).where(ENTRY.c.tenant_id == cast.bakery.id, ENTRY.c.seq > last - 2))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (last - 1, Fault.CUT_OFF)


def test_a_chain_taken_away_but_for_its_head_is_found(app: Flask, cast: Cast, last: int) -> None:
    attack(app, sa.delete(ENTRY).where(ENTRY.c.tenant_id == cast.bakery.id))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (1, Fault.CUT_OFF)


def test_two_rows_in_each_others_place_are_found(app: Flask, cast: Cast, last: int) -> None:
    with as_owner(app) as connection:
        for seq, to in ((4, 1000), (5, 4), (1000, 5)):
            connection.execute(sa.update(ENTRY).where(at(cast, seq)).values(seq=to))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (4, Fault.UNLINKED)


def test_a_row_put_in_at_the_end_is_found_with_and_without_its_head(app: Flask, cast: Cast, last: int) -> None:
    copy = {**owner_rows(app, cast.bakery)[-1]._mapping, "id": OTHER_ID, "seq": last + 1}
    copy["changes"] = sa.literal(copy["changes"], sa.LargeBinary())
    attack(app, sa.insert(ENTRY).values(copy))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (last + 1, Fault.UNLINKED)
    attack(app, sa.update(HEAD).where(HEAD.c.chain == cast.bakery.id).values(seq=last + 1))
    assert broken(app, "bakery") == found


def test_a_row_put_in_the_middle_is_found(app: Flask, cast: Cast, last: int) -> None:
    rows = owner_rows(app, cast.bakery)
    copy = {**rows[2]._mapping, "id": OTHER_ID, "seq": 4}
    copy["changes"] = sa.literal(copy["changes"], sa.LargeBinary())
    with as_owner(app) as connection:
        for seq in range(last, 3, -1):
            connection.execute(sa.update(ENTRY).where(at(cast, seq)).values(seq=seq + 1))
        connection.execute(sa.insert(ENTRY).values(copy))
        connection.execute(sa.update(HEAD).where(HEAD.c.chain == cast.bakery.id).values(seq=last + 1))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (4, Fault.UNLINKED)


def test_rows_of_two_organisations_in_each_others_place_are_found(app: Flask, cast: Cast, last: int) -> None:
    fill(app, cast.other, 6)
    with as_owner(app) as connection:
        for of, to in ((cast.bakery.id, cast.foundation.id), (cast.other.id, cast.bakery.id)):
            seq = 5 if to == cast.bakery.id else 1005
            chosen = sa.and_(ENTRY.c.tenant_id == of, ENTRY.c.seq == 5)
            connection.execute(sa.update(ENTRY).where(chosen).values(tenant_id=to, seq=seq))
        chosen = sa.and_(ENTRY.c.tenant_id == cast.foundation.id, ENTRY.c.seq == 1005)
        connection.execute(sa.update(ENTRY).where(chosen).values(tenant_id=cast.other.id, seq=5))
    for slug in ("bakery", "other"):
        found = broken(app, slug)
        assert found is not None
        assert (found.seq, found.fault) == (5, Fault.UNLINKED)


def test_a_whole_chain_under_another_organisation_is_found(app: Flask, cast: Cast, last: int) -> None:
    with as_owner(app) as connection:
        connection.execute(sa.delete(ENTRY).where(ENTRY.c.tenant_id == cast.other.id))
        connection.execute(sa.delete(HEAD).where(HEAD.c.chain == cast.other.id))
        connection.execute(sa.update(ENTRY).where(ENTRY.c.tenant_id == cast.bakery.id).values(tenant_id=cast.other.id))
        connection.execute(sa.update(HEAD).where(HEAD.c.chain == cast.bakery.id).values(chain=cast.other.id))
    found = broken(app, "other")
    assert found is not None
    assert (found.seq, found.fault) == (1, Fault.UNLINKED)


def test_a_head_that_was_altered_is_found(app: Flask, cast: Cast, last: int) -> None:
    ours = HEAD.c.chain == cast.bakery.id
    attack(app, sa.update(HEAD).where(ours).values(link=bytes(32)))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (last, Fault.OTHER_HEAD)
    attack(app, sa.update(HEAD).where(ours).values(seq=last - 1))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (last - 1, Fault.HEADLESS)
    attack(app, sa.delete(HEAD).where(ours))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (0, Fault.HEADLESS)


def test_rows_put_back_with_their_head_are_found_by_an_anchor_alone(app: Flask, cast: Cast, last: int) -> None:
    known = anchored(app)
    put_back(app, cast.bakery, last - 3)
    assert broken(app, "bakery") is None
    found = broken(app, "bakery", known)
    assert found is not None
    assert (found.seq, found.fault) == (last - 2, Fault.CUT_OFF)
    assert found.anchor


def test_a_history_written_anew_after_that_is_found_by_the_anchor(app: Flask, cast: Cast, last: int) -> None:
    known = anchored(app)
    put_back(app, cast.bakery, last - 3)
    fill(app, cast.bakery, 8)
    assert broken(app, "bakery") is None
    found = broken(app, "bakery", known)
    assert found is not None
    assert (found.seq, found.fault) == (last, Fault.NOT_ANCHORED)


def test_an_organisation_that_is_gone_altogether_is_found_by_an_anchor(app: Flask, cast: Cast, last: int) -> None:
    known = anchored(app)
    with as_owner(app) as connection:
        connection.execute(sa.delete(ENTRY).where(ENTRY.c.tenant_id == cast.bakery.id))
        connection.execute(sa.delete(HEAD).where(HEAD.c.chain == cast.bakery.id))
    assert broken(app, "bakery") is None
    found = broken(app, "bakery", known)
    assert found is not None
    assert (found.seq, found.fault) == (1, Fault.CUT_OFF)


def test_an_anchor_of_an_earlier_day_fits_the_chain_that_went_on(app: Flask, cast: Cast, last: int) -> None:
    known = anchored(app)
    fill(app, cast.bakery, 3)
    verdict = verdict_on(app, "bakery", known)
    assert (verdict.broken, verdict.entries) == (None, last + 3)


def test_an_erased_entry_is_in_order_when_a_later_one_tells_of_it(app: Flask, cast: Cast, last: int) -> None:
    by = erase(app, cast.bakery, [5, 6])
    verdict = verdict_on(app, "bakery")
    assert (verdict.broken, verdict.erased, verdict.entries) == (None, 2, by)


def test_an_entry_emptied_beside_those_that_were_erased_is_found(app: Flask, cast: Cast, last: int) -> None:
    by = erase(app, cast.bakery, [5])
    empty = {"erased_by": by, "actor": "", "user_id": None, "salt": None}
    attack(app, sa.update(ENTRY).where(at(cast, 3)).values(empty))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (3, Fault.NOT_ERASED)


def test_an_entry_emptied_for_an_entry_of_another_kind_is_found(app: Flask, cast: Cast, last: int) -> None:
    attack(app, sa.update(ENTRY).where(at(cast, 3)).values(erased_by=last))
    found = broken(app, "bakery")
    assert found is not None
    assert (found.seq, found.fault) == (3, Fault.NOT_ERASED)
    assert ERASURE not in {row.action for row in owner_rows(app, cast.bakery)}


def test_the_chain_of_accounts_is_kept_as_the_others_are(app: Flask, cast: Cast) -> None:
    for _ in range(4):
        sign_in(app, cast.owner)
    assert verdict_on(app, "accounts").entries == 4
    second = EVENT.c.seq == 2
    with as_owner(app) as connection:
        before = connection.execute(sa.select(EVENT).where(second)).one()
    for column, (value, fault) in OTHER.items():
        if column not in EVENT.c:
            continue
        chosen = cast.stranger.id if value == "owner" else value
        attack(app, sa.update(EVENT).where(second).values({column: chosen}))
        found = broken(app, "accounts")
        assert found is not None, column
        assert (found.seq, found.fault) == (2, fault), column
        attack(app, sa.update(EVENT).where(EVENT.c.seq == 2).values({column: before._mapping[column]}))
    attack(app, sa.update(EVENT).where(second).values(changes={"address": "192.0.2.1"}))
    found = broken(app, "accounts")
    assert found is not None
    assert (found.seq, found.fault) == (2, Fault.ALTERED)
    attack(app, sa.delete(EVENT).where(EVENT.c.seq == 4))
    attack(app, sa.update(EVENT).where(second).values(changes=before.changes))
    found = broken(app, "accounts")
    assert found is not None
    assert (found.seq, found.fault) == (4, Fault.CUT_OFF)
