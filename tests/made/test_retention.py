"""Files of made reports go when they are old and nothing refers to them, and nothing else goes."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.made.models import MadeReport, MadeState
from audits.made.retention import referring, thin_out
from continuity.agreements.documents import look_over
from continuity.agreements.services import AgreementValues, add_agreement, change_agreement
from continuity.models import Agreement, AgreementKind, Registration, SchemeType
from core import clock, db
from core.db import Base
from core.files import ARRIVING, files
from core.i18n import Language
from core.ids import new_id
from tenants.models import Engagement, StoredFile, TrailEntry
from tenants.owned import TenantOwned
from tests.cast import JOINED, Cast, Organisation
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
CONTRACT = AgreementValues(AgreementKind.FRAMEWORK, "Stichting", "", None, None, None, None, None, None, False)
LONG_AGO = (clock.now() - timedelta(days=600)).timestamp()


def report(place: Organisation, content: bytes, *, days: int) -> UUID:
    """A report that was made so many days ago. Needs an open scope."""
    at = clock.now() - timedelta(days=days)
    row = MadeReport(
        id=new_id(), name="findings", as_of=at.date(), language=Language.ENGLISH, asked_at=at, plan=True,
        continuity=True, trail=False, clients=[], state=MadeState.READY, made_at=at, file_name="findings.xlsx",
        file_size=len(content), file_sha256=files().put(place.id, content),
    )  # fmt: skip
    db.session().add(row)
    db.session().flush()
    return row.id


def aged(place: Organisation) -> None:
    """Let all files of an organisation be from long ago."""
    for path in (files().root / str(place.id)).glob("??/*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


def there(place: Organisation) -> set[bytes]:
    """The contents of all files of an organisation. Needs an open scope."""
    store = files()
    return {store.get(place.id, digest) for digest in store.put_before(place.id, clock.now() + timedelta(days=1))}


def test_file_is_kept_while_something_refers_to_it_and_gone_after(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    place = cast.bakery
    with scope_of(place):
        old, shared, fresh = (
            report(place, content, days=days) for content, days in ((b"old", 401), (b"shared", 401), (b"fresh", 399))
        )
        digest = files().put(place.id, b"shared")
        upload = StoredFile(name="a.pdf", media_type="application/pdf", size=6, sha256=digest, uploaded_at=clock.now())
        auditor = Engagement(
            auditor_id=cast.stranger.id, reference="A1", plan=True, continuity=False, starts_at=JOINED,
            ends_at=clock.now() + timedelta(days=9),
        )  # fmt: skip
        db.session().add_all([upload, auditor])
        files().put(place.id, b"left by a process that died")
        aged(place)
        half = files().root / str(place.id) / "ab" / f"{ARRIVING}half"
        half.parent.mkdir(exist_ok=True)
        half.write_bytes(b"half")
        os.utime(half, (LONG_AGO, LONG_AGO))
        on_its_way = files().put(place.id, b"on its way")
        # The clock of the file system may be another one than that of the tests.
        os.utime(files().root / str(place.id) / on_its_way[:2] / on_its_way, (clock.now().timestamp(),) * 2)
    with scope_of(cast.other):
        files().put(cast.other.id, b"old")
        report(cast.other, b"old", days=1)
        aged(cast.other)
    with app.app_context():
        thin_out()
    assert not half.exists()
    with scope_of(place):
        assert there(place) == {b"old", b"shared", b"fresh", b"on its way"}
        db.session().scalars(sa.select(Engagement)).one().ends_at = clock.now() - timedelta(seconds=1)
    for night in range(3):
        with app.app_context():
            thin_out()
        with scope_of(place):
            # Somebody may be fetching it at this very moment: the bytes go a night later.
            assert there(place) == {b"shared", b"fresh", b"on its way", *([] if night else [b"old"])}
            gone = {row.id for row in db.session().scalars(sa.select(MadeReport)) if row.file_gone_at is not None}
            assert gone == {old, shared}
            query = sa.select(TrailEntry.subject_id).where(TrailEntry.action == "report.file_removed")
            assert {str(one) for one in db.session().scalars(query)} == {str(old), str(shared)}
            for row in db.session().scalars(sa.select(MadeReport).where(MadeReport.file_gone_at.is_not(None))):
                row.file_gone_at = clock.now() - timedelta(days=2)
    with scope_of(cast.other):
        assert there(cast.other) == {b"old"}
    visitor, path = Visitor(app, cast.owner), f"/o/{place.slug}/reports/made/"
    for one in (old, shared):
        answer = visitor.get(f"{path}{one}/file")
        assert answer.status_code == 410
        page = answer.get_data(as_text=True)
        assert "File no longer kept" in page
        assert "files of reports are kept for some time only" in page
        assert "Ask for the report again" in page
        assert "Something went wrong" not in page
    assert visitor.get(path).get_data(as_text=True).count("File no longer kept") == 2
    assert visitor.get(f"{path}{fresh}/file").data == b"fresh"


def test_what_somebody_replaced_stays_for_whoever_asks_what_was_signed_before(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    place = cast.bakery
    first, second = (look_over("contract.pdf", b"%PDF-1.7 " + word, 1000) for word in (b"as signed", b"signed anew"))
    with scope_of(place):
        service = Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING)
        db.session().add(service)
        db.session().flush()
        row_id = add_agreement(service, CONTRACT, first).id
    with scope_of(place):
        row = db.session().scalars(sa.select(Agreement)).one()
        change_agreement(row, CONTRACT, second, seen=row.version)
        assert row.id == row_id
        files().put(place.id, b"left by a process that died")
        aged(place)
    for _again in range(2):
        with app.app_context():
            thin_out()
        with scope_of(place):
            assert there(place) == {first.data, second.data}


@pytest.mark.once
def test_file_that_is_put_meanwhile_stays(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        store, before = files(), clock.now() - timedelta(days=1)
        digest = store.put(cast.bakery.id, b"again")
        aged(cast.bakery)
        assert store.put_before(cast.bakery.id, before) == [digest]
        store.put(cast.bakery.id, b"again")
        assert not store.remove(cast.bakery.id, digest, unless_put_since=before)
        aged(cast.bakery)
        assert store.remove(cast.bakery.id, digest, unless_put_since=before)
        assert not store.remove(cast.bakery.id, digest, unless_put_since=before)


@pytest.mark.once
def test_every_column_that_names_a_digest_keeps_its_file() -> None:
    named = {
        (mapper.class_, one.key)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantOwned)
        for one in mapper.column_attrs
        if "sha256" in one.key
    }
    assert named
    assert named <= set(referring())
