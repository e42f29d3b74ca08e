"""The staff instruction goes to each person once, in their language; each says by a link that they read it."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from core.i18n import Language
from core.mail import OutboxMail
from plans.items import services as item_services
from plans.items.services import AnswerValues
from plans.models import Contact, InstructionReceipt
from plans.staff import services
from plans.staff.queries import POLICY, Reader, newest, reach, readers, versions
from tests.cast import Cast
from tests.mailbox import last_letter, letters_to, link_in
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page
from tests.visitor import Visitor

HENK, JANE, LEFT = "henk@people.example", "jane@people.example", "left@people.example"
SENDINGS = "/o/bakery/plan/staff/policy/sendings"


def draft(text: str, translation: str = "") -> None:
    values = {"text": text, "translation": translation}
    item_services.save_answer(POLICY, AnswerValues(values), by="Henk", today=clock.today())
    services.publish_instruction(by="Henk", today=clock.today(), language=Language.DUTCH)


@pytest.fixture
def staff(cast: Cast, scope_of: ScopeOf) -> dict[str, UUID]:
    """Who reads Dutch, who reads what the organisation does, who has no address, and who left."""
    with scope_of(cast.bakery):
        draft("Stop en bel.", "Stop and call.")
        return {
            "henk": add_contact("Henk", email=HENK, department="Winkel", language=Language.DUTCH),
            "jane": add_contact("Jane", email=JANE, department="winkel "),
            "paper": add_contact("Piet Papier"),
            "left": add_contact("Lena Links", email=LEFT, archived_at=clock.now()),
        }


def sent(app: Flask) -> int:
    with app.app_context():
        return int(db.session().scalar(sa.select(sa.func.count(OutboxMail.id))) or 0)


def test_each_member_of_staff_gets_one_mail_in_their_language(
    app: Flask, cast: Cast, staff: dict[str, UUID], visitor: SignIn
) -> None:
    editor = visitor(cast.editor)
    for _turn in range(3):
        assert editor.post(SENDINGS, {"turn": "first"}).status_code == 302
        assert editor.post(SENDINGS, {"turn": "reminder"}).status_code == 302
    assert sent(app) == 2
    assert letters_to(app, LEFT) == []
    assert "Stop and call." in Visitor(app).get(link_in(last_letter(app, JANE))).get_data(as_text=True)
    assert "Stop en bel." in Visitor(app).get(link_in(last_letter(app, HENK))).get_data(as_text=True)
    shown = editor.get(page(cast.bakery, POLICY)).get_data(as_text=True)
    assert "2 people were written to less than a week ago." in shown
    assert "1 person has no e-mail address" in shown


def test_a_receipt_by_link_is_of_that_person_and_version(
    app: Flask, cast: Cast, staff: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.editor).post(SENDINGS)
    path, guest = link_in(last_letter(app, JANE)), Visitor(app)
    assert guest.get(path).status_code == 200
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(InstructionReceipt.contact_id)).all() == []
    assert guest.post(path).status_code == 303
    with scope_of(cast.bakery):
        found = db.session().scalars(sa.select(InstructionReceipt)).one()
        assert (found.contact_id, found.acknowledged_on, found.by_link) == (staff["jane"], clock.today(), True)
    shown = visitor(cast.reader).get(page(cast.bakery, POLICY)).get_data(as_text=True)
    assert "1 of 3 acknowledged it. That is 33 %." in shown
    assert "1 of 2" in shown


def test_a_link_to_an_earlier_version_is_no_receipt_of_the_next(
    app: Flask, cast: Cast, staff: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    editor = visitor(cast.editor)
    editor.post(SENDINGS)
    old = link_in(last_letter(app, HENK))
    with scope_of(cast.bakery):
        draft("Stop, bel en wacht.")
    assert Visitor(app).post(old).status_code == 410
    editor.post(SENDINGS)
    new = link_in(last_letter(app, HENK))
    assert Visitor(app).post(new).status_code == 303
    with scope_of(cast.bakery):
        found = newest()
        assert found is not None
        assert [one.name for one in readers(found.id) if one.acknowledged_on] == ["Henk"]
        assert [(one.number, one.read) for one in versions()] == [(2, 1), (1, 0)]
        instruction_id = found.id
    told = visitor(cast.reader).get(f"/o/bakery/plan/staff/policy/versions/{instruction_id}").get_data(as_text=True)
    assert "Stop, bel en wacht." in told
    assert "by themselves" in told
    assert found.digest in told


def test_somebody_who_left_cannot_answer_any_more(
    app: Flask, cast: Cast, staff: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    visitor(cast.editor).post(SENDINGS)
    path = link_in(last_letter(app, HENK))
    with scope_of(cast.bakery):
        db.session().get_one(Contact, (cast.bakery.id, staff["henk"])).archived_at = clock.now()
    assert Visitor(app).post(path).status_code == 410


@pytest.mark.parametrize(
    ("days", "turn", "mails"),
    [
        pytest.param(6, "reminder", 2, id="a day too soon"),
        pytest.param(7, "reminder", 4, id="after a week"),
        pytest.param(7, "first", 2, id="the first mail is sent once"),
        pytest.param(31, "first", 4, id="once the link is too old"),
    ],
)
def test_who_did_not_read_it_is_reminded_after_a_week(
    app: Flask, cast: Cast, staff: dict[str, UUID], visitor: SignIn, days: int, turn: str, mails: int
) -> None:
    visitor(cast.editor).post(SENDINGS)
    later = clock.now() + timedelta(days=days)
    with time_machine.travel(later, tick=True):
        visitor(cast.editor).post(SENDINGS, {"turn": turn})
    assert sent(app) == mails


def test_a_receipt_is_renewed_in_the_last_month_of_its_year(
    app: Flask, cast: Cast, staff: dict[str, UUID], visitor: SignIn, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        found = newest()
        assert found is not None
        both = {staff["henk"], staff["jane"]}
        services.acknowledge_instruction(found.id, both, on=clock.today(), today=clock.today())
    for days, mails in ((334, 0), (336, 2)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=True):
            visitor(cast.editor).post(SENDINGS)
        assert sent(app) == mails


def test_departments_are_told_apart_whatever_the_capitals() -> None:
    today = clock.today()

    def reader(department: str, days: int | None) -> Reader:
        read = None if days is None else today - timedelta(days=days)
        return Reader(UUID(int=1), "Henk", department, "", None, read, by_link=False)

    found = reach([reader("Winkel", 0), reader("winkel ", 366), reader("", None)], today - timedelta(days=365))
    assert [(one.department, one.done, one.total) for one in found] == [("Winkel", 1, 2), ("", 0, 1)]
