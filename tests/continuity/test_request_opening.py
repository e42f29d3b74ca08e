"""Everybody who accepted is written to when the scheme is triggered: thousands together, each with its own link."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from continuity.models import Acceptance, Client, DeedInvitation
from continuity.requests.inviting import Fate, write_to
from core import clock, db
from core.mail.outbox import OutboxMail
from tests.cast import Cast
from tests.continuity.asking import owner_in, start
from tests.continuity.linked import LINK
from tests.continuity.world import EARLIER, Scoped, World
from tests.visitor import Visitor

Counting = Callable[[], AbstractContextManager[list[str]]]


def more_clients(world: World, number: int) -> None:
    """Add so many clients that accepted, on paper: they have no invitation yet."""
    made = [
        Client(registration_id=world.registration_id, name=f"Zaak {one}", email=f"zaak{one}@people.example")
        for one in range(number)
    ]
    db.session().add_all(made)
    db.session().flush()
    db.session().add_all(
        Acceptance(client_id=one.id, deed_version_id=world.deed_id, accepted_on=EARLIER, accepted_by="x")
        for one in made
    )
    db.session().flush()


def test_many_clients_are_written_to_by_as_many_statements_as_few(
    app: Flask, cast: Cast, world: World, scope_of: Scoped, count_queries: Counting
) -> None:
    counts = []
    with scope_of(cast.supplier):
        start(world, cast)
    for number in (3, 40):
        with scope_of(cast.supplier):
            more_clients(world, number)
            known = {row.id for row in db.session().scalars(sa.select(DeedInvitation))}
        with count_queries() as sent, scope_of(cast.supplier):
            fates = write_to(owner_in(world), None, by="One", at=clock.now(), rest=timedelta(hours=1))
        assert fates[Fate.SENT] == number
        assert fates[Fate.JUST_SENT] == len(known)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_each_client_gets_a_link_of_its_own_that_works_and_the_mail_is_known_to_its_invitation(
    app: Flask, cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        more_clients(world, 3)
    for again in range(2):
        with scope_of(cast.supplier):
            at = clock.now() + timedelta(minutes=again)
            write_to(owner_in(world), None, by="One", at=at, rest=timedelta(0))
    with scope_of(cast.supplier):
        rows = db.session().scalars(sa.select(DeedInvitation)).all()
        mails = {row.id: row for row in db.session().scalars(sa.select(OutboxMail))}
        assert len(rows) == 3
        assert {row.email for row in rows} == {mails[row.mail_id].recipient for row in rows if row.mail_id}
        newest = [LINK.search(mails[row.mail_id].text or "") for row in rows if row.mail_id]
        every = [LINK.search(mail.text or "") for mail in mails.values()]
    fresh = {found.group(1) for found in newest if found}
    old = {found.group(1) for found in every if found} - fresh
    assert (len(fresh), len(old)) == (3, 3)
    guest = Visitor(app)
    assert {guest.get(f"{one}/continuity/").status_code for one in fresh} == {200}
    assert {guest.get(f"{one}/continuity/").status_code for one in old} == {410}
