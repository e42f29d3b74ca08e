"""Who gave NetVast access: the bakery, and clients of its hosting with believable plans of their own."""

from datetime import timedelta

import sqlalchemy as sa

from core import db
from sample.believable import Founding, made
from sample.believable.rows import Rows
from sample.bulk import insert
from sample.days import Days
from sample.organisations import BAKERY, CLIENTS, SUPPLIER, inside
from tenants.lock import mark_changed
from tenants.models import ClientInvitation, GrantLevel, ManagementGrant, Role, User

SEED = 20
ASSETS = 8
# How far each lets NetVast go: level, plan, continuity, since how many days.
GIVEN = {
    BAKERY.slug: (GrantLevel.EDIT, True, True, 320),
    "fietsenwinkel-de-ketting": (GrantLevel.EDIT, True, False, 210),
    "tandartspraktijk-haagdijk": (GrantLevel.EDIT, True, True, 160),
    "notariskantoor-van-beek": (GrantLevel.VIEW, True, True, 90),
    "garage-mulder": (GrantLevel.EDIT, True, True, 45),
    "bloemenhuis-iris": (GrantLevel.VIEW, False, True, 12),
    "bouwbedrijf-jacobs": (GrantLevel.EDIT, True, True, 3),
}


def fill(days: Days, ids: dict[str, int], supplier_id: int) -> None:
    """Fill the clients' plans and let NetVast in; outside any scope. ids: of all organisations, by short name."""
    for number, client in enumerate(CLIENTS):
        founding = Founding(number, client.values.name, client.slug, client.values.kvk or "", client.values.kind)
        with inside(ids[client.slug], "Waarborg", Role.OWNER):
            rows = Rows()
            made(founding, ids[client.slug], rows, SEED, days, assets=ASSETS, foundation_id=None)
            insert(rows)
            mark_changed(db.session(), [ids[client.slug]])
    owner_id = db.session().scalars(sa.select(User.id).where(User.email == BAKERY.people[0].email)).one()
    for slug, (level, plan, continuity, since) in GIVEN.items():
        # The other clients have no people of their own here.
        giver = owner_id if slug == BAKERY.slug else None
        with inside(ids[slug], "Waarborg", Role.OWNER):
            db.session().add(
                ManagementGrant(
                    manager_id=supplier_id,
                    level=level,
                    plan=plan,
                    continuity=continuity,
                    starts_at=days.at(since),
                    given_by=giver,
                )
            )
    with inside(supplier_id, "Ruben Visser", Role.OWNER):
        _invited_bakery(days, ids[BAKERY.slug])


def _invited_bakery(days: Days, bakery_id: int) -> None:
    """Note that NetVast invited the bakery, under its KvK number, before it was let in."""
    level, plan, continuity, since = GIVEN[BAKERY.slug]
    accepted = days.at(since)
    inviter = db.session().scalars(sa.select(User.id).where(User.email == SUPPLIER.people[0].email)).one()
    db.session().add(
        ClientInvitation(
            name=BAKERY.values.name,
            kvk=BAKERY.values.kvk or "",
            email=BAKERY.people[0].email,
            level=level,
            plan=plan,
            continuity=continuity,
            invited_by=inviter,
            sent_at=accepted - timedelta(days=1),
            accepted_at=accepted,
            client_id=bakery_id,
        )
    )
