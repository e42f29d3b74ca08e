"""Step 0075 seals the addresses of mail and of mailed links, and back."""

from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask

from core import clock, db, mail, migrating
from core.i18n import Language
from core.mail.outbox import OutboxMail
from tenants import links
from tenants.models import LinkPurpose, MailedLink
from tests.confidential.planting import bytes_on_disk
from tests.conftest import Stable

WRITTEN, INVITED = "Gerda@elders.example", "nieuw@elders.example"


def test_addresses_are_sealed_on_the_way_up_and_plain_on_the_way_down(own_app: Flask, stable: Stable) -> None:
    with own_app.app_context():
        db.begin(writes=True)
        mail.queue(to=WRITTEN, subject="Uitnodiging", text="Welkom", language=Language.DUTCH, kind="client_invitation")
        links.make(LinkPurpose.CLIENT, about=uuid4(), email=INVITED, at=clock.now())
        links.make(LinkPurpose.PLAN, about=uuid4(), email="", at=clock.now())
        db.commit()
    with own_app.app_context():
        migrating.downgrade("0076")
    plain = kept(own_app, stable)
    assert WRITTEN.encode() in plain
    assert INVITED.encode() in plain
    with own_app.app_context():
        migrating.upgrade()
    sealed = kept(own_app, stable)
    assert WRITTEN.encode() not in sealed
    assert INVITED.encode() not in sealed
    with own_app.app_context():
        db.begin(writes=False)
        assert db.session().scalars(sa.select(OutboxMail.recipient)).all() == [WRITTEN]
        assert sorted(db.session().scalars(sa.select(MailedLink.email))) == ["", INVITED]
        assert mail.queued_since(WRITTEN.lower(), "client_invitation", clock.now() - timedelta(days=1)) == 1
        assert sorted(map(bool, db.session().scalars(sa.select(MailedLink.email_mark)))) == [False, True]


def kept(app: Flask, stable: Stable) -> bytes:
    with app.app_context():
        db.engine().dispose()  # SQLite empties its log when the last connection closes
    return bytes_on_disk(app, stable)
