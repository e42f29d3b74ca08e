"""What the service tells strangers about itself is there for anybody, and is so."""

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.privacy.kept import cookies
from core import clock, db
from core.settings import SettingError, read_settings
from plans.guide.walking import PLACE_COOKIE
from tenants.models import LoginSession
from tenants.sessions import TRACES_KEPT
from tenants.sign_in.jobs import JOBS, forget
from tests.cast import Cast
from tests.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("app.py", "serving.py", "core", "tenants", "plans", "continuity", "audits")


@pytest.fixture
def judged() -> bool:
    """Nothing here is about findings."""
    return False


def test_anybody_reads_what_is_kept_and_how_long(app: Flask, cast: Cast) -> None:
    for visitor in (Visitor(app), Visitor(app, cast.owner)):
        visitor.post("/language", {"language": "en"})
        page = visitor.get("/privacy")
        assert page.status_code == 200
        for span in ("180 days after you were last seen there", "15 minutes, and gone", "30 days after", "7 years"):
            assert span in page.text
        for name in ("language", "theme", PLACE_COOKIE, "waarborg"):
            assert f"<code>{name}</code>" in page.text
        assert "has not told yet where to ask" in page.text
    assert 'href="/privacy"' in Visitor(app).get("/sign-in").text


def test_every_cookie_that_is_set_is_told_of(app: Flask, cast: Cast) -> None:
    """Two ways to look: who sets one in the sources, and what a browser holds after a visit."""
    setting = 0
    for room in ROOMS:
        for file in [ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"):
            called = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
            setting += sum(isinstance(func, ast.Attribute) and func.attr == "set_cookie" for func in called)
    told = {one.name for one in cookies("waarborg")}
    assert setting == len(told) - 1, "one is of Flask, each other is set in one place"
    visitor = Visitor(app, cast.owner)
    assert visitor.post("/language", {"language": "nl"}).status_code == 302
    assert visitor.post("/theme", {"theme": "dark"}).status_code == 302
    visitor.get("/o/bakery/plan/path")
    held = {name for _domain, _path, name in visitor.client._cookies or ()}
    assert {"waarborg", "language", "theme"} <= held <= told


@pytest.mark.parametrize(
    ("contact", "link"),
    [("lek@waarborg.example", "mailto:lek@waarborg.example"), ("https://w.example/leak", "https://w.example/leak")],
)
def test_who_runs_it_and_whom_to_tell_of_a_leak(app: Flask, contact: str, link: str) -> None:
    settings = app.config["SETTINGS"]
    told = read_settings({"WAARBORG_PROVIDER": "Stichting <b>Veilig</b>", "WAARBORG_CONTACT": contact})
    app.config["SETTINGS"] = told
    try:
        reader = Visitor(app)
        reader.post("/language", {"language": "en"})
        page = reader.get("/privacy").text
        answer = Visitor(app).get("/.well-known/security.txt")
    finally:
        app.config["SETTINGS"] = settings
    assert "Stichting &lt;b&gt;Veilig&lt;/b&gt; runs this service." in page
    assert f'<a href="{link}">{contact}</a>' in page
    assert answer.content_type == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert lines["Contact"] == link
    assert lines["Canonical"] == "http://localhost:8000/.well-known/security.txt"
    assert lines["Policy"] == "http://localhost:8000/privacy"
    # RFC 9116: an instant, and less than a year away.
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=30) < expires - clock.now() < timedelta(days=365)


def test_without_a_contact_there_is_nothing_to_find(app: Flask) -> None:
    assert Visitor(app).get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("wrong", ["nobody", "http://w.example/", "a@b\nExpires: never", "mailto:a@b.example", "a b@c"])
def test_a_contact_that_nobody_can_reach_stops_the_start(wrong: str) -> None:
    with pytest.raises(SettingError, match="WAARBORG_CONTACT"):
        read_settings({"WAARBORG_CONTACT": wrong})


@pytest.mark.parametrize("wrong", ["x" * 201, "two\nlines", "a\x00"])
def test_a_name_that_is_no_line_stops_the_start(wrong: str) -> None:
    with pytest.raises(SettingError, match="WAARBORG_PROVIDER"):
        read_settings({"WAARBORG_PROVIDER": wrong})


def test_programs_find_where_a_password_is_changed_and_what_to_leave_alone(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    answer = visitor.get("/.well-known/change-password")
    assert answer.headers["Location"] == "/security/password"
    assert visitor.get("/security/password").status_code in {200, 303}
    robots = Visitor(app).get("/robots.txt").text
    assert re.findall(r"^(Allow|Disallow): (.+)$", robots, re.MULTILINE) == [("Allow", "/privacy"), ("Disallow", "/")]


def test_where_people_signed_in_long_ago_is_forgotten_and_that_they_did_is_not(app: Flask, cast: Cast) -> None:
    seen = {
        "old": clock.now() - TRACES_KEPT - timedelta(minutes=1),
        "new": clock.now() - TRACES_KEPT + timedelta(hours=1),
    }
    with app.app_context():
        db.begin(writes=True)
        for name, at in seen.items():
            row = LoginSession(token_hash=name * 20, user_id=cast.owner.id, created_at=at, proved_at=at, strong=False)
            row.seen_at, row.address, row.agent = at, "192.0.2.1", f"Browser {name}"
            db.session().add(row)
        db.commit()
        forget()
        db.begin(writes=False)
        rows = db.session().execute(sa.select(LoginSession.seen_at, LoginSession.address, LoginSession.agent)).all()
        db.rollback()
    assert {tuple(row) for row in rows} == {(seen["old"], "", ""), (seen["new"], "192.0.2.1", "Browser new")}
    assert forget in {job.run for job in JOBS}
