"""Items of the organisation's own: asked, answered, left out, judged, filed and ended as those of the handbook are."""

import io
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from audits.findings import queries
from core import clock, db
from plans.errors import NotThere, PlanError
from plans.handbook import Section
from plans.models import Answer, OwnItem, OwnKind
from plans.own_items import services
from plans.own_items.queries import own_items
from tests.cast import Cast, Organisation
from tests.plans.items_scene import ScopeOf, SignIn
from tests.visitor import Visitor

TITLE = "Where does the emergency folder lie?"
ADDER = services.Adder("Henk", date(2026, 11, 22))


@pytest.fixture
def judged() -> bool:
    """These pages tell what is found."""
    return True


def add(browser: Visitor, place: Organisation, section: str = "runbook", **sent: str) -> str:
    """Add an own item and return the address of its page."""
    answer = browser.post(f"/o/{place.slug}/plan/{section}/own", {"title": TITLE, "kind": "text", **sent})
    assert answer.status_code == 302
    shown = browser.get(answer.location).get_data(as_text=True)
    return str(re.findall(rf'href="(/o/{place.slug}/plan/{section}/own-[0-9a-f]+)"', shown)[-1])


def test_an_own_item_goes_where_every_item_goes(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, base = visitor(cast.owner), f"/o/{cast.bakery.slug}"
    address = add(browser, cast.bakery, help="The fire brigade asks for it.", interval_days="365")
    fresh = browser.get(address).get_data(as_text=True)
    assert TITLE in fresh
    assert "The fire brigade asks for it." in fresh
    assert "has not been answered yet" in fresh
    assert "0 of 14 in order" in browser.get(f"{base}/plan/runbook").get_data(as_text=True)
    findings = browser.get(f"{base}/findings?section=own").get_data(as_text=True)
    link = re.search(rf'href="({base}/plan/own/[0-9a-f-]+)"', findings)
    assert link
    assert browser.get(link[1]).location == address

    step = browser.get(f"{address}?path=on").get_data(as_text=True)
    assert "of 76" in step
    answer = browser.post(f"{address}/own-answer?path=on", {"answer": "Behind the desk"})
    assert answer.location == f"{base}/plan/backup/offsite-data?path=on", "the path goes on behind its section"
    section = browser.get(f"{base}/plan/runbook").get_data(as_text=True)
    assert "Behind the desk" in section
    assert "1 of 14 in order" in section
    assert TITLE not in browser.get(f"{base}/findings?section=own").get_data(as_text=True)
    with scope_of(cast.bakery):
        (lapsing,) = [one for one in queries.lapsing(up_to=date(2099, 1, 1)) if one.code == "own.item"]
        assert (lapsing.label, lapsing.until) == (TITLE, clock.today() + timedelta(days=365))

    asked = {"name": "plan", "as_of": clock.today().isoformat(), "language": "en"}
    sheet = load_workbook(io.BytesIO(browser.post(f"{base}/reports/", asked).data))["Plan"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == TITLE]
    assert [(row[0], row[2], row[3]) for row in rows] == [("Recovery runbook", "In order", "Behind the desk")]
    assert "Own question" in browser.get(f"{base}/trail/").get_data(as_text=True)


def test_an_own_item_is_left_out_with_reason_author_and_end_and_comes_back(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    browser = visitor(cast.owner)
    address = add(browser, cast.bakery)
    until = clock.today() + timedelta(days=10)
    sent = {"reason": "We have no folder yet", "until": until.isoformat()}
    assert browser.post(f"{address}/waivers", sent).status_code == 302
    shown = browser.get(address).get_data(as_text=True)
    assert "We have no folder yet" in shown
    assert f"Proposed and approved by {cast.owner.name}" in shown
    assert "1 of 14 in order" in browser.get(f"/o/{cast.bakery.slug}/plan/runbook").get_data(as_text=True)
    with scope_of(cast.bakery):
        assert [gap.severity for gap in queries.open_findings() if gap.code == "own.item"] == ["notice"]
    (end,) = re.findall(rf'action="({address}/waivers/[0-9a-f-]+/end)"', shown)
    assert browser.post(end).status_code == 302
    assert "has not been answered yet" in browser.get(address).get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "sent", "wrong", "text"),
    [
        ("day", {"answer": "2026-03-05", "explanation": "With Piet"}, {"answer": "31-02-2027"}, "5 March 2026"),
        ("yes_no", {"answer": "yes"}, {"answer": "perhaps"}, "Yes"),
    ],
)
def test_each_kind_of_answer_is_read_and_told(
    visitor: SignIn, cast: Cast, kind: str, sent: dict[str, str], wrong: dict[str, str], text: str
) -> None:
    browser = visitor(cast.editor)
    address = add(browser, cast.bakery, "upkeep", kind=kind)
    assert browser.post(f"{address}/own-answer", wrong).status_code == 422
    assert browser.post(f"{address}/own-answer", sent).status_code == 302
    assert f"<dd>{text}</dd>" in visitor(cast.reader).get(address).get_data(as_text=True)


def test_two_who_answer_at_once_lose_no_words(visitor: SignIn, cast: Cast) -> None:
    henk, eva = visitor(cast.owner), visitor(cast.editor)
    address = add(henk, cast.bakery)
    assert henk.post(f"{address}/own-answer", {"answer": "At Henk's"}).status_code == 302
    late = eva.post(f"{address}/own-answer", {"answer": "At Eva's", "seen": "another page"})
    shown = late.get_data(as_text=True)
    assert (late.status_code, "At Henk&#39;s" in shown, "At Eva&#39;s" in shown) == (409, True, True)
    (seen,) = re.findall(r'name="seen" type="hidden" value="([^"]+)"', shown)
    assert eva.post(f"{address}/own-answer", {"answer": "At Eva's", "seen": seen}).status_code == 302

    listed = henk.get(f"/o/{cast.bakery.slug}/plan/runbook/own").get_data(as_text=True)
    (edit,) = re.findall(r'href="([^"]+/runbook/own/[0-9a-f-]{36})"', listed)
    shown = henk.get(edit).get_data(as_text=True)
    (seen,) = re.findall(r'name="seen" type="hidden" value="([^"]+)"', shown)
    assert eva.post(edit, {"title": "Where is the red folder?", "seen": seen}).status_code == 302
    late = henk.post(edit, {"title": "Where is the blue folder?", "seen": seen})
    shown = late.get_data(as_text=True)
    assert (late.status_code, "red folder" in shown, "blue folder" in shown) == (409, True, True)


def test_ending_an_own_item_keeps_what_was_answered(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, base = visitor(cast.editor), f"/o/{cast.bakery.slug}/plan/runbook"
    address = add(browser, cast.bakery)
    browser.post(f"{address}/own-answer", {"answer": "Behind the desk"})
    with scope_of(cast.bakery):
        (own,) = own_items()
    for _twice in range(2):
        assert browser.post(f"{base}/own/{own.id}/end").status_code == 302
    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}/own-answer", {"answer": "Elsewhere"}).status_code == 404
    assert TITLE not in browser.get(base).get_data(as_text=True)
    assert "No longer asked" in browser.get(f"{base}/own").get_data(as_text=True)
    assert browser.get(f"/o/{cast.bakery.slug}/plan/own/{own.id}").location == f"{base}/own"
    with scope_of(cast.bakery):
        stored = db.session().scalars(sa.select(Answer).where(Answer.item_id == own.item.id)).one()
        assert stored.values == {"answer": "Behind the desk"}
    assert browser.post(f"{base}/own/{own.id}/again").status_code == 302
    assert "Behind the desk" in browser.get(base).get_data(as_text=True)


def test_what_an_own_item_may_be(cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch) -> None:
    with scope_of(cast.bakery):
        for values, field in (
            (services.OwnValues("no"), "title"),
            (services.OwnValues(TITLE, "", 0), "interval_days"),
            (services.OwnValues(TITLE, "", 3651), "interval_days"),
        ):
            with pytest.raises(PlanError) as refusal:
                services.add_own(Section.BACKUP, OwnKind.TEXT, values, ADDER)
            assert refusal.value.field == field
        row_id = uuid4()
        for _twice in range(2):
            services.add_own(Section.BACKUP, OwnKind.TEXT, services.OwnValues(TITLE), ADDER, row_id=row_id)
        assert [one.id for one in own_items(Section.BACKUP)] == [row_id]
        assert own_items(Section.UPKEEP) == ()
        with pytest.raises(NotThere):
            services.end_own(Section.UPKEEP, row_id, at=clock.now())
        monkeypatch.setattr(services, "MOST", 1)
        with pytest.raises(PlanError):
            services.add_own(Section.BACKUP, OwnKind.TEXT, services.OwnValues(TITLE), ADDER)
    with scope_of(cast.other), pytest.raises(NotThere):
        services.ask_again(Section.BACKUP, row_id)


def test_an_own_item_of_somebody_else_is_nowhere(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    address = add(visitor(cast.owner), cast.bakery)
    with scope_of(cast.bakery):
        row_id: UUID = db.session().scalars(sa.select(OwnItem.id)).one()
    stranger, other = visitor(cast.stranger), f"/o/{cast.other.slug}/plan"
    assert stranger.get(address.replace(cast.bakery.slug, cast.other.slug)).status_code == 404
    assert stranger.get(f"{other}/own/{row_id}").status_code == 404
    assert stranger.post(f"{other}/runbook/own/{row_id}/end").status_code == 404
    reader = visitor(cast.reader)
    assert reader.get(address).status_code == 200
    assert reader.post(f"{address}/own-answer", {"answer": "x"}).status_code == 403
    assert "Add the question" not in reader.get(f"/o/{cast.bakery.slug}/plan/runbook/own").get_data(as_text=True)
