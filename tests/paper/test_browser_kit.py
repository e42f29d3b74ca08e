"""The offline kit as a page that opens itself: what stands outside the age file, who took it, and what is inside."""

import base64
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa

from audits.paper.models import Paper, PaperKind
from audits.paper.offline import paper_part
from core import clock, db
from core.age import unarmoured
from core.serving import assets
from plans.models import Contact, RecoveryStep
from tenants.models import TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.paper.opening import open_patiently
from tests.paper.test_kit import TYPIST
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
Enter = Callable[[Person | None], Visitor]
PASSPHRASE = "één paraplu  en 🚲 van opa"
KIT = {"languages": "nl", "opens": "browser", "passphrase": PASSPHRASE, "again": PASSPHRASE}
SECRET = "Geheime Gerda"


def lines_of(page: bytes) -> str:
    """Return the age file in a page as somebody cuts it out with a text editor."""
    found = re.findall(rb"^-----BEGIN AGE[^\n]*\n.*?^-----END AGE[^\n]*$", page, re.S | re.M)
    assert len(found) == 1
    return str(found[0].decode("ascii"))


def made(scope_of: Scoped, cast: Cast) -> tuple[int, list[tuple[str, str]]]:
    """Return how many papers were made, and who took kits, with what the trail tells of each."""
    with scope_of(cast.bakery):
        papers = db.session().scalars(sa.select(Paper)).all()
        query = sa.select(TrailEntry).where(TrailEntry.action == "kit.downloaded")
        return len(papers), [(entry.actor, str(entry.changes)) for entry in db.session().scalars(query)]


def test_a_kit_for_any_browser_names_nobody_and_tells_the_trail_once(
    cast: Cast, visitor: Enter, scope_of: Scoped
) -> None:
    with scope_of(cast.bakery):
        db.session().add(Contact(name=SECRET, phone="0612345678"))
        db.session().add(RecoveryStep(position=1, text=f"Bel {SECRET}"))
    sent = {name: value for name, value in KIT.items() if name != "opens"} | {"languages": "both"}
    answer = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/kit", sent)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = f"attachment; filename=waarborg-kit-{clock.today().isoformat()}.html"
    assert answer.headers["Content-Disposition"] == disposition
    # Nothing that a browser would show as a page of this service.
    assert answer.mimetype == "application/octet-stream"
    page = answer.data
    for secret in (cast.bakery.name, cast.bakery.slug, SECRET, "Gerda", "0612345678", cast.owner.name, "paraplu"):
        for written in (secret, secret.casefold()):
            assert written.encode() not in page
    inside = zipfile.ZipFile(io.BytesIO(open_patiently(unarmoured(lines_of(page)), PASSPHRASE)))
    assert {name.partition("/")[0] for name in inside.namelist()} == {"nl", "en", "SHA256SUMS"}
    assert SECRET in inside.read("nl/plan.html").decode()
    papers = {name.partition("/")[2] for name in inside.namelist() if name.endswith(".pdf")}
    assert len(papers) == 4
    # Each part lists the files of both languages, and says of each paper what it is.
    told = [json.loads(html.unescape(one)) for one in re.findall(r'data-said="([^"]+)"', page.decode())]
    assert [papers <= set(one) for one in told] == [True, True]
    assert told[0]["belkaart.pdf"] == told[0]["call-card.pdf"] != told[1]["call-card.pdf"]
    count, told = made(scope_of, cast)
    assert (count, [actor for actor, _changes in told]) == (1, [cast.owner.name])
    assert hashlib.sha256(page).hexdigest() in told[0][1]
    assert "paraplu" not in told[0][1]


def test_its_square_is_that_of_the_kit(cast: Cast, visitor: Enter, scope_of: Scoped) -> None:
    page = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/kit", KIT).get_data(as_text=True)
    address = re.search(r'href="[^"]*(/p/[^"]+)"', page)
    assert address
    nobody, english = visitor(None), {"Accept-Language": "en"}
    assert "Is this paper still valid?" in nobody.get(address[1], headers=english).get_data(as_text=True)
    with scope_of(cast.bakery):
        kind, paper_id = db.session().execute(sa.select(Paper.kind, Paper.id)).one()
    assert kind is PaperKind.KIT
    assert visitor(cast.editor).post(f"/o/{cast.bakery.slug}/papers/{paper_id}/withdraw").status_code == 302
    assert "Withdrawn on" in nobody.get(address[1], headers=english).get_data(as_text=True)


def test_its_policy_lets_its_own_scripts_run_and_nothing_be_fetched_or_sent(cast: Cast, visitor: Enter) -> None:
    page = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/kit", KIT).get_data(as_text=True)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    told = dict(one.strip().split(" ", 1) for one in policy[1].replace("&#39;", "'").split(";"))
    plan = {"script": paper_part("offline.js"), "style": paper_part("offline.css")}
    own = {tag: re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S) for tag in plan}
    for tag, text in plan.items():
        assert len(own[tag]) == 1
        assert told.pop(f"{tag}-src").split() == [
            f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in (*own[tag], text)
        ]
    assert told == {"default-src": "'none'", "frame-src": "blob: tel:", "base-uri": "'none'", "form-action": "'none'"}
    # Beside its own script and the age file there is no other, and nothing that is fetched.
    outside = page.replace(own["script"][0], "").replace(own["style"][0], "")
    assert outside.count("<script") == 2
    assert not re.search(r"\s(src|srcset|on\w+|style|action)=|<link|<img|url\(|@import", outside)


@pytest.mark.parametrize("opens", ["browser", "age"])
def test_the_passphrase_is_taken_composed_and_without_blanks_around_it(cast: Cast, visitor: Enter, opens: str) -> None:
    typed = {
        "passphrase": f"  {unicodedata.normalize('NFD', PASSPHRASE)}",
        "again": f"{PASSPHRASE} ",
        "languages": "nl",
        "opens": opens,
    }
    answer = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/kit", typed)
    assert answer.status_code == 200
    sealed = unarmoured(lines_of(answer.data)) if opens == "browser" else answer.data
    assert open_patiently(sealed, PASSPHRASE).startswith(b"PK")


def test_who_knows_age_gets_the_bare_file(cast: Cast, visitor: Enter, scope_of: Scoped) -> None:
    answer = visitor(cast.reader).post(f"/o/{cast.bakery.slug}/papers/kit", KIT | {"opens": "age"})
    assert answer.data.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert answer.headers["Content-Disposition"].endswith(f"=waarborg-kit-{clock.today().isoformat()}.zip.age")
    count, told = made(scope_of, cast)
    assert (count, [actor for actor, _changes in told]) == (1, [cast.reader.name])


def test_a_kit_for_another_program_is_not_made(cast: Cast, visitor: Enter, scope_of: Scoped) -> None:
    for wrong in ("word", ""):
        answer = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/kit", KIT | {"opens": wrong})
        assert answer.status_code == 422
    assert made(scope_of, cast) == (0, [])


def test_who_has_nothing_to_seek_here_gets_no_kit(cast: Cast, visitor: Enter, scope_of: Scoped) -> None:
    path = f"/o/{cast.bakery.slug}/papers/kit"
    assert visitor(cast.stranger).post(path, KIT).status_code == 404
    assert visitor(None).post(path, KIT).headers["Location"].startswith("/sign-in")
    assert made(scope_of, cast) == (0, [])


def test_stock_age_opens_the_lines_cut_out_of_the_page(cast: Cast, visitor: Enter, tmp_path: Path) -> None:
    program = shutil.which("age")
    if program is None:
        pytest.skip("age is not on this machine; tests/paper/test_kit.py says when it has to be")
    page = visitor(cast.owner).post(f"/o/{cast.bakery.slug}/papers/kit", KIT).data
    source, target = tmp_path / "waarborg-kit.zip.age", tmp_path / "kit.zip"
    source.write_text(lines_of(page), encoding="ascii")
    done = subprocess.run([sys.executable, "-c", TYPIST, program, source, target, PASSPHRASE], timeout=120, check=False)
    assert done.returncode == 0
    assert "nl/plan.html" in zipfile.ZipFile(target).namelist()


def test_without_its_script_no_page_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_read", lambda _path: {})
    with pytest.raises(assets.AssetMissing, match=r"kit\.js.*make assets"):
        assets.built("kit.js")
