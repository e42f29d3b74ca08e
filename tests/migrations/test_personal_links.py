"""The step that brings personal links and the day plan: down and up with rows in every table it touches."""

from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app import create_app
from core import clock, db, migrating
from core.i18n import Language
from core.ids import new_id
from plans.models import Contact, RecoveryStep, RecoveryStepNeed
from tenants import links
from tenants.models import LinkPurpose, MailedLink, PlanLink, Topic
from tenants.scope import scoped, whole
from tests import cast as casting
from tests.conftest import Stable, settings_for


def fill(app: Flask) -> int:
    """Have two steps, one after the other, and two links out; return whose they are."""
    with app.app_context():
        owner = casting.build().bakery.id
    with app.app_context(), scoped(whole(owner)):
        henk = Contact(name="Henk")
        db.session().add(henk)
        db.session().flush()
        first = RecoveryStep(position=1, text="Call", minutes=15, contact_id=henk.id)
        second = RecoveryStep(position=2, text="Restore")
        db.session().add_all([first, second])
        db.session().flush()
        db.session().add(RecoveryStepNeed(step_id=second.id, needed_id=first.id))
        link = PlanLink(
            topic=Topic.TASK, subject_id=new_id(), fingerprint="0" * 64, label="Seat", name="Henk",
            email="henk@people.example", language=Language.DUTCH, sent_by="Fatima", sent_at=clock.now(),
        )  # fmt: skip
        db.session().add(link)
        db.session().flush()
        links.make(LinkPurpose.PLAN, about=link.id, email="", organisation_id=owner, at=clock.now())
        links.make(
            LinkPurpose.INVITATION, about=new_id(), email="x@people.example", organisation_id=owner, at=clock.now()
        )
    return owner


def test_steps_and_other_links_outlive_going_down_and_up(stable: Stable, tmp_path: Path) -> None:
    address, owner_address = stable.fresh("")
    app = create_app(settings_for(address, owner_address, tmp_path))
    try:
        with app.app_context():
            migrating.upgrade()
        owner = fill(app)
        with app.app_context():
            migrating.downgrade("0011")
            migrating.upgrade()
        with app.app_context(), scoped(whole(owner), writes=False):
            steps = db.session().execute(
                sa.select(RecoveryStep.text, RecoveryStep.minutes).order_by(RecoveryStep.position)
            )
            assert [tuple(step) for step in steps] == [("Call", None), ("Restore", None)]
            assert db.session().scalars(sa.select(MailedLink.purpose)).all() == [LinkPurpose.INVITATION]
            assert db.session().scalars(sa.select(PlanLink.id)).all() == []
    finally:
        with app.app_context():
            db.engine().dispose()
        stable.drop(address)
