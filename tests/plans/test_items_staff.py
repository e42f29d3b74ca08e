"""The staff instruction: what is published, and who acknowledged which version."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from core import clock, db
from core.i18n import Language
from plans.errors import NotThere, PlanError
from plans.items import services as item_services
from plans.items.services import AnswerValues
from plans.models import InstructionReceipt
from plans.staff import services
from plans.staff.queries import POLICY, newest, readers
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page

TODAY = date(2026, 11, 22)
LINE = "staff.do-report-loss"


def draft(text: str, *, included: bool = True) -> None:
    item_services.save_answer(POLICY, AnswerValues({"text": text}), by="Henk", today=TODAY)
    values = {"included": "yes" if included else "no", "own_text": "Lost it? Call Henk."}
    item_services.save_answer(LINE, AnswerValues(values), by="Henk", today=TODAY)


def publish(today: date = TODAY) -> int:
    return services.publish_instruction(by="Henk", today=today, language=Language.DUTCH)


def test_a_publication_is_a_copy_that_later_changes_leave_alone(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        draft("Stop and call.")
        assert publish() == 1
        draft("Stop, call and wait.", included=False)
        found = newest()
        assert found is not None
        assert (found.number, found.text_in(Language.DUTCH), found.parts) == (
            1,
            "Stop and call.\n\n- Lost it? Call Henk.",
            (LINE,),
        )
        assert publish() == 2
        again = newest()
        assert again is not None
        assert (again.number, again.text_in(Language.DUTCH), again.parts) == (2, "Stop, call and wait.", ())


def test_nothing_and_nothing_new_are_not_published(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        with pytest.raises(PlanError):
            publish()
        draft("Stop and call.")
        publish()
        with pytest.raises(PlanError):
            publish()


def test_a_line_without_own_words_is_told_in_the_language_of_the_organisation(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        item_services.save_answer(LINE, AnswerValues({"included": "yes"}), by="Henk", today=TODAY)
        publish()
        found = newest()
        assert found is not None
        assert "verlies of diefstal" in found.text_in(Language.DUTCH)
        assert "lost or stolen" in found.text_in(Language.ENGLISH)


def test_receipts_belong_to_a_version_and_to_staff(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk, outsider = add_contact(), add_contact("Jeroen of the supplier", is_staff=False)
        draft("Stop and call.")
        publish()
        found = newest()
        assert found is not None
        with pytest.raises(NotThere):
            services.acknowledge_instruction(found.id, {outsider}, on=TODAY, today=TODAY)
        with pytest.raises(NotThere):
            services.acknowledge_instruction(uuid4(), {henk}, on=TODAY, today=TODAY)
        assert services.acknowledge_instruction(found.id, {henk}, on=TODAY, today=TODAY) == 1
        assert [(one.name, one.acknowledged_on) for one in readers(found.id)] == [("Henk Bakker", TODAY)]
        draft("Something new.")
        publish()
        after = newest()
        assert after is not None
        assert readers(after.id)[0].acknowledged_on is None


@pytest.mark.parametrize(
    ("on", "field"),
    [
        pytest.param(TODAY - timedelta(days=11), "acknowledged_on", id="before it was published"),
        pytest.param(TODAY - timedelta(days=10), None, id="on the day it was published"),
        pytest.param(TODAY, None, id="today"),
        pytest.param(TODAY + timedelta(days=1), "acknowledged_on", id="tomorrow"),
    ],
)
def test_a_receipt_lies_between_publication_and_today(
    cast: Cast, scope_of: ScopeOf, on: date, field: str | None
) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
        draft("Stop and call.")
        publish(TODAY - timedelta(days=10))
        found = newest()
        assert found is not None
        if field is None:
            services.acknowledge_instruction(found.id, {henk}, on=on, today=TODAY)
            assert readers(found.id)[0].acknowledged_on == on
        else:
            with pytest.raises(PlanError) as refusal:
                services.acknowledge_instruction(found.id, {henk}, on=on, today=TODAY)
            assert refusal.value.field == field


def test_acknowledging_again_moves_the_day_forward_and_never_back(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
        draft("Stop and call.")
        publish(TODAY - timedelta(days=10))
        found = newest()
        assert found is not None
        for days in (5, 1, 8):
            services.acknowledge_instruction(found.id, {henk}, on=TODAY - timedelta(days=days), today=TODAY)
        assert readers(found.id)[0].acknowledged_on == TODAY - timedelta(days=1)
        assert db.session().scalar(sa.select(sa.func.count(InstructionReceipt.id))) == 1


def test_the_instruction_is_published_and_acknowledged_in_the_browser(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        draft("Stop and call.")
        henk = add_contact()
    owner, editor = visitor(cast.owner), visitor(cast.editor)
    receipts = page(cast.bakery, POLICY, "/receipts")
    assert editor.post(page(cast.bakery, POLICY, "/versions")).status_code == 403
    assert editor.post(receipts, {"people": str(henk)}).status_code == 404
    (told,) = re.findall(r'name="told" value="([0-9a-f]+)"', owner.get(page(cast.bakery, POLICY)).text)
    with scope_of(cast.bakery):
        draft("Stop, and call Henk.")
    unread = owner.post(page(cast.bakery, POLICY, "/versions"), {"told": told}, follow_redirects=True).text
    assert "Somebody changed the instruction meanwhile" in unread
    assert "Nothing has been published yet." in unread
    (told,) = re.findall(r'name="told" value="([0-9a-f]+)"', unread)
    assert owner.post(page(cast.bakery, POLICY, "/versions"), {"told": told}).status_code == 302
    today = clock.today().isoformat()
    nobody = editor.post(receipts, {"acknowledged_on": today})
    assert nobody.status_code == 422
    assert "Tick at least one person." in nobody.get_data(as_text=True)
    stranger = editor.post(receipts, {"people": [str(henk), "nonsense"], "acknowledged_on": today})
    assert stranger.status_code == 422
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    late = editor.post(receipts, {"people": str(henk), "acknowledged_on": tomorrow})
    assert late.status_code == 422
    assert f'value="{henk}" id="people-0" checked' in late.get_data(as_text=True)
    assert editor.post(receipts, {"people": str(henk), "acknowledged_on": today}).status_code == 302
    shown = editor.get(page(cast.bakery, POLICY)).get_data(as_text=True)
    assert "1 of 1 acknowledged it." in shown


def test_receipts_from_an_old_page_do_not_count_for_a_newer_version(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
        draft("Stop and call.")
        publish(clock.today())
        old = newest()
        draft("Something new.")
        publish(clock.today())
        new = newest()
    assert old is not None
    assert new is not None
    sent = {"people": str(henk), "acknowledged_on": clock.today().isoformat(), "version_id": str(old.id)}
    assert visitor(cast.editor).post(page(cast.bakery, POLICY, "/receipts"), sent).status_code == 302
    with scope_of(cast.bakery):
        assert readers(old.id)[0].acknowledged_on is None
        assert readers(new.id)[0].acknowledged_on is None


def test_a_long_list_of_staff_is_cut_into_pages(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        for number in range(130):
            add_contact(f"Colleague {number:03}")
        draft("Stop and call.")
        publish(clock.today())
    browser = visitor(cast.editor)
    first = browser.get(page(cast.bakery, POLICY)).get_data(as_text=True)
    last = browser.get(page(cast.bakery, POLICY, "?page=99")).get_data(as_text=True)
    assert first.count('name="people"') == 60
    assert last.count('name="people"') == 10
    assert browser.get(page(cast.bakery, POLICY, "?page=-1")).status_code == 200


def test_all_lines_are_taken_at_once_but_for_those_decided_on(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, at = visitor(cast.editor), f"/o/{cast.bakery.slug}/plan/staff/policy/lines"
    with scope_of(cast.bakery):
        draft("Stop and call.", included=False)
    shown = browser.get(page(cast.bakery, "staff.do-report-odd") + "?path=on").get_data(as_text=True)
    assert "Take all nine lines" in shown
    assert "Take all nine lines" not in browser.get(page(cast.bakery, LINE)).get_data(as_text=True), "that is decided"
    assert visitor(cast.reader).post(at).status_code == 403
    answer = browser.post(at + "?path=staff.do-report-odd")
    assert answer.headers["Location"].endswith("/staff/policy?path=on")
    shown = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Saved: 8 lines are part of it now." in shown
    assert "Take all nine lines" not in shown
    with scope_of(cast.bakery):
        assert services.include_lines(by="Henk", today=TODAY) == 0
        publish()
        found = newest()
        assert found is not None
        assert len(found.parts) == 8
        assert LINE not in found.parts
