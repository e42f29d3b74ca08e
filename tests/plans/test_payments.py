"""The agreements about payments: a draft to adapt, the euros nobody looks at, and a director's approval."""

from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from core.i18n import Language
from plans.items import services as item_services
from plans.items.services import AnswerValues, SeatValues
from plans.models import PaymentApproval
from plans.payments.agreements import digest_of, unwatched
from plans.payments.queries import agreements
from plans.seats import TEAM_ITEM
from tenants.models import PlanLink
from tests.cast import Cast
from tests.mailbox import last_letter, link_in
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page
from tests.visitor import Visitor

PAGE = "/o/bakery/plan/payments/agreements"
ANNA = "anna@people.example"
AGREED = {
    "payments.unchecked-limit": {"amount": "250.00"},
    "payments.four-eyes": {"amount": "1000.00"},
    "payments.address-book": {"only_address_book": "yes", "bank_book": "yes"},
    "payments.unknown-account": {"protocol": "Bel eerst."},
    "payments.account-change": {"protocol": "Bel eerst.", "calls_back": "yes"},
    "payments.email-order": {"protocol": "Nooit."},
}


def agree(item_id: str, **values: str) -> None:
    item_services.save_answer(item_id, AnswerValues(values), by="Henk", today=clock.today())


@pytest.fixture
def anna(cast: Cast, scope_of: ScopeOf) -> UUID:
    """Somebody of the daily board, in an organisation that agreed on everything."""
    with scope_of(cast.bakery):
        for item_id, values in AGREED.items():
            agree(item_id, **values)
        found = add_contact("Anna", email=ANNA, language=Language.DUTCH)
        item_services.assign(TEAM_ITEM, {"management": SeatValues(found)})
    return found


@pytest.mark.parametrize(
    ("limit", "four", "gap"),
    [("250.00", "250.00", None), ("250.00", "250.01", Decimal("0.01")), ("250.00", "100", None), ("", "100", None)],
)
def test_what_lies_between_the_amounts_is_told_to_the_cent(limit: str, four: str, gap: Decimal | None) -> None:
    agreed = {"payments.unchecked-limit": {"amount": limit}, "payments.four-eyes": {"amount": four}}
    assert unwatched(agreed) == gap


def test_the_fingerprint_is_that_of_what_was_agreed_and_of_nothing_else() -> None:
    turned = dict(reversed(AGREED.items())) | {"upkeep.review": {"conclusion": "x"}}
    assert digest_of(turned) == digest_of(AGREED)
    assert digest_of(AGREED | {"payments.address-book": {"only_address_book": "yes"}}) != digest_of(AGREED)
    assert digest_of(AGREED | {"payments.email-order": {"protocol": "Nooit.", "more": ""}}) == digest_of(AGREED)


def test_an_owner_approves_what_the_page_showed(cast: Cast, anna: UUID, visitor: SignIn, scope_of: ScopeOf) -> None:
    owner, editor = visitor(cast.owner), visitor(cast.editor)
    with scope_of(cast.bakery):
        digest = agreements().digest
    shown = owner.get(PAGE).get_data(as_text=True)
    assert digest in shown
    assert "€750.00" in shown
    assert editor.post(f"{PAGE}/approvals", {"digest": digest}).status_code == 403
    owner.post(f"{PAGE}/approvals", {"digest": "0" * 64})
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(PaymentApproval)).all() == []
    for _twice in range(2):
        assert owner.post(f"{PAGE}/approvals", {"digest": digest}).status_code == 302
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(PaymentApproval)).one()
        assert (row.number, row.digest, row.approved_by, row.contact_id) == (1, digest, cast.owner.name, None)
        assert "Bel eerst." in row.text
    assert "Holds" in editor.get(PAGE).get_data(as_text=True)
    with scope_of(cast.bakery):
        agree("payments.email-order", protocol="Soms.")
    assert "Changed since: approve again" in editor.get(PAGE).get_data(as_text=True)


def test_a_director_without_an_account_approves_exactly_what_was_mailed(
    app: Flask, cast: Cast, anna: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    owner = visitor(cast.owner)
    assert visitor(cast.editor).post(f"{PAGE}/directors/{anna}/ask").status_code == 403
    assert owner.post(f"{PAGE}/directors/{anna}/ask").status_code == 302
    old = link_in(last_letter(app, ANNA))
    told = Visitor(app).get(old).get_data(as_text=True)
    assert "Bel eerst." in told
    assert "€ 750,00" in told.replace("\xa0", " ")
    with scope_of(cast.bakery):
        agree("payments.email-order", protocol="Soms.")
    assert Visitor(app).post(old).status_code == 410
    owner.post(f"{PAGE}/directors/{anna}/ask")
    assert Visitor(app).post(link_in(last_letter(app, ANNA))).status_code == 303
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(PaymentApproval)).one()
        assert (row.approved_by, row.contact_id, row.digest) == ("Anna", anna, agreements().digest)


def test_who_no_longer_speaks_for_the_management_approves_nothing(
    app: Flask, cast: Cast, anna: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.owner).post(f"{PAGE}/directors/{anna}/ask")
    with scope_of(cast.bakery):
        item_services.assign(TEAM_ITEM, {"management": SeatValues(add_contact())})
    assert Visitor(app).post(link_in(last_letter(app, ANNA))).status_code == 410
    assert visitor(cast.owner).post(f"{PAGE}/directors/{anna}/ask").status_code == 404


def test_nothing_is_approved_while_an_agreement_is_open(
    cast: Cast, anna: UUID, visitor: SignIn, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        agree("payments.email-order", protocol="")
        digest = agreements().digest
    owner = visitor(cast.owner)
    owner.post(f"{PAGE}/approvals", {"digest": digest})
    owner.post(f"{PAGE}/directors/{anna}/ask")
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(PaymentApproval)).all() == []
        assert db.session().scalars(sa.select(PlanLink)).all() == []


def test_a_draft_is_put_into_an_empty_box_and_saved_by_the_person_only(
    cast: Cast, visitor: SignIn, scope_of: ScopeOf
) -> None:
    editor, item_id = visitor(cast.editor), "payments.account-change"
    assert "Call the sender on a number you already had" in editor.get(page(cast.bakery, item_id)).get_data(
        as_text=True
    )
    form = editor.get(page(cast.bakery, item_id, "?draft=yes")).get_data(as_text=True)
    assert "Call the sender" in form.partition("<textarea")[2].partition("</textarea>")[0]
    with scope_of(cast.bakery):
        assert agreements().stored == {}
        agree(item_id, protocol="Onze eigen stappen")
    kept = editor.get(page(cast.bakery, item_id, "?draft=yes")).get_data(as_text=True)
    assert "Onze eigen stappen" in kept.partition("<textarea")[2].partition("</textarea>")[0]
