"""Answers and seats: two people at once, rows put away, other organisations' rows, days that end."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import db
from plans.fields import ITEM_FIELDS
from plans.items import services
from plans.items.queries import answers, seated
from plans.items.services import AnswerValues, SeatValues
from plans.models import Answer, BackupCopy, Contact, Keeping
from plans.seats import ITEM_SEATS
from plans.turns import seen
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIMIT, TEAM, KEEPING = "payments.unchecked-limit", "runbook.team", "backup.safe-keeping"


def hidden(shown: str, name: str = "seen") -> str:
    """The value of a hidden box."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', shown)
    assert found
    return found.group(1)


def test_no_field_or_seat_bears_a_name_of_the_form_itself() -> None:
    for fields in ITEM_FIELDS.values():
        assert not {field.name for field in fields} & {
            "seen",
            "csrf_token",
            "part",
            "reason",
            "until",
            "data",
            "errors",
        }
        assert len({field.name for field in fields}) == len(fields)
    for seats in ITEM_SEATS.values():
        assert len({seat.name for seat in seats}) == len(seats)


def test_an_answer_counts_from_the_day_it_was_given_by_whoever_gave_it(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        services.save_answer(LIMIT, AnswerValues({"amount": "500.00"}), by="Henk", today=TODAY - timedelta(days=30))
        services.save_answer(LIMIT, AnswerValues({"amount": "500.00"}), by="Fatima", today=TODAY)
        found = answers([LIMIT])[LIMIT]
        assert (found.answered_on, found.answered_by, found.values) == (TODAY, "Fatima", {"amount": "500.00"})
        assert db.session().scalar(sa.select(sa.func.count(Answer.id))) == 1


def test_boxes_that_a_form_leaves_out_keep_what_they_held(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    browser.post(page(cast.bakery, "backup.encrypted", "/answer"), {"method": "BitLocker", "key_place": "Safe"})
    shown = browser.get(page(cast.bakery, "backup.encrypted")).get_data(as_text=True)
    browser.post(page(cast.bakery, "backup.encrypted", "/answer"), {"method": "VeraCrypt", "seen": hidden(shown)})
    with scope_of(cast.bakery):
        values = answers(["backup.encrypted"])["backup.encrypted"].values
    assert values == {"method": "VeraCrypt", "key_place": "Safe"}


@pytest.mark.parametrize(("typed", "stored"), [("1.250,00", "1250.00"), ("€ 1250", "1250.00"), ("1250.50", "1250.50")])
def test_amounts_are_kept_exactly(visitor: SignIn, cast: Cast, scope_of: ScopeOf, typed: str, stored: str) -> None:
    visitor(cast.editor).post(page(cast.bakery, LIMIT, "/answer"), {"amount": typed})
    with scope_of(cast.bakery):
        assert answers([LIMIT])[LIMIT].values == {"amount": stored}


def test_who_is_overtaken_keeps_their_text_and_sees_what_is_stored(visitor: SignIn, cast: Cast) -> None:
    first, second = visitor(cast.owner), visitor(cast.editor)
    path, weakest = page(cast.bakery, "self-check.weakest-point", "/answer"), "self-check.weakest-point"
    stale = hidden(first.get(page(cast.bakery, weakest)).get_data(as_text=True))
    assert second.post(path, {"points": "The old router", "seen": stale}).status_code == 302
    overtaken = first.post(path, {"points": "The back door", "seen": stale})
    shown = overtaken.get_data(as_text=True)
    assert overtaken.status_code == 409
    assert "The back door" in shown
    assert "The old router" in shown
    assert first.post(path, {"points": "Both", "seen": hidden(shown)}).status_code == 302
    assert "Both" in first.get(page(cast.bakery, weakest)).get_data(as_text=True)


def test_a_second_first_answer_is_a_conflict_too(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        services.save_answer(LIMIT, AnswerValues({}), by="Henk", today=TODAY, seen="")
        with pytest.raises(EditConflict):
            services.save_answer(LIMIT, AnswerValues({}), by="Fatima", today=TODAY, seen="")


def test_somebody_put_away_stays_chosen_until_another_is(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        gone, unused = add_contact("Henk Bakker"), add_contact("Never Chosen")
        services.save_answer(KEEPING, AnswerValues({"keeping": "safe"}, gone), by="Henk", today=TODAY)
        for row_id in (gone, unused):
            contact = db.session().scalar(sa.select(Contact).where(Contact.id == row_id))
            assert contact is not None
            contact.archived_at = AT
    browser = visitor(cast.editor)
    shown = browser.get(page(cast.bakery, KEEPING)).get_data(as_text=True)
    assert "Henk Bakker" in shown
    assert "Never Chosen" not in shown
    sent = {"keeping": "specialist", "keeper": str(gone), "seen": hidden(shown)}
    assert browser.post(page(cast.bakery, KEEPING, "/answer"), sent).status_code == 302


def test_who_does_not_know_yet_is_told_whom_to_ask_and_the_question_stays_open(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    browser = visitor(cast.editor)
    shown = browser.get(page(cast.bakery, KEEPING)).get_data(as_text=True)
    assert "Ask whoever makes the back-up: where does our copy lie" in shown
    assert not re.search(r'<input[^>]*checked[^>]*value=""', shown), "nobody said yet that they do not know"
    told = browser.post(page(cast.bakery, KEEPING, "/answer"), {"keeping": ""}, follow_redirects=True)
    assert "The question stays open until you know." in told.get_data(as_text=True)
    with scope_of(cast.bakery):
        assert answers([KEEPING]) == {}
    browser.post(page(cast.bakery, KEEPING, "/answer"), {"keeping": "", "kept_days": "30"})
    with scope_of(cast.bakery):
        assert answers([KEEPING])[KEEPING].values == {"kept_days": 30}
    again = browser.get(page(cast.bakery, KEEPING)).get_data(as_text=True)
    assert not re.search(r'<input[^>]*checked[^>]*value=""', again), "not knowing is no answer"


@pytest.mark.parametrize("keeping", Keeping)
def test_every_way_of_keeping_can_be_answered_and_begins_a_copy(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, keeping: Keeping
) -> None:
    browser = visitor(cast.editor)
    sent = {"location": "The safe in Utrecht"}
    assert browser.post(page(cast.bakery, "backup.offsite-data", "/answer"), sent).status_code == 302
    assert browser.post(page(cast.bakery, KEEPING, "/answer"), {"keeping": keeping.value}).status_code == 302
    assert browser.post(f"/o/{cast.bakery.slug}/plan/backup/copies/from-answers").status_code == 302
    with scope_of(cast.bakery):
        assert [one.keeping for one in db.session().scalars(sa.select(BackupCopy))] == [keeping]


def test_nobody_of_another_organisation_can_be_chosen(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.other):
        elsewhere = add_contact("Somebody elsewhere")
    answer = visitor(cast.editor).post(page(cast.bakery, KEEPING, "/answer"), {"keeper": str(elsewhere)})
    assert answer.status_code == 422
    assert "Somebody elsewhere" not in answer.get_data(as_text=True)


def test_people_of_the_same_name_are_told_apart(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_contact("Jan de Wit", job_title="Baker")
        add_contact("Jan de Wit", job_title="Driver")
        add_contact("Jan de Wit", job_title="Driver")
    shown = visitor(cast.editor).get(page(cast.bakery, KEEPING)).get_data(as_text=True)
    labels = re.findall(r">(Jan de Wit[^<]*)<", shown)
    assert len(labels) == len(set(labels)) == 3
    assert "Jan de Wit (Baker)" in labels


def test_names_are_completed_where_a_list_would_be_long(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        people = [add_contact(f"Colleague {number:03}") for number in range(120)]
    browser = visitor(cast.editor)
    shown = browser.get(page(cast.bakery, TEAM)).get_data(as_text=True)
    assert shown.count("<datalist") == 1
    assert "<select" not in shown.split("<main")[1]
    typed = {"management-contact": "colleague  007", "it-administrator-contact": str(people[3])}
    assert browser.post(page(cast.bakery, TEAM, "/seats"), typed).status_code == 302
    with scope_of(cast.bakery):
        sitting = seated([TEAM])
        assert sitting[TEAM, "management"].contact_id == people[7]
        assert sitting[TEAM, "it-administrator"].contact_id == people[3]
    again = browser.get(page(cast.bakery, TEAM)).get_data(as_text=True)
    assert 'value="Colleague 007"' in again
    wrong = browser.post(
        page(cast.bakery, TEAM, "/seats"), {"management-contact": "Nobody Known", "seen": hidden(again)}
    )
    assert wrong.status_code == 422
    assert 'value="Nobody Known"' in wrong.get_data(as_text=True)


def test_deputies_are_asked_where_they_are_needed_and_on_request(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    browser = visitor(cast.editor)
    with scope_of(cast.bakery):
        add_contact("Henk")
        add_contact("Anna")
    for item_id in ("runbook.activation", TEAM):
        assert '-deputy"' in browser.get(page(cast.bakery, item_id)).get_data(as_text=True)
    assert '-deputy"' not in browser.get(page(cast.bakery, "runbook.external-voice")).get_data(as_text=True)
    assert '-deputy"' in browser.get(page(cast.bakery, "runbook.external-voice", "?deputies=all")).get_data(
        as_text=True
    )


def test_who_misses_somebody_adds_them_and_comes_back(visitor: SignIn, cast: Cast) -> None:
    browser = visitor(cast.editor)
    shown = browser.get(page(cast.bakery, KEEPING)).get_data(as_text=True)
    link = re.search(r'href="([^"]*/registers/contacts/new[^"]*)"', shown)
    assert link
    path = html.unescape(link.group(1))
    assert page(cast.bakery, KEEPING) in browser.get(path).get_data(as_text=True)
    added = browser.post(path, {"name": "Fatima El Amrani"})
    assert added.headers["Location"] == page(cast.bakery, KEEPING)
    assert "Fatima El Amrani" in browser.get(page(cast.bakery, KEEPING)).get_data(as_text=True)
    elsewhere = browser.post(path.partition("?")[0] + "?back=//evil.example/", {"name": "Henk Bakker"})
    assert "evil" not in elsewhere.headers["Location"]


def test_further_officers_appear_one_at_a_time(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
    browser, officers = visitor(cast.editor), "runbook.internal-officers"
    before = browser.get(page(cast.bakery, officers)).get_data(as_text=True)
    assert re.findall(r'name="(officer-\d)-contact"', before) == ["officer-1", "officer-2"]
    browser.post(
        page(cast.bakery, officers, "/seats"), {"officer-1-contact": str(henk), "officer-2-contact": str(henk)}
    )
    after = browser.get(page(cast.bakery, officers)).get_data(as_text=True)
    assert re.findall(r'name="(officer-\d)-contact"', after) == ["officer-1", "officer-2", "officer-3"]


def test_seats_are_not_saved_over_somebody_elses_change(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk, fatima = add_contact(), add_contact("Fatima El Amrani")
        services.assign(TEAM, {"management": SeatValues(henk)}, seen="")
        shown = seen(seated([TEAM]).values())
        services.assign(TEAM, {"management": SeatValues(fatima)}, seen=shown)
        with pytest.raises(EditConflict):
            services.assign(TEAM, {"management": SeatValues(None)}, seen=shown)
        assert seated([TEAM])[TEAM, "management"].contact_id == fatima


def test_the_section_tells_what_was_answered(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
        services.save_answer(KEEPING, AnswerValues({"keeping": "safe"}, henk), by="Henk", today=TODAY)
        services.assign("runbook.activation", {"holder": SeatValues(henk)})
    browser = visitor(cast.reader)
    backup = browser.get(f"/o/{cast.bakery.slug}/plan/backup").get_data(as_text=True)
    assert "· Henk Bakker" in backup
    assert ">Henk Bakker<" in browser.get(f"/o/{cast.bakery.slug}/plan/runbook").get_data(as_text=True)


def test_a_stranger_learns_nothing_of_an_item(visitor: SignIn, cast: Cast) -> None:
    stranger, reader = visitor(cast.stranger), visitor(cast.reader)
    assert stranger.get(page(cast.bakery, LIMIT)).status_code == 404
    assert stranger.post(page(cast.bakery, LIMIT, "/answer"), {"amount": "1"}).status_code == 404
    assert reader.post(page(cast.bakery, LIMIT, "/answer"), {"amount": "1"}).status_code == 403
