"""The pages of papers and kits: who takes what is written down, and a square tells whether a paper is stale."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from pypdf import PdfReader

from audits.paper import services, views
from audits.paper.errors import PaperError
from audits.paper.material import gather_paper
from audits.paper.models import KitCopy, Paper, PaperKind, PaperToken
from audits.paper.services import KeptAt, hash_of
from audits.sweeping import sweep
from audits.takeout import views as takeout_views
from audits.workbooks.material import Made
from core import clock, db
from core.i18n import Language
from plans.errors import NotThere
from plans.items.services import AnswerValues, save_answer
from plans.models import Answer, Contact
from plans.versions.current import current_version
from plans.versions.services import Signed, publish
from tenants.models import Tenant, TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.paper.opening import open_patiently
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
Enter = Callable[[Person | None], Visitor]
PASSPHRASE = "drie fietsen onder de paarse brug"
KIT = {"languages": "en", "opens": "age", "passphrase": PASSPHRASE, "again": PASSPHRASE}


def print_one(scope_of: Scoped, cast: Cast, kind: PaperKind = PaperKind.ALL) -> tuple[UUID, str]:
    """Make a paper as the page does, and return its id and the secret in its square."""
    with scope_of(cast.bakery):
        material = gather_paper(cast.bakery.id, clock.today())
        made, secret = Made(clock.now(), "Henk"), services.draw_secret()
        return services.register(kind, (Language.DUTCH,), services.says(material), made, secret, b"PDF").id, secret


def change(scope_of: Scoped, cast: Cast, amount: int) -> None:
    """Let the plan say something else."""
    with scope_of(cast.bakery):
        save_answer("payments.four-eyes", AnswerValues({"amount": f"{amount}.00"}), by="Henk", today=clock.today())


def publish_one(scope_of: Scoped, cast: Cast) -> int:
    """Put the plan into use, with something new in it."""
    with scope_of(cast.bakery):
        before = current_version() or 0
    change(scope_of, cast, before + 1)
    with scope_of(cast.bakery):
        return publish("", Signed("Henk", clock.now(), clock.today())).number


def test_others_write_while_papers_kits_and_takeouts_are_made(
    app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in = []

    def meanwhile(made: Callable[..., Any]) -> Callable[..., Any]:
        def with_a_writer(*arguments: Any, **named: Any) -> Any:
            with db.engine().connect() as other, other.begin():
                # On SQLite this waits for the one writer there can be, and fails when that one is us.
                other.execute(sa.update(Tenant).where(Tenant.id == cast.other.id).values(name="Written meanwhile"))
            let_in.append(made.__name__)
            return made(*arguments, **named)

        return with_a_writer

    for module, name in ((views, "print_paper"), (views, "make_kit"), (takeout_views, "take_out")):
        monkeypatch.setattr(module, name, meanwhile(getattr(module, name)))
    owner, here = visitor(cast.owner), f"/o/{cast.bakery.slug}"
    assert owner.post(f"{here}/papers/", {"kind": "card", "language": "en"}).status_code == 200
    assert owner.post(f"{here}/papers/kit", KIT).status_code == 200
    assert owner.post(f"{here}/takeout/", {"language": "en"}).status_code == 200
    assert let_in == ["print_paper", "make_kit", "take_out"]
    with scope_of(cast.bakery):
        kept = set(db.session().scalars(sa.select(TrailEntry.action)))
    assert {"paper.printed", "kit.downloaded", "data.exported"} <= kept


def test_a_reader_prints_and_the_trail_tells(app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped) -> None:
    answer = visitor(cast.reader).post(f"/o/{cast.bakery.slug}/papers/", {"kind": "card", "language": "en"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "Call card" in " ".join(text.split())
    named = f"filename=waarborg-call-card-{cast.bakery.slug}-{clock.today().isoformat()}.pdf"
    assert answer.headers["Content-Disposition"].endswith(named)
    with scope_of(cast.bakery):
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "paper.printed")).one()
        assert entry.actor == cast.reader.name
        paper = db.session().scalars(sa.select(Paper)).one()
        assert (paper.kind, paper.languages, paper.plan_version, paper.changed) == (PaperKind.CARD, "en", 0, True)


@pytest.mark.parametrize("sent", [{"kind": "kit", "language": "nl"}, {"kind": "all", "language": "fr"}, {}])
def test_a_paper_that_does_not_exist_is_not_made(cast: Cast, visitor: Enter, sent: dict[str, str]) -> None:
    assert visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/", sent).status_code == 404


def test_taking_the_plan_away_asks_for_a_fresh_proof(cast: Cast, visitor: Enter) -> None:
    owner = visitor(cast.owner)
    path = f"/o/{cast.bakery.slug}/papers/kit"
    assert owner.get(path).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        answer = owner.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/prove?")


def test_the_kit_comes_encrypted_and_its_passphrase_is_kept_nowhere(
    app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped
) -> None:
    owner = visitor(cast.owner)
    answer = owner.post(f"/o/{cast.bakery.slug}/papers/kit", KIT)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert open_patiently(answer.data, PASSPHRASE).startswith(b"PK")
    with scope_of(cast.bakery):
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "kit.downloaded")).one()
        assert entry.actor == cast.owner.name
        assert PASSPHRASE not in str(entry.changes)
        told = [str(row.changes) for row in db.session().scalars(sa.select(TrailEntry))]
        assert not [one for one in told if "fietsen" in one]


def test_each_visit_proposes_another_passphrase(cast: Cast, visitor: Enter) -> None:
    owner = visitor(cast.owner)
    found = set()
    for _nth in range(2):
        page = owner.get(f"/o/{cast.bakery.slug}/papers/kit").get_data(as_text=True)
        match = re.search(r'name="passphrase"[^>]*value="([^"]+)"', page)
        assert match
        found.add(match.group(1))
    assert len(found) == 2


@pytest.mark.parametrize(
    "wrong", [{"passphrase": "te kort"}, {"again": "anders"}, {"languages": ""}, {"languages": "fr"}]
)
def test_a_kit_that_is_asked_for_wrongly_is_not_made(
    cast: Cast, visitor: Enter, scope_of: Scoped, wrong: dict[str, str]
) -> None:
    answer = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/kit", KIT | wrong)
    assert answer.status_code == 422
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Paper)).all() == []


def test_a_square_tells_current_and_then_since_when_it_is_not(
    app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped
) -> None:
    publish_one(scope_of, cast)
    _paper_id, token = print_one(scope_of, cast)
    nobody = visitor(None)
    english = {"Accept-Language": "en"}
    page = nobody.get(f"/p/{token}", headers=english)
    assert page.status_code == 200
    assert "Current." in page.get_data(as_text=True)
    assert "was approved on" in page.get_data(as_text=True)
    change(scope_of, cast, 7)
    page = nobody.get(f"/p/{token}", headers=english)
    assert "The plan was changed since." in page.get_data(as_text=True)
    assert "Current." not in page.get_data(as_text=True)
    change(scope_of, cast, 1)
    assert "Current." in nobody.get(f"/p/{token}", headers=english).get_data(as_text=True)
    publish_one(scope_of, cast)
    page = nobody.get(f"/p/{token}", headers=english)
    assert "Superseded on" in page.get_data(as_text=True)
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_a_square_tells_nothing_but_that(app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Geheime Gerda", phone="0612345678"))
    _paper_id, token = print_one(scope_of, cast)
    page = visitor(None).get(f"/p/{token}").get_data(as_text=True)
    assert cast.bakery.name not in page
    assert cast.bakery.slug not in page
    assert "Henk" not in page
    assert "Gerda" not in page


@pytest.mark.parametrize("token", ["x", "0123456789abcdefghijklmn", "a" * 500])
def test_a_square_of_nobody_is_unknown(app: Flask, cast: Cast, visitor: Enter, token: str) -> None:
    assert visitor(None).get(f"/p/{token}").status_code == 404


def test_a_withdrawn_paper_says_so(app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped) -> None:
    paper_id, token = print_one(scope_of, cast)
    path = f"/o/{cast.bakery.slug}/papers/{paper_id}/withdraw"
    assert visitor(cast.reader).post(path).status_code == 403
    editor = visitor(cast.editor)
    assert editor.post(path).status_code == 302
    assert editor.post(path).status_code == 302
    assert "Withdrawn on" in visitor(None).get(f"/p/{token}", headers={"Accept-Language": "en"}).get_data(as_text=True)
    with scope_of(cast.bakery):
        told = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "paper.withdrawn")).all()
        assert len(told) == 1


def test_papers_of_an_organisation_that_left_are_unknown(
    app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped
) -> None:
    _paper_id, token = print_one(scope_of, cast)
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, cast.bakery.id).left_at = clock.now()
        db.commit()
    assert visitor(None).get(f"/p/{token}").status_code == 404


def test_only_the_hash_of_a_square_is_kept(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    paper_id, token = print_one(scope_of, cast)
    with app.app_context():
        row = db.session().scalars(sa.select(PaperToken)).one()
        assert (row.token_hash, row.organisation_id, row.paper_id) == (hash_of(token), cast.bakery.id, paper_id)
        assert token not in row.token_hash


def test_where_a_kit_went_answers_the_item_about_the_copy_off_site(
    app: Flask, cast: Cast, visitor: Enter, scope_of: Scoped
) -> None:
    version = publish_one(scope_of, cast)
    with scope_of(cast.bakery):
        keeper = Contact(name="Henk", phone="0612345678")
        db.session().add(keeper)
        db.session().flush()
        keeper_id = keeper.id
    kit_id, _token = print_one(scope_of, cast, PaperKind.KIT)
    editor = visitor(cast.editor)
    path = f"/o/{cast.bakery.slug}/papers/{kit_id}/copies/new"
    page = editor.get(path).get_data(as_text=True)
    row_id = re.search(r'name="new_row"[^>]*value="([^"]+)"', page)
    assert row_id
    sent = {
        "new_row": row_id.group(1),
        "medium": "USB-stick",
        "place": "Kluis",
        "keeper": str(keeper_id),
        "kept_on": clock.today().isoformat(),
    }
    assert editor.post(path, {**sent, "medium": ""}).status_code == 422
    for _twice in range(2):
        assert editor.post(path, sent).status_code == 302
    with scope_of(cast.bakery):
        copy = db.session().scalars(sa.select(KitCopy)).one()
        answer = db.session().scalars(sa.select(Answer).where(Answer.item_id == "backup.offsite-plan")).one()
        assert answer.values == {"location": "Kluis, USB-stick", "version": version}
        assert answer.contact_id == keeper_id
        copy_id = copy.id
    assert "USB-stick" in editor.get(f"/o/{cast.bakery.slug}/papers/").get_data(as_text=True)
    assert editor.post(f"/o/{cast.bakery.slug}/papers/copies/{copy_id}/gone").status_code == 302
    assert "USB-stick" not in editor.get(f"/o/{cast.bakery.slug}/papers/").get_data(as_text=True)


def test_an_older_kit_does_not_take_the_place_of_a_newer_one(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    publish_one(scope_of, cast)
    old, _token = print_one(scope_of, cast, PaperKind.KIT)
    publish_one(scope_of, cast)
    new, _token = print_one(scope_of, cast, PaperKind.KIT)
    today = clock.today()
    with scope_of(cast.bakery):
        services.record_copy(new, KeptAt("Stick", "Kluis", None, today), by="Henk", today=today)
        services.record_copy(old, KeptAt("Stick", "Lade", None, today), by="Henk", today=today)
        answer = db.session().scalars(sa.select(Answer).where(Answer.item_id == "backup.offsite-plan")).one()
        assert answer.values == {"location": "Kluis, Stick", "version": 2}


def test_a_copy_is_of_a_kit_and_of_no_day_to_come(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    paper, _token = print_one(scope_of, cast)
    kit, _token = print_one(scope_of, cast, PaperKind.KIT)
    today = clock.today()
    with scope_of(cast.bakery):
        with pytest.raises(NotThere):
            services.record_copy(paper, KeptAt("Stick", "Lade", None, today), by="Henk", today=today)
        later = KeptAt("Stick", "Lade", None, today + timedelta(days=1))
        with pytest.raises(PaperError):
            services.record_copy(kit, later, by="Henk", today=today)
        with pytest.raises(PaperError):
            services.record_copy(kit, KeptAt("Stick", "Lade", kit, today), by="Henk", today=today)


def test_printing_does_not_ask_for_a_new_judgement(
    app: Flask, cast: Cast, visitor: Enter, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    owner = visitor(cast.owner)
    with app.app_context():
        sweep.run()
    with count_queries() as sent:
        assert owner.post(f"/o/{cast.bakery.slug}/papers/", {"kind": "card", "language": "nl"}).status_code == 200
    assert not [one for one in sent if "tenant_change" in one and not one.startswith("SELECT")]


def test_the_list_takes_a_fixed_number_of_queries(
    app: Flask,
    cast: Cast,
    visitor: Enter,
    scope_of: Scoped,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    owner = visitor(cast.owner)
    path = f"/o/{cast.bakery.slug}/papers/"
    counts = []
    for _nth in range(2):
        print_one(scope_of, cast, PaperKind.KIT)
        with count_queries() as sent:
            assert owner.get(path).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
