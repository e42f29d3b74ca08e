"""Insert believable organisations in bulk: thousands of rows in a statement, one transaction for each batch."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.clock import DEFAULT_ZONE
from core.i18n import Language
from sample.believable.dice import Dice
from sample.believable.make import Founding, made, named
from sample.believable.rows import Rows
from sample.bulk import insert
from sample.days import Days
from sample.signins import SampleRefused, SampleSignIns, SignIn
from tenants.lock import Bypass, bypass, mark_changed
from tenants.models import GrantLevel, ManagementGrant, Membership, Role, Tenant, TenantKind, User
from tenants.scope import EVERY_AREA, Scope, close_scope, open_scope
from tenants.sign_in.passwords import hash_password

# Organisations in one transaction: some ten thousand rows, which is all that is in memory at a time.
BATCH = 50
# Somebody who looks after many organisations, as a reseller does.
LOOKS_AFTER = 200
# So many businesses let the first IT supplier in.
MANAGED = 400
NAME, EMAIL = "Robin de Vries", "sample@waarborg.example"
JOINED_DAYS_AGO = 400


def generate(
    *, tenants: int, seed: int, today: date, password: str, assets: int = 100, first: int | None = None
) -> SampleSignIns:
    """Add `tenants` believable organisations with `assets` inventory records each, and commit batch by batch.

    The same seed and day give the same rows. today: what their days are counted from; password: of the one person
    who may edit the first LOOKS_AFTER of them; first: how many records the first of them has instead. The audit has not
    judged them yet; they are marked as changed.
    Raises SampleRefused when organisations were generated here before.
    """
    days, ids, managed = Days(today), list[int](), 0
    person: UUID | None = None
    foundation_id: int | None = None
    manager_id: int | None = None
    foundings = [named(seed, number, days) for number in range(tenants)]
    for start in range(0, tenants, BATCH):
        batch = foundings[start : start + BATCH]
        db.begin(writes=True)
        try:
            person = person or _reseller(seed, password, days)
            known = _tenants(batch, days)
            ids.extend(known)
            foundation_id = _first(TenantKind.FOUNDATION, batch, known, foundation_id)
            manager_id = _first(TenantKind.IT_SUPPLIER, batch, known, manager_id)
            open_scope(Scope(frozenset(known), EVERY_AREA, EVERY_AREA))
            rows = Rows()
            for founding, tenant_id in zip(batch, known, strict=True):
                number = assets if first is None or founding.number else first
                made(founding, tenant_id, rows, seed, days, assets=number, foundation_id=foundation_id)
                if founding.number < LOOKS_AFTER:
                    _membership(rows, tenant_id, person, founding, seed, days)
            managed += _managed(rows, zip(batch, known, strict=True), manager_id, MANAGED - managed, seed, days)
            insert(rows)
            mark_changed(db.session(), known)
            db.commit()
        finally:
            db.rollback()
            close_scope()
    looked_after = f"the first {min(tenants, LOOKS_AFTER)} organisations"
    return SampleSignIns(tuple(ids), (SignIn(looked_after, foundings[0].slug, Role.EDITOR, NAME, EMAIL),), password)


def _reseller(seed: int, password: str, days: Days) -> UUID:
    """Add the person who looks after them. Raises SampleRefused when that person is there already."""
    if db.session().scalar(sa.select(User.id).where(User.email == EMAIL)) is not None:
        raise SampleRefused(f"Organisations were generated here before: somebody signs in as {EMAIL}.")
    user = User(
        id=Dice(f"{seed}/person", days).id(),
        email=EMAIL,
        name=NAME,
        password_hash=hash_password(password),
        created_at=days.at(JOINED_DAYS_AGO),
    )
    db.session().add(user)
    db.session().flush()
    return user.id


def _tenants(batch: Sequence[Founding], days: Days) -> list[int]:
    """Add the organisations and return their ids in the same order."""
    rows = [
        {
            "slug": founding.slug,
            "name": founding.name,
            "kind": founding.kind,
            "kvk": founding.kvk,
            "language": Language.DUTCH,
            "zone": DEFAULT_ZONE,
            "created_at": days.at(JOINED_DAYS_AGO),
        }
        for founding in batch
    ]
    db.session().execute(sa.insert(Tenant), rows, execution_options=bypass(Bypass.SAMPLE))
    query = sa.select(Tenant.slug, Tenant.id).where(Tenant.slug.in_([founding.slug for founding in batch]))
    ids = {row.slug: row.id for row in db.session().execute(query)}
    return [ids[founding.slug] for founding in batch]


def _first(kind: TenantKind, batch: Sequence[Founding], ids: Sequence[int], before: int | None) -> int | None:
    """Return the first organisation of this kind: the one there was before, else of this batch."""
    found = [one for one, founding in zip(ids, batch, strict=True) if founding.kind is kind]
    return before if before is not None or not found else found[0]


def _membership(rows: Rows, tenant_id: int, person: UUID, founding: Founding, seed: int, days: Days) -> None:
    joined = {"user_id": person, "role": Role.EDITOR, "starts_at": days.at(JOINED_DAYS_AGO)}
    rows.add(Membership, tenant_id, Dice(f"{seed}/{founding.number}/member", days), joined)


def _managed(
    rows: Rows,
    known: Iterable[tuple[Founding, int]],
    manager_id: int | None,
    most: int,
    seed: int,
    days: Days,
) -> int:
    """Let the first IT supplier manage businesses among `known`, so many at most; return how many."""
    if manager_id is None:
        return 0
    businesses = [(founding, tenant_id) for founding, tenant_id in known if founding.kind is TenantKind.BUSINESS]
    for founding, tenant_id in businesses[:most]:
        _grant(rows, tenant_id, manager_id, founding, seed, days)
    return len(businesses[:most])


def _grant(rows: Rows, tenant_id: int, manager_id: int, founding: Founding, seed: int, days: Days) -> None:
    """Let the first IT supplier manage this business: most all of it, some the plan alone, some only to look at."""
    dice = Dice(f"{seed}/{founding.number}/grant", days)
    given = {
        "manager_id": manager_id,
        "level": GrantLevel.EDIT if dice.chance(0.7) else GrantLevel.VIEW,
        "plan": True,
        "continuity": dice.chance(0.8),
        "starts_at": days.at(dice.number(10, JOINED_DAYS_AGO)),
    }
    rows.add(ManagementGrant, tenant_id, dice, given)
