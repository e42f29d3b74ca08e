"""Anchors and the commands of the trail."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from core.mail import OutboxMail
from tenants.models import TrailEntry
from tenants.trail import anchors, jobs
from tenants.trail.anchors import AnchorError
from tests.cast import Cast
from tests.conftest import Stable, running
from tests.tenants.trail_attacks import attack, fill, put_back


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """Run `flask trail ...`; return its exit code and what it said."""
    result = app.test_cli_runner().invoke(args=["trail", *arguments])
    return result.exit_code, result.output


def anchor(app: Flask) -> Path:
    with app.app_context():
        return jobs.anchor()


def read(app: Flask, path: Path) -> int:
    """Read one file of anchors; return how many ends it tells."""
    with app.app_context():
        return sum(len(found) for found in anchors.read([path]).values())


def test_a_day_has_one_file_with_an_anchor_for_each_time(app: Flask, cast: Cast) -> None:
    first = anchor(app)
    before = read(app, first)
    fill(app, cast.bakery, 1)
    assert anchor(app) == first
    assert read(app, first) == before + 1
    with app.app_context():
        assert anchors.kept(first.parent) == [first]


def test_an_anchor_tells_nothing_of_what_happened(app: Flask, cast: Cast) -> None:
    fill(app, cast.bakery, 1)
    text = anchor(app).read_text(encoding="ascii")
    assert cast.bakery.name not in text
    assert cast.bakery.slug not in text
    assert "Kast" not in text


@pytest.mark.parametrize("line", [1, 2, 3, -1])
def test_an_altered_anchor_is_refused(app: Flask, cast: Cast, line: int) -> None:
    path = anchor(app)
    lines = path.read_text(encoding="ascii").splitlines()
    lines[line] = lines[line].replace("1", "2") if line != -1 else lines[line][:-1] + "x"
    path.write_text("\n".join(lines), encoding="ascii")
    with pytest.raises(AnchorError, match="altered"):
        read(app, path)


def test_an_anchor_without_some_of_its_lines_is_refused(app: Flask, cast: Cast) -> None:
    path = anchor(app)
    lines = path.read_text(encoding="ascii").splitlines()
    for kept, told in ((lines[:-1], "incomplete"), ([*lines[:2], *lines[3:]], "altered"), (lines[1:], "no anchor")):
        path.write_text("\n".join(kept), encoding="ascii")
        with pytest.raises(AnchorError, match=told):
            read(app, path)


def test_an_anchor_of_another_installation_is_refused(app: Flask, stable: Stable, tmp_path: Path) -> None:
    path = anchor(app)
    other = tmp_path / "elsewhere"
    with (
        running(stable, "", other, MASTER_KEY_FILE=str(other / "master.key")) as stranger,
        pytest.raises(AnchorError, match="another installation"),
    ):
        read(stranger, path)


def test_a_saved_mail_will_do(app: Flask, cast: Cast, tmp_path: Path) -> None:
    text = anchor(app).read_text(encoding="ascii").replace("\n", "\r\n")
    mail = tmp_path / "anchor.eml"
    mail.write_bytes(
        b"From: a@example.org\r\nSubject: Anker\r\n\r\nBewaar dit.\r\n\r\n" + text.encode() + b"\r\nGroet\r\n"
    )
    code, output = run(app, "verify", "--anchor", str(mail))
    assert (code, "1 files of anchors compared" in output) == (0, True)


def test_the_anchor_is_mailed_where_an_address_is_set(stable: Stable, cast: Cast, tmp_path: Path) -> None:
    with running(stable, f"cast_{os.getpid()}", tmp_path, ANCHOR_MAIL="Archief <archief@example.org>") as app:
        path = anchor(app)
        with app.app_context():
            db.begin(writes=False)
            mail = db.session().scalars(sa.select(OutboxMail)).one()
            assert (mail.recipient, mail.kind) == ("archief@example.org", "trail-anchor")
            assert path.read_text(encoding="ascii") in str(mail.text)
            db.rollback()


def test_verify_tells_that_everything_is_in_order(app: Flask, cast: Cast) -> None:
    fill(app, cast.bakery, 2)
    code, output = run(app, "verify")
    assert code == 0
    assert "bakery: 5 entries in order" in output
    assert "No anchor was found" in output
    assert run(app, "anchor")[0] == 0
    code, output = run(app, "verify", "--tenant", "bakery")
    assert code == 0
    assert "1 files of anchors compared" in output
    assert "5 entries in 1 chains are in order" in output


def test_verify_names_the_first_broken_entry_and_fails(app: Flask, cast: Cast) -> None:
    fill(app, cast.bakery, 3)
    attack(app, sa.update(TrailEntry).where(TrailEntry.tenant_id == cast.bakery.id).values(actor="Iemand"))
    code, output = run(app, "verify")
    assert code == 1
    assert "bakery: BROKEN: entry 1 of" in output
    assert "other: 1 entries in order" in output
    assert run(app, "verify", "--tenant", "other")[0] == 0
    assert run(app, "verify", "--tenant", "nobody")[0] == 1


def test_verify_finds_by_the_anchors_it_keeps_what_was_put_back(app: Flask, cast: Cast) -> None:
    fill(app, cast.bakery, 5)
    anchor(app)
    put_back(app, cast.bakery, 3)
    code, output = run(app, "verify")
    assert code == 1
    assert "bakery: BROKEN: entry 4 and what came after it were cut off, says trail-" in output


def test_a_broken_anchor_stops_verify(app: Flask, cast: Cast) -> None:
    path = anchor(app)
    path.write_text(path.read_text(encoding="ascii").replace("at 20", "at 19"), encoding="ascii")
    code, output = run(app, "verify")
    assert code == 1
    assert path.name in output


def test_events_are_told_by_command(app: Flask, cast: Cast) -> None:
    code, output = run(app, "tell")
    assert (code, output) == (0, "0 events told\n")
