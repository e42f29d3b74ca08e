"""Copies of the back-up as records: sightings by one tap, with a photo and by a link; what the items read from them."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from core.files import files
from plans.backup import services
from plans.backup.beginning import Answered, copies_from
from plans.backup.queries import copies, sightings
from plans.backup.services import CopyValues, Seen
from plans.errors import NotThere
from plans.items.services import AnswerValues, save_answer
from plans.models import BackupCopy, CopyOf, CopySighting, Sighted
from plans.turns import known
from plans.versions.services import Signed, publish
from tenants.models import StoredFile
from tenants.owned import EditConflict
from tenants.scope import LockError
from tests.cast import Cast, Organisation
from tests.core.test_pictures import DATA, HEAD, PNG, exif, photo, segment
from tests.mailbox import last_letter, link_in
from tests.plans.items_scene import Counting, ScopeOf, SignIn, add_contact, add_party

TODAY = date(2026, 11, 22)
DISK = CopyValues(CopyOf.DATA, "Blue disk", "Safe at Fatima's", off_site=True, offline=True)


def path(organisation: Organisation, further: object = "") -> str:
    return f"/o/{organisation.slug}/plan/backup/copies{further}"


def add(scope_of: ScopeOf, organisation: Organisation, values: CopyValues = DISK) -> UUID:
    with scope_of(organisation):
        return services.add_copy(values).id


def test_one_tap_says_that_it_is_still_there_and_can_be_taken_back(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    copy_id, browser = add(scope_of, cast.bakery), visitor(cast.editor)
    assert "Not seen yet" in browser.get(path(cast.bakery)).get_data(as_text=True)
    assert visitor(cast.reader).post(path(cast.bakery, f"/{copy_id}/seen/there")).status_code == 403
    assert browser.post(path(cast.bakery, f"/{copy_id}/seen/there")).status_code == 302
    shown = browser.get(path(cast.bakery, f"/{copy_id}")).get_data(as_text=True)
    assert "Not seen yet" not in shown
    back = re.findall(r'action="([^"]+/take-back)"', shown)
    for _twice in range(2):
        assert browser.post(back[0]).status_code == 302
    shown = browser.get(path(cast.bakery, f"/{copy_id}")).get_data(as_text=True)
    assert "Not seen yet" in shown
    assert "Taken back" in shown
    with scope_of(cast.bakery):
        assert [one.there_on for one in copies()] == [None]
        assert db.session().scalar(sa.select(sa.func.count(CopySighting.id))) == 2


def test_a_sighting_is_never_changed(cast: Cast, scope_of: ScopeOf) -> None:
    copy_id = add(scope_of, cast.bakery)
    with scope_of(cast.bakery):
        row = services.record_sighting(copy_id, Seen(Sighted.THERE, by="Eva"), today=TODAY, at=clock.now())
        row.seen_on = TODAY + timedelta(days=300)
        with pytest.raises(LockError, match="never changed"):
            db.session().flush()
        db.rollback()


def test_a_photo_is_kept_sealed_without_its_place_and_handed_out_to_save(
    app: Flask, visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    copy_id, browser = add(scope_of, cast.bakery), visitor(cast.editor)
    shown = browser.get(path(cast.bakery, f"/{copy_id}")).get_data(as_text=True)
    row_id = re.search(r'name="new_row"[^>]*value="([^"]+)"', shown)
    assert row_id
    taken = photo(segment(0xE1, exif(1)))
    for _twice in range(2):
        sent = {"sighted": "reached", "new_row": row_id[1], "photo": (io.BytesIO(taken), "../IMG 1.jpeg")}
        assert browser.post(path(cast.bakery, f"/{copy_id}/sightings"), sent).status_code == 302
    with scope_of(cast.bakery):
        (one,) = sightings(copy_id)
        stored = db.session().scalars(sa.select(StoredFile)).one()
        kept, name = files().get(stored.tenant_id, stored.sha256), stored.name
        assert [found.reached_on for found in copies()] == [clock.today()]
    assert b"GPS" in taken
    assert b"GPS" not in kept
    answer = visitor(cast.reader).get(path(cast.bakery, f"/{copy_id}/sightings/{one.id}/photo"))
    assert answer.get_data() == kept
    assert "attachment; filename=" in answer.headers["Content-Disposition"]
    assert name == "IMG 1.jpg"
    assert visitor(cast.reader).get(path(cast.bakery, f"/{uuid4()}/sightings/{one.id}/photo")).status_code == 404


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7 no photo", "This is not a JPEG or PNG."),
        (b"GIF89a", "This is not a JPEG or PNG."),
        (PNG + HEAD + DATA, "This picture is damaged"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_noted(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, data: bytes, text: str
) -> None:
    copy_id = add(scope_of, cast.bakery)
    sent = {"sighted": "there", "photo": (io.BytesIO(data), "photo.jpg")}
    answer = visitor(cast.editor).post(path(cast.bakery, f"/{copy_id}/sightings"), sent)
    assert answer.status_code == 422
    assert text in answer.get_data(as_text=True)
    with scope_of(cast.bakery):
        assert sightings(copy_id) == []


def test_the_keeper_says_by_a_link_that_the_copy_is_there(
    app: Flask, visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        keeper = add_contact(email="henk@people.example")
        values = CopyValues(CopyOf.DATA, "Blue disk", "Safe at Henk's", off_site=True, keeper_id=keeper)
        copy_id = services.add_copy(values).id
    browser = visitor(cast.editor)
    links = []
    for _time in range(2):
        assert browser.post(path(cast.bakery, f"/{copy_id}/ask")).status_code == 302
        links.append(link_in(last_letter(app, "henk@people.example")))
        if len(links) == 1:
            with scope_of(cast.bakery):
                services.change_copy(copy_id, CopyValues(CopyOf.DATA, "Blue disk", "Drawer", keeper_id=keeper))
    guest = visitor(None)
    assert guest.get(links[0]).status_code == 410, "what was asked has changed"
    assert "Drawer" in guest.get(links[1]).get_data(as_text=True)
    assert "Which version" not in guest.get(links[1]).text
    with scope_of(cast.bakery):
        assert sightings(copy_id) == [], "looking changes nothing"
    assert guest.post(links[1]).status_code == 303
    with scope_of(cast.bakery):
        assert [(one.who, one.by_link) for one in sightings(copy_id)] == [("Henk Bakker", True)]
        assert [one.there_on for one in copies()] == [clock.today()]


def test_the_keeper_of_a_plan_tells_which_version_lies_there(
    app: Flask, visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        keeper = add_contact(email="henk@people.example")
        copy_id = services.add_copy(CopyValues(CopyOf.PLAN, "Plan", "Safe", keeper_id=keeper, plan_version=1)).id
        for day in (1, 2):
            add_contact(f"Newcomer {day}")
            publish("", Signed("Henk", clock.now(), TODAY))
    visitor(cast.editor).post(path(cast.bakery, f"/{copy_id}/ask"))
    link, guest = link_in(last_letter(app, "henk@people.example")), visitor(None)
    asked = guest.get(link).text
    assert "Which version of the plan lies there?" in asked
    assert "version 1" not in asked, "who is told the answer need not look"
    for nonsense in ("3", "0", "x"):
        assert guest.post(link, {"plan_version": nonsense}).status_code == 422
    assert guest.post(link, {"plan_version": "2"}).status_code == 303
    with scope_of(cast.bakery):
        assert [(one.plan_version, one.by_link) for one in sightings(copy_id)] == [(2, True)]
        assert [one.plan_version for one in copies()] == [2]


def test_a_copy_that_nobody_keeps_cannot_be_asked_about(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    copy_id, browser = add(scope_of, cast.bakery), visitor(cast.editor)
    assert browser.post(path(cast.bakery, f"/{copy_id}/ask")).status_code == 302
    assert "Nobody keeps this copy yet" in browser.get(path(cast.bakery)).get_data(as_text=True)


def test_items_are_read_from_the_copies_once_there_are_any(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        answered: dict[str, dict[str, str | int]] = {
            "backup.offsite-data": {"location": "Safe at Fatima's", "seen_on": "2026-11-01"},
            "backup.encrypted": {"method": "BitLocker", "key_place": "At the notary's"},
            "backup.air-gapped": {"offline": "yes", "copy": "Disk B"},
            "backup.safe-keeping": {"keeping": "safe", "kept_days": 90},
        }
        for item_id, values in answered.items():
            save_answer(item_id, AnswerValues(values, add_contact()), by="Eva", today=TODAY)
    browser, section = visitor(cast.editor), f"/o/{cast.bakery.slug}/plan/backup"
    assert "Begin with what I answered" in browser.get(path(cast.bakery)).get_data(as_text=True)
    for _twice in range(2):
        assert browser.post(path(cast.bakery, "/from-answers")).status_code == 302
    with scope_of(cast.bakery):
        told = [(one.name, one.location, one.encryption, one.off_site, one.offline, one.there_on) for one in copies()]
        assert [one.kept_days for one in copies()] == [90, None]
    assert told == [
        ("Data", "Safe at Fatima's", "BitLocker", True, False, None),
        ("Disk B", "", "", False, True, None),
    ]
    shown = browser.get(f"{section}/offsite-data").get_data(as_text=True)
    assert 'name="location"' not in shown
    assert "To the copies" in shown
    assert "Safe at Fatima&#39;s" in shown
    assert "Disk B: not seen yet" in browser.get(section).get_data(as_text=True)


def test_earlier_answers_become_no_sighting_and_nothing_is_made_of_silence() -> None:
    data = Answered({"location": "Safe", "seen_on": "2026-11-01"}, None)
    plan = Answered({"version": 3, "location": "Van"}, None)
    names = {holds: holds.value for holds in CopyOf}
    found = copies_from({"backup.offsite-data": data, "backup.offsite-plan": plan}, names)
    assert [(one.name, one.plan_version, one.encryption) for one in found] == [("data", None, ""), ("plan", 3, "")]
    assert copies_from({"backup.encrypted": Answered({"method": "AES"}, None)}, names) == []


def test_a_copy_is_recorded_changed_and_put_away_in_the_browser(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        keeper, firm = add_contact(), add_party()
    browser = visitor(cast.editor)
    sent = {"holds": "plan", "name": "In the van", "off_site": "y", "keeper": str(keeper), "plan_version": "2"}
    wrong = browser.post(path(cast.bakery, "/new"), {**sent, "party": str(firm)})
    assert wrong.status_code == 422
    assert "Choose a person or a firm, not both." in wrong.get_data(as_text=True)
    assert browser.post(path(cast.bakery, "/new"), {"holds": "", "name": ""}).status_code == 422
    assert browser.post(path(cast.bakery, "/new"), sent).status_code == 302
    with scope_of(cast.bakery):
        (copy,) = copies()
    where = path(cast.bakery, f"/{copy.id}")
    stale = re.search(r'name="seen"[^>]*value="([^"]*)"', browser.get(f"{where}/edit").get_data(as_text=True))
    assert stale
    for status in (302, 409):
        again = {**sent, "name": "In the bus", "seen": stale[1]}
        assert browser.post(f"{where}/edit", again).status_code == status
    assert browser.post(f"{where}/put-away").status_code == 302
    with scope_of(cast.bakery), pytest.raises(NotThere):
        services.record_sighting(copy.id, Seen(Sighted.THERE), today=TODAY, at=clock.now())
    assert browser.post(f"{where}/put-back").status_code == 302
    with scope_of(cast.bakery):
        assert [(one.name, one.keeper, one.archived) for one in copies()] == [("In the bus", "Henk Bakker", False)]


@pytest.mark.parametrize(("days", "shown"), [("1", "only the newest state"), ("30", "30 days back"), ("", "")])
def test_how_far_back_one_can_go_is_told_of_a_copy_of_the_data(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, days: str, shown: str
) -> None:
    browser, sent = visitor(cast.editor), {"holds": "data", "name": "NAS", "kept_days": days}
    answer = browser.post(path(cast.bakery, "/new"), sent)
    assert answer.status_code == 302
    with scope_of(cast.bakery):
        (copy,) = copies()
    assert copy.kept_days == (int(days) if days else None)
    for address in (path(cast.bakery), path(cast.bakery, f"/{copy.id}")):
        page = browser.get(address).get_data(as_text=True)
        assert shown in page
        assert ("days back" in page) is (days == "30")
    opened = browser.get(path(cast.bakery, f"/{copy.id}/edit")).get_data(as_text=True)
    assert re.search(rf'name="kept_days"[^>]*value="{days}"', opened)


@pytest.mark.parametrize("days", ["0", "-1", "a month", "1,5"])
def test_no_day_at_all_is_refused_and_what_was_typed_stays(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, days: str
) -> None:
    browser = visitor(cast.editor)
    sent = {"holds": "data", "name": "NAS", "kept_days": days}
    for address in (path(cast.bakery, "/new"), f"/o/{cast.bakery.slug}/plan/backup/safe-keeping/answer"):
        answer = browser.post(address, sent)
        assert answer.status_code == 422
        assert f'value="{days}"' in answer.get_data(as_text=True)
    with scope_of(cast.bakery):
        assert copies() == []
        with pytest.raises(sa.exc.IntegrityError):
            services.add_copy(replace(DISK, kept_days=0))
        db.rollback()


def test_of_a_copy_of_the_plan_no_days_are_kept(cast: Cast, scope_of: ScopeOf) -> None:
    add(scope_of, cast.bakery, CopyValues(CopyOf.PLAN, "In the van", kept_days=30))
    with scope_of(cast.bakery):
        assert [one.kept_days for one in copies()] == [None]


def test_a_version_that_is_read_on_it_becomes_the_version_of_a_copy_of_the_plan_only(
    cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        plan = services.add_copy(CopyValues(CopyOf.PLAN, "In the van", off_site=True, plan_version=1)).id
        data = services.add_copy(DISK).id
        for copy_id in (plan, data):
            seen = Seen(Sighted.THERE, by="Eva", plan_version=4)
            services.record_sighting(copy_id, seen, today=TODAY, at=clock.now())
        assert {one.name: one.plan_version for one in copies()} == {"In the van": 4, "Blue disk": None}


def test_a_kit_that_went_somewhere_is_a_copy_of_the_plan_which_never_goes_back(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        assert not services.note_plan_copy("Stick", "Safe", None, 1), "no copies are kept as records yet"
        services.add_copy(DISK)
        for version in (2, 3, 1):
            assert services.note_plan_copy("Stick", "Safe", None, version)
        assert services.note_plan_copy("Stick", "Drawer", None, 2)
        told = [(one.name, one.location, one.plan_version) for one in copies() if one.holds is CopyOf.PLAN]
    assert sorted(told) == [("Stick", "Drawer", 2), ("Stick", "Safe", 3)]


def test_two_who_change_a_copy_do_not_overwrite_each_other(cast: Cast, scope_of: ScopeOf) -> None:
    copy_id = add(scope_of, cast.bakery)
    with scope_of(cast.bakery):
        row = known(BackupCopy, copy_id)
        assert row is not None
        with pytest.raises(EditConflict):
            services.change_copy(copy_id, DISK, seen="what somebody saw before")


def test_the_list_takes_a_fixed_number_of_queries(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, count_queries: Counting
) -> None:
    browser, counts = visitor(cast.reader), []
    for _time in range(2):
        for number in range(5):
            copy_id = add(scope_of, cast.bakery, CopyValues(CopyOf.DATA, f"Disk {number}"))
            with scope_of(cast.bakery):
                services.record_sighting(copy_id, Seen(Sighted.THERE, by="Eva"), today=TODAY, at=clock.now())
        with count_queries() as sent:
            assert browser.get(path(cast.bakery)).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
