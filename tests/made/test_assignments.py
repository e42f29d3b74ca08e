"""The pack of an auditor goes with the assignment it was made in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.made import pack
from audits.made.models import MadeReport, MadeState
from core import clock, db
from tenants.models import Engagement
from tenants.people import services as people
from tests.audits.test_workbooks import filled
from tests.cast import JOINED, Cast
from tests.made.test_made import Scoped, asked, made, state
from tests.races.meanwhile import meanwhile
from tests.visitor import Visitor


def test_a_pack_is_not_kept_for_an_auditor_whose_assignment_ended_while_it_was_made(
    app: Flask, cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(scope_of, cast)
    with scope_of(cast.bakery):
        db.session().add(
            Engagement(
                auditor_id=cast.stranger.id, reference="A1", plan=True, continuity=False, starts_at=JOINED,
                ends_at=clock.now() + timedelta(days=9),
            )
        )  # fmt: skip
    page = asked(app, cast.stranger, "pack")

    def end() -> None:
        with app.app_context(), scope_of(cast.bakery):
            people.end_engagement(db.session().scalars(sa.select(Engagement)).one(), by=cast.owner.id, at=clock.now())

    with meanwhile(monkeypatch, pack, "_manifest", end) as ended:
        assert made(app) == (1, 0)
    ended()
    assert state(app, scope_of, cast.bakery) == [MadeState.REFUSED]
    auditor = Visitor(app, cast.stranger)
    assert auditor.get(page).status_code == auditor.get(f"{page}/file").status_code == 404
    assert Visitor(app, cast.owner).get(f"{page}/file").status_code == 404
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(MadeReport.file_sha256)).all() == [""]


def test_a_pack_of_an_assignment_that_ended_stays_closed_in_the_next_one(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    def engage() -> None:
        with scope_of(cast.bakery):
            db.session().add(
                Engagement(
                    auditor_id=cast.stranger.id, reference="A", plan=True, continuity=False, starts_at=clock.now(),
                    ends_at=clock.now() + timedelta(days=9),
                )
            )  # fmt: skip

    engage()
    page = asked(app, cast.stranger, "pack")
    assert made(app) == (1, 0)
    auditor = Visitor(app, cast.stranger)
    assert auditor.get(f"{page}/file").status_code == 200
    with scope_of(cast.bakery):
        people.end_engagement(db.session().scalars(sa.select(Engagement)).one(), by=cast.owner.id, at=clock.now())
    engage()
    assert page not in auditor.get("/o/bakery/reports/made/").get_data(as_text=True)
    assert auditor.get(page).status_code == auditor.get(f"{page}/file").status_code == 404
    again = asked(app, cast.stranger, "pack")
    assert made(app) == (1, 0)
    assert auditor.get(f"{again}/file").status_code == 200
