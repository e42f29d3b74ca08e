"""The example: a bakery with a plan that is two thirds complete, its IT supplier, a foundation, a bankrupt supplier."""

from contextlib import AbstractContextManager
from datetime import date

import sqlalchemy as sa

from core import db
from sample import auditor, bakery, foundation, kabelrijk, netvast, officers, sealed
from sample.days import Days
from sample.netvast import answers, clients, hosting
from sample.organisations import BAKERY, BANKRUPT, EXAMPLE, FOUNDATION, SUPPLIER, Organisation, add, add_people, inside
from sample.signins import SampleRefused, SampleSignIns
from tenants import services
from tenants.models import Role, Tenant, User
from tenants.scope import close_scope

# What nobody's password may lean on; a new one is drawn for all of them together.
NAMES = (
    auditor.NAME,
    auditor.EMAIL,
    *(text for organisation in EXAMPLE for person in organisation.people for text in (person.name, person.email)),
)


def fill_example(*, today: date, password: str) -> SampleSignIns:
    """Add the example and its people in one transaction, and commit. The audit has not judged them yet.

    today: the day everything is dated from, in Europe/Amsterdam; password: of all people of the example.
    Raises SampleRefused when an organisation or a person of the example exists already.
    """
    days = Days(today)
    db.begin(writes=True)
    try:
        services.serialise_set_up()
        _refuse_twice()
        ids = {organisation.slug: add(organisation, days) for organisation in EXAMPLE}
        people = []
        for organisation in EXAMPLE:
            with inside(ids[organisation.slug], "Waarborg", Role.OWNER):
                people.extend(add_people(organisation, password, days))
        with _as(BAKERY, ids, Role.EDITOR):
            bakery.fill(days)
        with _as(BAKERY, ids, Role.OWNER):
            people.append(auditor.fill(days, password))
        with _as(SUPPLIER, ids, Role.EDITOR):
            netvast.fill(days, ids[FOUNDATION.slug])
        with _as(FOUNDATION, ids, Role.OWNER):
            foundation.fill(days)
            keys = [(row.name, row.recipient, row.fingerprint) for row in officers.make_keys(days)]
        with _as(SUPPLIER, ids, Role.EDITOR):
            officers.compare(keys, ids[FOUNDATION.slug], days)
            sealed.seal(keys, ids[FOUNDATION.slug], days)
        _bankrupt(ids, days)
        clients.fill(days, ids, ids[SUPPLIER.slug])
        with _as(SUPPLIER, ids, Role.EDITOR):
            client_id = answers.show_at_supplier(ids[BAKERY.slug], days)
        with _as(BAKERY, ids, Role.OWNER):
            answers.show_at_client(ids[SUPPLIER.slug], client_id, hosting.SERVICE, days)
        db.commit()
    finally:
        db.rollback()
        close_scope()
    return SampleSignIns(tuple(ids.values()), tuple(people), password)


def _bankrupt(ids: dict[str, int], days: Days) -> None:
    """Add the supplier whose scheme runs; what the foundation did there stands in its name."""
    there = ids[BANKRUPT.slug]
    with inside(there, kabelrijk.OWNER, Role.OWNER):
        registration_id = kabelrijk.register(days, ids[FOUNDATION.slug])
    with inside(there, foundation.SECRETARY, Role.OWNER):
        kabelrijk.trigger(registration_id, days)


def _as(organisation: Organisation, ids: dict[str, int], role: Role) -> AbstractContextManager[None]:
    who = next(person for person in organisation.people if person.role is role)
    return inside(ids[organisation.slug], who.name, role)


def _refuse_twice() -> None:
    slugs = [organisation.slug for organisation in EXAMPLE]
    taken = db.session().scalar(sa.select(Tenant.name).where(Tenant.slug.in_(slugs)).limit(1))
    if taken is not None:
        raise SampleRefused(f"The sample is there already: an organisation {taken} exists.")
    emails = [person.email for organisation in EXAMPLE for person in organisation.people]
    used = db.session().scalar(sa.select(User.email).where(User.email.in_(emails)).limit(1))
    if used is not None:
        raise SampleRefused(f"The sample is there already: somebody signs in as {used}.")
