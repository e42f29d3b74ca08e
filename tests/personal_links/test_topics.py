"""Every question of the plan that a link asks: it opens its own thing, can be revoked, and a look changes nothing."""

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from core.i18n import Language
from plans.backup import services as backup_services
from plans.backup.services import CopyValues
from plans.items import services as item_services
from plans.items.services import AnswerValues, SeatValues
from plans.models import CopyOf, ExternalParty, PartyKind
from plans.payments.agreements import AGREEMENTS
from plans.runbook import services as runbook_services
from plans.seats import TEAM_ITEM
from plans.staff import services as staff_services
from plans.staff.queries import POLICY
from tenants.models import PlanLink, Topic
from tenants.personal_links.matters import MATTERS
from tests.cast import Cast, Person
from tests.mailbox import last_letter, link_in
from tests.personal_links.test_links import LOOKED, content
from tests.plans.items_scene import ScopeOf, add_contact
from tests.visitor import Visitor

# What a link may do is the same whichever database keeps it; tests of each topic answer on both.
pytestmark = pytest.mark.once

HENK, ELSEWHERE = "henk@people.example", "Geheim"
PLAN = "/o/bakery/plan"
# Asked about a scheme, not about the plan.
OF_A_SCHEME = {Topic.WILLING}
# Where to ask, and what the page then says and nobody else's page does.
Asking = tuple[str, Mapping[str, str], str]


def _henk() -> UUID:
    return add_contact("Henk", email=HENK, job_title="Bakt het brood")


def _task() -> Asking:
    henk = _henk()
    item_services.assign(TEAM_ITEM, {"management": SeatValues(henk), "gdpr-officer": SeatValues(_other())})
    tasks = {"management": "Belt de bank", "gdpr-officer": f"{ELSEWHERE} melden"}
    runbook_services.save_tasks(tasks, today=clock.today())
    return f"{PLAN}/runbook/tasks-known/people/{henk}/ask", {}, "Belt de bank"


def _copy() -> Asking:
    keeper = _henk()
    backup_services.add_copy(CopyValues(CopyOf.DATA, f"{ELSEWHERE}e schijf", "Kluis", keeper_id=_other()))
    copy = backup_services.add_copy(CopyValues(CopyOf.DATA, "Blauwe schijf", "In de la", keeper_id=keeper))
    return f"{PLAN}/backup/copies/{copy.id}/ask", {}, "Blauwe schijf"


def _instruction() -> Asking:
    _henk()
    today, values = clock.today(), AnswerValues({"text": "Stop en bel."})
    item_services.save_answer(POLICY, values, by="Eva", today=today)
    staff_services.publish_instruction(by="Eva", today=today, language=Language.DUTCH)
    item_services.save_answer(POLICY, AnswerValues({"text": f"{ELSEWHERE} concept"}), by="Eva", today=today)
    return f"{PLAN}/staff/policy/sendings", {"turn": "first"}, "Stop en bel."


def _contact() -> Asking:
    _other()
    return f"{PLAN}/upkeep/confirmations/contact", {"people": str(_henk())}, "Bakt het brood"


def _party() -> Asking:
    _other()
    rows = [
        ExternalParty(name=name, kind=PartyKind.SUPPLIER, phone="+31881234567", email=email, reference="Klant 12")
        for name, email in (("Netwerk Noord", HENK), (f"{ELSEWHERE} bedrijf", ""))
    ]
    db.session().add_all(rows)
    db.session().flush()
    return f"{PLAN}/upkeep/confirmations/party", {"people": str(rows[0].id)}, "Klant 12"


def _payments() -> Asking:
    henk = _henk()
    item_services.assign(TEAM_ITEM, {"management": SeatValues(henk)})
    for item_id, values in AGREED.items():
        item_services.save_answer(item_id, AnswerValues(values), by="Eva", today=clock.today())
    return f"{PLAN}/payments/agreements/directors/{henk}/ask", {}, "Bel eerst."


def _other() -> UUID:
    return add_contact(f"{ELSEWHERE} persoon", email="geheim@people.example")


AGREED = {
    "payments.unchecked-limit": {"amount": "500.00"},
    "payments.four-eyes": {"amount": "500.00"},
    "payments.address-book": {"only_address_book": "yes", "bank_book": "yes"},
    "payments.unknown-account": {"protocol": "Bel eerst."},
    "payments.account-change": {"protocol": "Bel terug.", "calls_back": "yes"},
    "payments.email-order": {"protocol": "Nooit."},
}
SCENES: Mapping[Topic, Callable[[], Asking]] = {
    Topic.TASK: _task,
    Topic.COPY: _copy,
    Topic.INSTRUCTION: _instruction,
    Topic.CONTACT: _contact,
    Topic.PARTY: _party,
    Topic.PAYMENTS: _payments,
}


def test_every_topic_of_the_plan_is_tried_here(app: Flask) -> None:
    assert set(app.extensions[MATTERS]) == {*SCENES, *OF_A_SCHEME}
    assert set(AGREED) == set(AGREEMENTS)


@pytest.mark.parametrize("topic", SCENES)
def test_link_opens_its_own_thing_until_it_is_revoked_and_a_look_changes_nothing(
    app: Flask, cast: Cast, scope_of: ScopeOf, topic: Topic
) -> None:
    with scope_of(cast.bakery):
        path, form, told = SCENES[topic]()
    owner = Visitor(app, cast.owner)
    assert owner.post(path, dict(form)).status_code == 302
    link, guest = link_in(last_letter(app, HENK)), Visitor(app)
    before = content(app)
    for _look in range(2):
        page = guest.get(link)
        assert page.status_code == 200
        assert told in page.text
        assert ELSEWHERE not in page.text
        assert guest.client.head(link).status_code == 200
    after = content(app)
    assert {name for name in before if before[name] != after[name]} <= LOOKED
    for closed in (f"{PLAN}/", path, "/o/bakery/links/"):
        assert guest.get(closed).status_code in {302, 405}, "the link is no sign-in"
    _revoke(app, cast.owner, scope_of, cast)
    before = content(app)
    for answer in (guest.get(link), guest.post(link, {"verdict": "right"})):
        assert answer.status_code == 410
        assert told not in answer.text
    after = content(app)
    assert {name for name in before if before[name] != after[name]} == set()


def _revoke(app: Flask, who: Person, scope_of: ScopeOf, cast: Cast) -> None:
    """Take the only link back, on the page that lists it."""
    with scope_of(cast.bakery):
        row_id = db.session().scalars(sa.select(PlanLink.id)).one()
    owner = Visitor(app, who)
    address = f"/o/bakery/links/{row_id}/revoke"
    assert address in owner.get("/o/bakery/links/").text
    assert owner.post(address).status_code == 302
    assert address not in owner.get("/o/bakery/links/").text
