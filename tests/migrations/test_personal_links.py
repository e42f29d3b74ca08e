"""The step that brings personal links and the day plan: down and up with rows in every table it touches."""

import sqlalchemy as sa
from flask import Flask

from core import clock, db, migrating
from core.i18n import Language
from core.ids import new_id
from plans.models import Contact, RecoveryStep, RecoveryStepNeed
from tenants import links
from tenants.models import LinkPurpose, MailedLink, PlanLink, Topic
from tenants.scope import scoped, whole
from tests.cast import Cast


def fill(app: Flask, owner: int) -> None:
    """Have two steps, one after the other, and two links out."""
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


def test_steps_and_other_links_outlive_going_down_and_up(own_app: Flask, cast: Cast) -> None:
    fill(own_app, cast.bakery.id)
    with own_app.app_context():
        migrating.downgrade("0011")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        steps = db.session().execute(sa.select(RecoveryStep.text, RecoveryStep.minutes).order_by(RecoveryStep.position))
        assert [tuple(step) for step in steps] == [("Call", None), ("Restore", None)]
        assert db.session().scalars(sa.select(MailedLink.purpose)).all() == [LinkPurpose.INVITATION]
        assert db.session().scalars(sa.select(PlanLink.id)).all() == []
