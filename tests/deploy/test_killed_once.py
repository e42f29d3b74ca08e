"""What is done once, killed at random moments: nothing half, nothing lost, nothing twice, also when done again."""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from email import message_from_bytes

import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db, mail
from core.i18n import Language
from core.mail.delivery import LEASE
from core.mail.outbox import MailState, OutboxMail
from core.settings import Settings
from plans.models import Assignment, Contact
from tenants.models import Membership
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.deploy.killing_once import Act, Seen
from tests.deploy.test_killed import KILLS, ROOT, settings_of
from tests.plans.importing_steps import Importer
from tests.visitor import Visitor

ROWS = 300
GROWTH = 1 + 1.8 / KILLS


def kill_once(app: Flask, act: Act) -> Seen:
    """Kill it until it ends by itself, and do it again; return what was seen."""
    settings: Settings = settings_of(app)
    program = [sys.executable, "-m", "tests.deploy.killing_once", settings.database_url]
    program += [settings.owner_database_url or "-", str(settings.data_dir), str(settings.master_key_file)]
    program += [str(settings.data_dir / "anchors"), json.dumps(asdict(act))]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr[-3000:]
    seen = Seen(**json.loads(ran.stdout.splitlines()[-1]))
    assert seen.kills, "nobody was killed: this shows nothing"
    return seen


def whole_or_nothing(seen: Seen) -> tuple[dict[str, int], dict[str, int]]:
    """Return what the database said before and after; fails where it ever said anything between."""
    before, after = seen.looks[0], seen.looks[-1]
    assert before != after
    assert [each for each in seen.looks if each not in {before, after}] == [], "something was kept half"
    assert seen.looks == sorted(seen.looks, key=[before, after].index), "what was done was undone"
    assert seen.looks[-2] == after, "doing it again changed something"
    return json.loads(before), json.loads(after)


def verified(app: Flask) -> None:
    found = app.test_cli_runner().invoke(args=["trail", "verify"])
    assert found.exit_code == 0, found.output


def test_an_import_that_was_killed_came_in_whole_or_not_at_all(apart: Flask, cast: Cast) -> None:
    importer = Importer(Visitor(apart, cast.owner), cast.bakery.slug)
    lines = ["Naam;Telefoon;E-mail"]
    lines += [f"Henk {n};+31 6 1234 {n:04};h{n}@people.example" for n in range(ROWS)]
    sheet = f"{importer.upload(chr(10).join(lines).encode(), 'mensen.csv')}/1"
    assert importer.choose(sheet).status_code == 302
    shown = importer.page(f"{sheet}/preview")
    digest = shown.partition('name="seen" value="')[2].partition('"')[0]
    assert digest
    tables, words = ["contact", "trail_entry", "register_change", "import_sheet"], ["Henk 7", "applied"]
    act = Act(
        cast.bakery.id, person=str(cast.owner.id), path=f"{sheet}/apply", form={"seen": digest}, tables=tables,
        words=words, seed=3, growth=GROWTH,
    )  # fmt: skip
    seen = kill_once(apart, act)
    before, after = whole_or_nothing(seen)
    assert (before.get("rows contact", 0), after["rows contact"]) == (0, ROWS)
    assert after["rows register_change"] - before.get("rows register_change", 0) == 1
    assert (seen.code, seen.said.startswith("302")) == (0, True)
    verified(apart)


def test_a_person_who_was_being_erased_is_there_or_gone_everywhere(apart: Flask, cast: Cast) -> None:
    name, phone = "Willemijn Zandstra", "0612345678"
    with apart.app_context(), scoped(whole(cast.bakery.id)):
        row = Contact(name=name, phone=phone, email="w@z.example")
        db.session().add(row)
        db.session().flush()
        row.note = f"zuster van {name}"
        db.session().add(Assignment(item_id="runbook.team", seat="it-admin", contact_id=row.id))
        row_id = row.id
    assert apart.test_cli_runner().invoke(args=["audit", "run"]).exit_code == 0
    path = f"/o/{cast.bakery.slug}/erase/{row_id}"
    act = Act(
        cast.bakery.id, person=str(cast.owner.id), path=path, words=[name, phone, "w@z.example"], seed=5, growth=GROWTH
    )
    seen = kill_once(apart, act)
    before, after = whole_or_nothing(seen)
    assert {"words contact", "words trail_entry", "words kept_rows"} <= before.keys()
    assert not [place for place in after if place.startswith("words")]
    assert (seen.code, seen.said.startswith("422")) == (1, True), "who is erased already cannot be erased again"
    verified(apart)


def test_an_account_that_was_being_erased_is_there_or_gone_everywhere(apart: Flask, cast: Cast) -> None:
    person = cast.editor
    Visitor(apart, person).post(f"/o/{cast.bakery.slug}/registers/contacts/new", {"name": "Henk", "version": "0"})
    act = Act(
        cast.bakery.id, person=str(person.id), path="/account/data/erase", form={"email": person.email},
        words=[person.name, person.email], seed=11, growth=GROWTH,
    )  # fmt: skip
    seen = kill_once(apart, act)
    before, after = whole_or_nothing(seen)
    assert {"words trail_entry", "words user"} <= before.keys()
    # What the organisation wrote down as its own record stays as it is.
    assert [place for place in after if place.startswith("words")] == ["words register_change"]
    assert "/sign-in" in seen.said, "who is erased does not get in to be erased again"
    with apart.app_context(), scoped(whole(cast.bakery.id), writes=False):
        ends = db.session().scalars(sa.select(Membership.ends_at).where(Membership.user_id == person.id)).all()
    assert ends
    assert None not in ends
    verified(apart)


def test_an_organisation_that_was_being_opened_again_is_open_with_its_owner_or_still_gone(
    apart: Flask, cast: Cast
) -> None:
    slug = cast.bakery.slug
    assert Visitor(apart, cast.owner).post(f"/o/{slug}/leave/", {"slug": slug}).status_code == 302
    command = ["tenant", "restore", slug, "--owner", cast.owner.email]
    tables = ["membership", "trail_entry"]
    seen = kill_once(apart, Act(cast.bakery.id, command=command, tables=tables, seed=13, growth=GROWTH))
    before, after = whole_or_nothing(seen)
    assert (before["left"], after.get("left", 0)) == (1, 0)
    assert after["rows membership"] == before["rows membership"] + 1
    assert seen.code == 1
    assert "is er nog" in seen.said
    assert Visitor(apart, cast.owner).get(f"/o/{slug}/").status_code == 200
    verified(apart)


def test_mail_that_was_being_sent_goes_out_whole_and_none_is_lost(apart: Flask, cast: Cast) -> None:
    to = [f"h{number}@people.example" for number in range(60)]
    with apart.app_context():
        db.begin(writes=True)
        for one in to:
            mail.queue(to=one, subject="Call Henk", text=f"Dear {one}", language=Language.DUTCH, kind="test")
        db.commit()
    seen = kill_once(apart, Act(cast.bakery.id, command=["mail", "send"], seed=17, growth=GROWTH))
    assert seen.code == 0
    # What the dead had taken comes free when their time is over.
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)):
        last = apart.test_cli_runner().invoke(args=["mail", "send"])
    assert last.exit_code == 0, last.output
    with apart.app_context():
        db.begin(writes=False)
        states = db.session().scalars(sa.select(OutboxMail.state).where(OutboxMail.kind == "test")).all()
        db.rollback()
    assert states == [MailState.SENT] * len(to)
    written = list((settings_of(apart).data_dir / "outbox").iterdir())
    assert [path.name for path in written if path.suffix != ".eml"] == [], "halves are left lying about"
    letters = [message_from_bytes(path.read_bytes()) for path in written]
    assert sorted(one["To"] for one in letters if one["Subject"] == "Call Henk") == sorted(to)
    assert all(f"Dear {one['To']}" in str(one.get_payload(decode=True)) for one in letters)
