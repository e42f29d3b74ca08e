"""Links to people without an account: each opens its own question, once, and changes nothing by being opened."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.erasing.services import erase_contact
from core import clock, db
from core.db import Base
from plans.items import services as item_services
from plans.items.services import SeatValues
from plans.models import Assignment, Contact
from plans.runbook import services
from plans.seats import TEAM_ITEM
from tenants.models import PlanLink, TrailEntry
from tenants.personal_links import views
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation
from tests.mailbox import last_letter, letters_to, link_in
from tests.plans.items_scene import ScopeOf, add_contact
from tests.visitor import Visitor

HENK, TASK = "henk@people.example", "Belt de verzekeraar"
TASKS = "/o/bakery/plan/runbook/tasks-known"
# What a look may touch: that somebody looked, and the chain of the trail that says so.
LOOKED = {"mailed_link", "trail_entry", "trail_head"}


@pytest.fixture
def henk(cast: Cast, scope_of: ScopeOf) -> UUID:
    """A member of the team with a task and an address."""
    with scope_of(cast.bakery):
        found = add_contact(email=HENK)
        item_services.assign(TEAM_ITEM, {"management": SeatValues(found)})
        services.save_tasks({"management": TASK}, today=clock.today())
    return found


def ask(app: Flask, cast: Cast, henk: UUID) -> str:
    """Ask Henk and return the path of the link in his mail."""
    assert Visitor(app, cast.editor).post(f"{TASKS}/people/{henk}/ask").status_code == 302
    return link_in(last_letter(app, HENK))


def known_on(app: Flask, where: Organisation) -> object:
    with app.app_context(), scoped(whole(where.id), writes=False):
        return db.session().scalar(sa.select(Assignment.acknowledged_on).where(Assignment.seat == "management"))


def content(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, as the database keeps it."""
    with app.app_context(), db.engine().connect() as connection:
        if connection.dialect.name == "postgresql":
            pytest.skip("the service cannot read past the scopes there")
        return {
            table.name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')))  # noqa: S608 -- our own names
            for table in Base.metadata.sorted_tables
        }


def link_id(app: Flask, where: Organisation) -> UUID:
    with app.app_context(), scoped(whole(where.id), writes=False):
        return db.session().scalars(sa.select(PlanLink.id).order_by(PlanLink.id.desc())).first()  # type: ignore[return-value]


def test_person_without_an_account_says_that_they_know_their_task(app: Flask, cast: Cast, henk: UUID) -> None:
    link, guest = ask(app, cast, henk), Visitor(app)
    page = guest.get(link)
    text = page.get_data(as_text=True)
    assert TASK in text
    assert cast.bakery.name in text
    assert "Henk Bakker" in text
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert known_on(app, cast.bakery) is None
    assert guest.post(link).status_code == 303
    assert known_on(app, cast.bakery) == clock.today("Europe/Amsterdam")
    assert "Thank you" in guest.get(link).get_data(as_text=True)
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        told = {
            (entry.actor, entry.role, entry.action, entry.subject)
            for entry in db.session().scalars(sa.select(TrailEntry))
        }
    assert {("Henk Bakker", "recipient", "link.opened", "plan_link"),
            ("Henk Bakker", "recipient", "changed", "assignment")} <= told  # fmt: skip


def test_looking_changes_nothing_but_that_somebody_looked(app: Flask, cast: Cast, henk: UUID) -> None:
    link = ask(app, cast, henk)
    before = content(app)
    for _ in range(3):
        assert Visitor(app).client.get(link).status_code == 200
        assert Visitor(app).client.head(link).status_code == 200
    after = content(app)
    assert {name for name in before if before[name] != after[name]} <= LOOKED
    assert len(after["trail_entry"]) == len(before["trail_entry"]) + 1


def test_link_gives_no_session_and_opens_no_other_page(app: Flask, cast: Cast, henk: UUID) -> None:
    link, guest = ask(app, cast, henk), Visitor(app)
    guest.get(link)
    guest.post(link)
    assert {cookie.key for cookie in (guest.client._cookies or {}).values()} <= {"waarborg"}
    for path in ("/o/bakery/", "/o/bakery/plan/", TASKS, "/o/bakery/links/"):
        answer = guest.get(path)
        assert answer.status_code == 302
        assert "/sign-in" in answer.headers["Location"]


def test_secret_of_another_purpose_opens_nothing(app: Flask, cast: Cast, henk: UUID) -> None:
    token = ask(app, cast, henk).rpartition("/")[2]
    for path in (f"/invitation/{token}", f"/reset/{token}", "/link/nonsense", f"/link/{'x' * 300}"):
        assert Visitor(app).get(path).status_code in {404, 410}
    form = {"email": "nieuw@people.example", "role": "reader"}
    assert Visitor(app, cast.owner).post("/o/bakery/people/invite", form).status_code == 302
    invitation = link_in(last_letter(app, "nieuw@people.example")).rpartition("/")[2]
    assert Visitor(app).get(f"/link/{invitation}").status_code == 410


def test_form_without_the_token_of_its_page_is_refused(app: Flask, cast: Cast, henk: UUID) -> None:
    link = ask(app, cast, henk)
    assert Visitor(app).client.post(link).status_code == 400
    assert known_on(app, cast.bakery) is None


def test_of_several_answers_at_once_one_counts(app: Flask, cast: Cast, henk: UUID) -> None:
    link = ask(app, cast, henk)
    guests = [Visitor(app) for _ in range(4)]
    tokens = [guest.token for guest in guests]
    with ThreadPoolExecutor(4) as pool:
        pairs = zip(guests, tokens, strict=True)
        answers = list(pool.map(lambda one: one[0].client.post(link, data={"csrf_token": one[1]}).status_code, pairs))
    assert set(answers) <= {200, 303}
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        query = sa.select(TrailEntry.subject).where(TrailEntry.role == "recipient", TrailEntry.action == "changed")
        changed = list(db.session().scalars(query))
    assert sorted(changed) == ["assignment", "plan_link"]


def test_revoked_link_opens_nothing(app: Flask, cast: Cast, henk: UUID) -> None:
    link, guest = ask(app, cast, henk), Visitor(app)
    owner = Visitor(app, cast.owner)
    assert HENK in owner.get("/o/bakery/links/").get_data(as_text=True)
    assert owner.post(f"/o/bakery/links/{link_id(app, cast.bakery)}/revoke").status_code == 302
    page = guest.get(link)
    assert page.status_code == 410
    assert TASK not in page.get_data(as_text=True)
    assert guest.post(link).status_code == 410
    assert known_on(app, cast.bakery) is None
    assert HENK not in owner.get("/o/bakery/links/").get_data(as_text=True)


def test_only_the_newest_link_works(app: Flask, cast: Cast, henk: UUID) -> None:
    first = ask(app, cast, henk)
    assert Visitor(app, cast.editor).post(f"/o/bakery/links/{link_id(app, cast.bakery)}/resend").status_code == 302
    second = link_in(last_letter(app, HENK))
    third = ask(app, cast, henk)
    assert [Visitor(app).get(link).status_code for link in (first, second, third)] == [410, 410, 200]


def test_link_grows_too_old(app: Flask, cast: Cast, henk: UUID) -> None:
    link = ask(app, cast, henk)
    with time_machine.travel(clock.now() + timedelta(days=30, seconds=1), tick=False):
        guest = Visitor(app)
        assert guest.get(link).status_code == 410
        assert guest.post(link).status_code == 410
    assert known_on(app, cast.bakery) is None


def test_link_about_what_changed_since_opens_nothing(app: Flask, cast: Cast, henk: UUID, scope_of: ScopeOf) -> None:
    link = ask(app, cast, henk)
    with scope_of(cast.bakery):
        services.save_tasks({"management": "Belt de bank"}, today=clock.today())
    guest = Visitor(app)
    page = guest.get(link)
    assert page.status_code == 410
    assert "Belt de bank" not in page.get_data(as_text=True)
    assert guest.post(link).status_code == 410
    editor = Visitor(app, cast.editor)
    editor.post(f"/o/bakery/links/{link_id(app, cast.bakery)}/resend")
    assert len(letters_to(app, HENK)) == 1
    assert HENK not in editor.get("/o/bakery/links/").get_data(as_text=True)


def test_somebody_new_in_the_seat_is_not_answered_for(app: Flask, cast: Cast, henk: UUID, scope_of: ScopeOf) -> None:
    link = ask(app, cast, henk)
    with scope_of(cast.bakery):
        item_services.assign(TEAM_ITEM, {"management": SeatValues(add_contact("Fatima El Amrani"))})
    assert Visitor(app).post(link).status_code == 410
    assert known_on(app, cast.bakery) is None


def test_nobody_is_written_to_without_end(app: Flask, cast: Cast, henk: UUID) -> None:
    for _ in range(8):
        ask(app, cast, henk)
    assert len(letters_to(app, HENK)) == 5


def test_asking_somebody_without_an_address_says_so(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        silent = add_contact("Sanne de Wit")
        item_services.assign(TEAM_ITEM, {"management": SeatValues(silent)})
        services.save_tasks({"management": TASK}, today=clock.today())
    editor = Visitor(app, cast.editor)
    editor.post(f"{TASKS}/people/{silent}/ask")
    assert "Sanne de Wit has no e-mail address yet." in editor.get(TASKS).get_data(as_text=True)
    assert editor.get("/o/bakery/links/").get_data(as_text=True).count("Sanne de Wit") == 0


def test_trying_secrets_ends_soon(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_MISSES", 2)
    answers = [Visitor(app).get(f"/link/guess-{number}").status_code for number in range(3)]
    assert answers == [410, 410, 429]


def test_reader_sees_the_links_and_changes_none(app: Flask, cast: Cast, henk: UUID) -> None:
    link = ask(app, cast, henk)
    reader, row = Visitor(app, cast.reader), link_id(app, cast.bakery)
    assert HENK in reader.get("/o/bakery/links/").get_data(as_text=True)
    for action in ("revoke", "resend"):
        assert reader.post(f"/o/bakery/links/{row}/{action}").status_code == 403
    assert Visitor(app).get(link).status_code == 200


def test_page_speaks_the_language_the_link_was_sent_in(app: Flask, cast: Cast, henk: UUID, scope_of: ScopeOf) -> None:
    link = ask(app, cast, henk)
    assert '<html lang="en"' in Visitor(app).get(link, headers={"Accept-Language": "nl"}).get_data(as_text=True)


def test_erased_person_is_in_no_link_and_answers_no_more(app: Flask, cast: Cast, henk: UUID, scope_of: ScopeOf) -> None:
    link = ask(app, cast, henk)
    with scope_of(cast.bakery):
        erase_contact(db.session().get_one(Contact, (cast.bakery.id, henk)), at=clock.now(), today=clock.today())
    with scope_of(cast.bakery):
        kept = db.session().scalars(sa.select(PlanLink)).one()
        assert "Henk" not in kept.name
        assert kept.email == ""
        told = db.session().scalars(sa.select(TrailEntry.changes).where(TrailEntry.subject == "plan_link")).all()
    assert HENK not in str(told)
    assert Visitor(app).get(link).status_code == 410
