"""The zip with everything: complete, the organisation's own, readable without the product, checkable."""

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

import serving
from audits.takeout import records
from audits.takeout.archive import Archive
from audits.takeout.columns import LEFT_OUT, WITHOUT, Source, sources
from audits.takeout.services import take_out
from audits.workbooks.material import Made
from continuity.models import Agreement
from core import clock, db
from core.db import Base
from core.files import files
from core.i18n import Language, written_in
from core.vault.pieces import PIECE
from sample import bakery
from sample.days import Days
from sample.netvast import hosting
from tenants.models import Membership, SignOnDomain, SignOnProvider, TrailEntry, User
from tenants.owned import TenantOwned
from tenants.scope import close_scope, open_scope, scoped, whole
from tests.cast import Cast, Organisation
from tests.conftest import Stable
from tests.filled import serving as serving_filled
from tests.visitor import Visitor

assert serving.BLUEPRINTS  # the tables of every floor are known once the pages are
MADE = Made(datetime(2026, 11, 22, 12, tzinfo=UTC), "Owner")
DAY = date(2026, 11, 22)
OWNED = sorted(
    (one.class_ for one in Base.registry.mappers if issubclass(one.class_, TenantOwned)),
    key=lambda model: model.__name__,
)
FOREIGN = "Vreemdland"


def fill(cast: Cast) -> None:
    """Give two organisations rows of nearly every kind; every name of the other one says FOREIGN."""
    for place in (cast.bakery, cast.other):
        with scoped(whole(place.id)):
            days = Days(clock.today())
            bakery.fill(days)
            hosting.fill(days, cast.foundation.id)
            word = FOREIGN if place is cast.other else "Eigen"
            row = db.session().scalars(sa.select(Agreement).order_by(Agreement.id)).first()
            assert row is not None
            data = f"%PDF-1.7 {word}".encode()
            row.file_sha256 = files().put(place.id, data)
            row.file_name, row.file_type, row.file_size = f"{word}.pdf", "application/pdf", len(data)
            row.party = word
            db.session().add(
                SignOnProvider(
                    issuer=f"https://{word}.example",
                    client_id=word,
                    client_secret=f"secret of {word}",
                    domain=f"{word}.example".lower(),
                    proof="p",
                )
            )
            db.session().flush()


@pytest.fixture
def filled(stable: Stable, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """The service with two filled organisations."""
    with serving_filled(stable, "cast", __name__, lambda: fill(cast), tmp_path / "data") as (app, _):
        yield app


@contextmanager
def inside(app: Flask, place: Organisation) -> Iterator[None]:
    with app.test_request_context(), scoped(whole(place.id), writes=True), written_in(Language.ENGLISH):
        yield


def taken(app: Flask, place: Organisation) -> zipfile.ZipFile:
    target = io.BytesIO()
    with inside(app, place):
        take_out(target, MADE, today=DAY)
    return zipfile.ZipFile(target)


def rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    return [json.loads(one) for one in archive.read(f"data/{table}.jsonl").decode().splitlines()]


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__tablename__)
def test_every_table_and_column_is_taken_out_or_left_out_for_a_reason(model: type[TenantOwned]) -> None:
    table = sa.inspect(model).local_table
    source = next(one for one in sources() if one.name == sa.inspect(model).local_table.name)
    taken_out = {column.key for column in source.columns}
    left = {column for name, column in LEFT_OUT if name == table.name}
    assert taken_out | left == {one.key for one in sa.inspect(model).column_attrs}
    assert not taken_out & left


def test_what_is_left_out_exists_and_has_a_reason() -> None:
    tables = Base.metadata.tables
    for (table, column), reason in LEFT_OUT.items():
        assert column in tables[table].columns
        assert len(reason) > 20
    assert set(WITHOUT) <= set(tables)


def test_every_table_that_names_an_organisation_is_decided_on() -> None:
    named = {
        table.name
        for table in Base.metadata.tables.values()
        if "organisation_id" in table.columns or "tenant_id" in table.columns
    }
    decided = {source.name for source in sources()}
    assert named <= decided | set(WITHOUT)


def test_secrets_are_never_among_the_columns() -> None:
    endings = ("password_hash", "token_hash", "code_hash", "client_secret")
    for source in sources():
        assert not [column.key for column in source.columns if column.key.endswith(endings)]


def test_the_rows_in_the_zip_are_the_rows_of_the_organisation(filled: Flask, cast: Cast) -> None:
    archive = taken(filled, cast.bakery)
    filledup = 0
    with inside(filled, cast.bakery):
        for source in sources():
            found = rows(archive, source.name)
            if source.owner:
                continue
            expected = db.session().scalars(sa.select(source.model).order_by(sa.inspect(source.model).primary_key[1]))
            kept = [_told(source, row) for row in expected]
            if source.name == "trail_entry":
                kept = [one for one in kept if one["action"] != "data.exported"]
            assert found == kept, source.name
            filledup += bool(found)
    assert filledup > 20


def _told(source: Source, row: Base) -> dict[str, object]:
    told = {one.key: records.plain(source.name, one.key, getattr(row, one.key)) for one in source.columns}
    found: dict[str, object] = json.loads(json.dumps(told))
    return found


def test_two_organisations_never_meet(filled: Flask, cast: Cast) -> None:
    with filled.app_context():
        db.begin(writes=True)
        for place, word in ((cast.bakery, "eigen"), (cast.other, FOREIGN.lower())):
            db.session().add(SignOnDomain(domain=f"{word}.example", organisation_id=place.id, proved_at=MADE.at))
        db.commit()
    archive = taken(filled, cast.bakery)
    whole_text = b"".join(archive.read(name) for name in archive.namelist()).lower()
    assert FOREIGN.lower().encode() not in whole_text
    assert cast.other.name.lower().encode() not in whole_text
    assert rows(archive, "sign_on_domain")[0]["domain"] == "eigen.example"
    assert (
        FOREIGN.lower().encode()
        in b"".join(
            taken(filled, cast.other).read(name) for name in archive.namelist() if name == "data/agreement.jsonl"
        ).lower()
    )


def test_no_secret_is_in_the_zip(filled: Flask, cast: Cast) -> None:
    with filled.app_context():
        db.begin(writes=False)
        hashes = db.session().scalars(sa.select(User.password_hash)).all()
        db.rollback()
    archive = taken(filled, cast.bakery)
    for name in archive.namelist():
        content = archive.read(name)
        assert b"secret of" not in content
        assert not [one for one in hashes if one.encode() in content]


def test_uploaded_files_stand_under_their_own_names_also_when_put_away(filled: Flask, cast: Cast) -> None:
    with filled.app_context(), scoped(whole(cast.bakery.id)):
        row = db.session().scalars(sa.select(Agreement).where(Agreement.file_name == "Eigen.pdf")).one()
        row.archived_at = MADE.at
        row_id = row.id
    archive = taken(filled, cast.bakery)
    assert archive.read(f"files/agreement/{row_id}/Eigen.pdf") == b"%PDF-1.7 Eigen"
    assert rows(archive, "agreement")


def test_a_file_that_is_gone_is_told_and_stops_nothing(filled: Flask, cast: Cast) -> None:
    with filled.app_context(), scoped(whole(cast.bakery.id)):
        row = db.session().scalars(sa.select(Agreement).where(Agreement.file_name == "Eigen.pdf")).one()
        row.file_sha256 = "0" * 64
    archive = taken(filled, cast.bakery)
    manifest = json.loads(archive.read("manifest.json"))
    assert [name.rpartition("/")[2] for name in manifest["missing"]] == ["Eigen.pdf"]
    assert "Eigen.pdf" in archive.read("README.txt").decode()


def test_a_file_of_which_a_later_piece_was_changed_is_told_and_no_half_of_it_is_in_the_zip(
    filled: Flask, cast: Cast
) -> None:
    with filled.app_context(), scoped(whole(cast.bakery.id)):
        row = db.session().scalars(sa.select(Agreement).where(Agreement.file_name == "Eigen.pdf")).one()
        row.file_sha256 = files().put(cast.bakery.id, bytes(3 * PIECE))
        kept = files().root / str(cast.bakery.id) / row.file_sha256[:2] / row.file_sha256
        sealed = kept.read_bytes()
        kept.write_bytes(sealed[: -2 * PIECE] + bytes(1) + sealed[1 - 2 * PIECE :])
    archive = taken(filled, cast.bakery)
    manifest = json.loads(archive.read("manifest.json"))
    assert [name.rpartition("/")[2] for name in manifest["missing"]] == ["Eigen.pdf"]
    assert not [name for name in archive.namelist() if name.endswith("Eigen.pdf")]
    assert archive.testzip() is None


def test_the_list_of_files_holds_and_the_system_can_check_it(filled: Flask, cast: Cast, tmp_path: Path) -> None:
    archive = taken(filled, cast.bakery)
    archive.extractall(tmp_path)
    done = subprocess.run(
        ["/usr/bin/sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads(archive.read("manifest.json"))
    told = {one["name"]: (one["size"], one["sha256"]) for one in manifest["members"]}
    for name in set(archive.namelist()) - {"manifest.json", "SHA256SUMS"}:
        data = archive.read(name)
        assert told.pop(name) == (len(data), hashlib.sha256(data).hexdigest())
    assert not told
    assert manifest["rows"]["contact"] == len(rows(archive, "contact"))


def test_the_same_data_give_the_same_bytes(filled: Flask, cast: Cast) -> None:
    made: list[bytes] = []
    for _time in range(2):
        target = io.BytesIO()
        # Dropped again: the entry in the trail would be new data.
        with filled.test_request_context():
            db.begin(writes=True)
            open_scope(whole(cast.bakery.id))
            take_out(target, MADE, today=DAY)
            close_scope()
            db.rollback()
        made.append(target.getvalue())
    assert made[0] == made[1]


def test_people_are_named_and_only_those_let_in_with_their_address(filled: Flask, cast: Cast) -> None:
    found = {
        one["name"]: one["email"]
        for one in map(json.loads, taken(filled, cast.bakery).read("people.jsonl").decode().splitlines())
    }
    assert found[cast.owner.name] == cast.owner.email
    assert cast.stranger.name not in found


def test_an_archive_refuses_names_that_climb_or_repeat() -> None:
    archive = Archive(io.BytesIO())
    archive.add("a", [b"1"])
    for name in ("a", "/etc/passwd", "x/../../y"):
        with pytest.raises(ValueError, match="cannot hold"):
            archive.add(name, [b"2"])


def test_owner_takes_everything_and_the_trail_knows_the_digest(filled: Flask, cast: Cast) -> None:
    visitor = Visitor(filled, cast.owner)
    assert "zip" in visitor.get(f"/o/{cast.bakery.slug}/takeout/").get_data(as_text=True)
    answer = visitor.post(f"/o/{cast.bakery.slug}/takeout/", {"language": "nl"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    with filled.app_context(), scoped(whole(cast.bakery.id), writes=False):
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "data.exported")).one()
        assert entry.changes["sha256"] == hashlib.sha256(answer.get_data()).hexdigest()
        assert entry.user_id == cast.owner.id


@pytest.mark.parametrize("who", ["editor", "reader"])
def test_lesser_members_take_nothing(filled: Flask, cast: Cast, who: str) -> None:
    visitor = Visitor(filled, getattr(cast, who))
    assert visitor.get(f"/o/{cast.bakery.slug}/takeout/").status_code == 403
    assert visitor.post(f"/o/{cast.bakery.slug}/takeout/", {"language": "nl"}).status_code == 403


def test_owner_who_proved_themselves_long_ago_proves_it_again_first(filled: Flask, cast: Cast) -> None:
    visitor = Visitor(filled, cast.owner)
    with time_machine.travel(clock.now() + timedelta(minutes=29), tick=False):
        answer = visitor.get(f"/o/{cast.bakery.slug}/takeout/")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/prove")


def test_membership_is_among_the_rows(filled: Flask, cast: Cast) -> None:
    ids = {one["user_id"] for one in rows(taken(filled, cast.bakery), Membership.__tablename__)}
    assert str(cast.owner.id) in ids
