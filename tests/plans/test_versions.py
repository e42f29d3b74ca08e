"""Versions of the plan: what is approved is exactly what was shown; who did what when; what differs, in words."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.sweeping import sweep
from core import db
from core.db import Base
from core.i18n import Language, written_in
from plans.errors import PlanError
from plans.items import services as item_services
from plans.items.services import AnswerValues, SeatValues
from plans.models import Asset, AssetKind, PlanContent, PlanProposal, ProposalState, System
from plans.registers.columns import register
from plans.registers.services import change_row, confirm_rows
from plans.runbook.services import StepValues, add_step
from plans.versions import queries, services
from plans.versions.comparing import Difference, compare
from plans.versions.content import content_of, digest, packed, text_of, unpacked
from plans.versions.errors import ChangedMeanwhile, NothingNew, NotInThisState
from plans.versions.rooms import BY_NAME, NOT_CONTENT, Part
from plans.versions.services import Signed
from tenants.owned import Area, TenantOwned
from tenants.permissions import BY_PERMISSION, OWNERS, Permission
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.plans.items_scene import Counting, ScopeOf, SignIn, add_contact

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HENK = Signed("Henk", AT, TODAY)
FOUR_EYES = "payments.four-eyes"


def say(amount: str, item_id: str = FOUR_EYES) -> None:
    item_services.save_answer(item_id, AnswerValues({"amount": amount}), by="Henk", today=TODAY)


def now(cast: Cast) -> str:
    return digest(content_of(cast.bakery.id))


def test_every_table_of_the_plan_is_content_or_says_why_not(app: Flask) -> None:
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    plan = {
        str(sa.inspect(one).local_table) for one in mapped if issubclass(one, TenantOwned) and one.__area__ is Area.PLAN
    }
    assert plan == BY_NAME.keys() | NOT_CONTENT.keys()
    assert not BY_NAME.keys() & NOT_CONTENT.keys()


def test_the_fingerprint_is_of_what_the_plan_says_and_not_of_how_it_was_kept(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
        say("500.00")
        before = now(cast)
        confirm_rows(register("contacts"), [henk], today=TODAY)
        item_services.save_answer("upkeep.review", AnswerValues({"reviewed_on": "2026-11-01"}), by="Henk", today=TODAY)
        item_services.save_answer("backup.offsite-plan", AnswerValues({"version": 3}), by="Henk", today=TODAY)
        say("500.00")
        assert now(cast) == before
        say("600.00")
        changed = now(cast)
        assert changed != before
        say("500.00")
        assert now(cast) == before
        change_row(register("contacts"), henk, {"phone": "+31687654321"}, version=None)
        assert now(cast) != before


def test_content_that_is_kept_comes_back_as_it_was(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_contact("Łukasz “de” Bakker")
        content = content_of(cast.bakery.id)
        assert text_of(unpacked(packed(content))) == text_of(content)


def test_a_plan_goes_from_draft_to_in_use_and_is_superseded(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        say("500.00")
        row = services.propose("The first", HENK)
        assert services.propose("The first", HENK).id == row.id, "sent twice"
        with pytest.raises(NotInThisState):
            services.put_into_use(row.id, "", HENK)
        with pytest.raises(NotInThisState):
            services.approve(row.id, "0" * 64, HENK)
        services.approve(row.id, row.digest, HENK)
        first = services.put_into_use(row.id, "", HENK)
        assert (first.number, first.digest, first.note) == (1, now(cast), "The first")
        with pytest.raises(NotInThisState):
            services.put_into_use(row.id, "", HENK)
        with pytest.raises(NothingNew):
            services.propose("Again", HENK)
        say("600.00")
        assert services.publish("The second", HENK).number == 2
        states = [(one.number, one.state.value, one.approved_by) for one in queries.history()]
        assert states == [(2, "current", "Henk"), (1, "superseded", "Henk")]
    with scope_of(cast.other):
        assert queries.history() == []


def test_a_changed_draft_loses_its_review_and_its_approval(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        say("500.00")
        row = services.propose("", HENK)
        say("600.00")
        with pytest.raises(ChangedMeanwhile):
            services.approve(row.id, row.digest, HENK)
        newer = services.propose("", HENK)
        assert (row.state, newer.state) == (ProposalState.RETURNED, ProposalState.IN_REVIEW)
        services.approve(newer.id, newer.digest, HENK)
        say("700.00")
        with pytest.raises(ChangedMeanwhile):
            services.put_into_use(newer.id, "", HENK)
        say("600.00")
        assert services.put_into_use(newer.id, "", HENK).number == 1, "as it was when it was approved"


def test_a_plan_is_sent_back_with_a_reason(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        say("500.00")
        row = services.propose("", HENK)
        with pytest.raises(PlanError):
            services.send_back(row.id, "no", HENK)
        services.send_back(row.id, "The amount is too high", HENK)
        found = queries.way(row.id)
        assert (found.state.value, found.reason) == ("returned", "The amount is too high")
        with pytest.raises(NotInThisState):
            services.approve(row.id, row.digest, HENK)


def test_the_same_content_is_kept_once(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        for amount in ("500.00", "600.00", "500.00"):
            say(amount)
            services.publish("", HENK)
        assert db.session().scalar(sa.select(sa.func.count(PlanContent.id))) == 2


def test_many_who_publish_at_once_get_one_version(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        say("500.00")

    def publish(_turn: int) -> bool:
        with app.app_context():
            try:
                with scoped(whole(cast.bakery.id)):
                    services.publish("", HENK)
            except NothingNew:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(publish, range(8))) == 1
    with scope_of(cast.bakery):
        assert [one.number for one in queries.history()] == [1]


def test_differences_are_told_in_words(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk, anna = add_contact("Henk Bakker"), add_contact("Anna de Boer")
        till = System(name="Till", rto_hours=4)
        key = Asset(kind=AssetKind.LICENCE, name="Office", licence_key="ABCD-1")
        db.session().add_all([till, key, Asset(kind=AssetKind.PRINTER, name="Laser")])
        db.session().flush()
        say("500.00")
        item_services.assign("runbook.first-contact", {"holder": SeatValues(henk)})
        before = content_of(cast.bakery.id)
        say("1250.50")
        item_services.assign("runbook.first-contact", {"holder": SeatValues(anna)})
        change_row(register("systems"), till.id, {"rto_hours": 8}, version=None)
        change_row(register("licences"), key.id, {"licence_key": "ABCD-2"}, version=None)
        db.session().scalars(sa.select(Asset).where(Asset.name == "Laser")).one().archived_at = AT
        add_step(StepValues("Start the till", till.id))
        with written_in(Language.ENGLISH):
            found = compare(before, content_of(cast.bakery.id))
    told = {
        (part.part, row.heading, row.name): (row.difference, [(line.before, line.after) for line in row.lines])
        for part in found
        for row in part.rows
    }
    assert [part.part for part in found] == [Part.INVENTORY, Part.PROCESSES, Part.RUNBOOK, Part.PAYMENTS]
    assert told[Part.PROCESSES, "Systems", "Till"] == (Difference.CHANGED, [("4", "8")])
    assert told[Part.INVENTORY, "Printers, scanners, copiers and faxes", "Laser"][0] is Difference.REMOVED
    assert told[Part.RUNBOOK, "Recovery steps", "Start the till"][0] is Difference.ADDED
    seat = next(value for (part, heading, _name), value in told.items() if heading == "First point of contact")
    assert seat == (Difference.CHANGED, [("Henk Bakker", "Anna de Boer")])
    amount = next(value for (part, _heading, _name), value in told.items() if part is Part.PAYMENTS)
    assert amount == (Difference.CHANGED, [("€500.00", "€1,250.50")])
    secret = next(row for part in found for row in part.rows if row.name == "Office")
    assert secret.lines[0].hidden
    assert "ABCD-2" not in secret.lines[0].after


def test_the_way_of_a_version_in_the_browser(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, count_queries: Counting
) -> None:
    path = f"/o/{cast.bakery.slug}/plan/versions"
    owner, editor, reader = visitor(cast.owner), visitor(cast.editor), visitor(cast.reader)
    with scope_of(cast.bakery):
        say("500.00")
        add_contact("Henk Bakker")
    assert reader.post(f"{path}/proposals", {"note": "mine"}).status_code == 403
    assert editor.post(f"{path}/proposals", {"note": "n" * 2001}).status_code == 422
    sent = editor.post(f"{path}/proposals", {"note": "With the second shop"})
    assert sent.status_code == 302
    one = sent.headers["Location"]
    shown = editor.get(one).get_data(as_text=True)
    assert "In review" in shown
    assert "Henk Bakker" in shown
    assert "An owner can approve it now." in shown
    assert "Approve and put into use" not in shown, "an editor does not approve"
    assert "What stands in it" in shown
    assert "difference" not in shown, "a first version is held against nothing"
    assert not re.search(r"Added|Removed", shown)
    seen, aside = shown.split("Details for auditors")
    assert "SHA-256" not in seen, "whoever approves a plan need not know what a fingerprint is"
    assert "SHA-256" in aside
    assert editor.post(f"{one}/approve", {"digest": "0" * 64}).status_code == 403
    assert "questions are still open" in owner.get(one).get_data(as_text=True), "whoever approves sees what lacks"
    fingerprint = re.findall(r'name="digest" value="([0-9a-f]{64})"', owner.get(one).get_data(as_text=True))[0]
    assert owner.post(f"{one}/approve", {"digest": "0" * 64}).status_code == 409
    assert owner.post(f"{one}/approve", {"digest": fingerprint}).status_code == 302
    assert editor.post(f"{one}/send-back", {"reason": "I know better"}).status_code == 403
    with scope_of(cast.bakery):
        say("600.00")
    assert "no longer counts" in owner.get(one).get_data(as_text=True)
    assert owner.post(f"{one}/use").status_code == 409
    with scope_of(cast.bakery):
        say("500.00")
    assert owner.post(f"{one}/use").status_code == 302
    nothing = editor.post(f"{path}/proposals", {"note": ""})
    assert nothing.status_code == 422
    assert "Nothing was changed" in nothing.get_data(as_text=True)
    with scope_of(cast.bakery):
        say("700.00")
    two = editor.post(f"{path}/proposals", {"note": ""}).headers["Location"]
    shown = owner.get(two).get_data(as_text=True)
    assert "€500.00" in shown
    assert "€700.00" in shown
    assert "Henk Bakker" not in shown, "only what changed is shown"
    assert "1 difference" in shown
    assert editor.post(f"{two}/send-back", {"reason": ""}).status_code == 422
    assert editor.post(f"{two}/send-back", {"reason": "Too much"}).status_code == 302
    assert owner.post(f"{two}/approve", {"digest": fingerprint}).status_code == 409
    with count_queries() as made:
        listed = reader.get(path).get_data(as_text=True)
    assert len(made) <= 26
    for text in ("With the second shop", "In use", "Back to draft", cast.owner.name, cast.editor.name):
        assert text in listed
    assert "Send for review" not in listed
    assert f'href="/o/{cast.bakery.slug}/papers/"' in listed.partition("<main")[2], "a plan in use is to be printed"
    assert ">Version 1</a>" in listed, "a bare number says nothing to whoever hears the links read out"
    assert "number 1 of" in reader.get(f"/o/{cast.bakery.slug}/plan/").get_data(as_text=True)
    one_id = one.rpartition("/")[2]
    beside = reader.get(f"{path}/compare?from={one_id}&to=now").get_data(as_text=True)
    assert "€500.00" in beside
    assert "€700.00" in beside
    assert reader.get(f"{path}/compare").status_code == 200
    assert reader.get(f"{path}/compare?from={one_id}&to=nothing").status_code == 404


def test_the_history_asks_little_and_knows_what_changed_since_the_plan_was_judged(
    app: Flask, visitor: SignIn, cast: Cast, scope_of: ScopeOf, count_queries: Counting
) -> None:
    path, changed, counts = f"/o/{cast.bakery.slug}/plan/versions", "The plan was changed since version 1.", []
    browser = visitor(cast.editor)

    def look() -> str:
        browser.get(path)
        with count_queries() as made:
            page = str(browser.get(path).get_data(as_text=True))
        counts.append(len(made))
        return page

    with scope_of(cast.bakery):
        say("500.00")
    assert changed not in look(), "there is no version to have changed since"
    with scope_of(cast.bakery):
        services.publish("", HENK)
    with app.app_context():
        sweep.run([cast.bakery.id])
    assert changed not in look()
    with scope_of(cast.bakery):
        say("700.00")
    assert changed in look()
    with app.app_context():
        sweep.run([cast.bakery.id])
    assert changed in look()
    assert (counts[0], counts[1], counts[3]) == (4, 6, 6)


def test_approval_asks_for_a_fresh_proof_of_who_somebody_is() -> None:
    policy = BY_PERMISSION[Permission.PLAN_APPROVE]
    assert policy.fresh
    assert policy.capacities == OWNERS


def test_an_erased_person_is_taken_out_of_what_was_kept(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = add_contact("Henk Bakker")
        version = services.publish("", HENK)
        assert services.redact(henk, "(erased)", lambda rows: rows, at=AT) == 1
        proposal = db.session().scalars(sa.select(PlanProposal)).one()
        kept = queries.kept(proposal.content_id)
        assert "Henk Bakker" not in text_of(kept.content)
        assert "+31612345678" not in text_of(kept.content)
        assert (kept.digest, kept.intact, kept.redacted_at) == (version.digest, False, AT)
