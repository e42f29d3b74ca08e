"""The public certificate: worked out when asked, red by itself, and nothing at all once it was revoked."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pypdf
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from continuity.models import CertificateToken, CoverCertificate
from core import db
from tenants.models import TrailEntry
from tests.cast import Cast, Person
from tests.continuity.test_cover_pages import Counting, make_sound
from tests.continuity.world import Scoped, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]


def made(visitor: Visitor, path: str) -> str:
    """Make a certificate; return the path of its page."""
    page = visitor.post(f"{path}/certificates").get_data(as_text=True)
    return "/c/" + page.split("/c/")[1].split('"')[0]


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """A browser of which nothing is known."""
    return app.test_client()


def test_certificate_says_what_counts_when_it_is_asked_and_turns_red_by_itself(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, anybody: FlaskClient, count_queries: Counting
) -> None:
    with scope_of(cast.supplier):
        make_sound(world.registration_id)
    path = made(visitor(cast.supplier_owner), f"{world.path}/clients/{world.client_id}")
    with count_queries() as sent:
        answer = anybody.get(f"{path}?language=en")
    page = answer.get_data(as_text=True)
    assert "Covered today" in page
    assert all(name in page for name in ("Bakkerij Zonneschijn", "Draadwerk IT", "Webhosting Plus"))
    assert not any(word in page for word in ("Bulk Hosting", "Administrators", "€", "%", "<form", "<script"))
    assert len(sent) <= 20
    assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == ("noindex", "no-store")
    badge = anybody.get(f"{path}/badge.svg?language=en")
    assert badge.content_type.startswith("image/svg+xml")
    assert badge.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Covered today" in badge.get_data(as_text=True)
    pdf = anybody.get(f"{path}/certificate.pdf?language=en")
    text = "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(pdf.data)).pages)
    assert "Printed on 22 November 2026" in text
    assert not any("Set-Cookie" in one.headers for one in (answer, badge, pdf))
    # Thirty days after the delivery of the login it is too old.
    with time_machine.travel(datetime(2026, 12, 22, 9, 0, tzinfo=UTC), tick=False):
        assert "Not covered today" in anybody.get(f"{path}?language=en").get_data(as_text=True)
        late = anybody.get(f"{path}/badge.svg?language=en").get_data(as_text=True)
        assert "Not covered today" in late
        assert "22 December 2026" in late


def test_revoked_certificate_tells_no_more_than_one_that_never_was(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, anybody: FlaskClient
) -> None:
    officer, where = visitor(cast.foundation_owner), f"{world.registrant_path}/clients/{world.client_id}"
    path = made(officer, where)
    assert anybody.get(path).status_code == 200
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(CoverCertificate)).one()
        assert row.made_by == cast.foundation_owner.name
        certificate_id = row.id
        assert path.removeprefix("/c/") not in db.session().scalars(sa.select(CertificateToken.token_hash)).all()
    revoke = f"certificates/{certificate_id}/revoke"
    stranger = f"{world.path}/clients/{world.client_id}/{revoke}"
    assert visitor(cast.stranger).post(stranger).status_code == 404
    assert visitor(world.reader).post(stranger).status_code == 403
    # Either side may revoke what the other one made, and twice is once.
    supplier = visitor(cast.supplier_owner)
    assert [supplier.post(stranger).status_code, officer.post(f"{where}/{revoke}").status_code] == [302, 302]
    for page in ("", "/badge.svg", "/certificate.pdf"):
        gone, never = anybody.get(f"{path}{page}"), anybody.get(f"/c/{'x' * 32}{page}")
        assert (gone.status_code, never.status_code) == (404, 404)
        assert gone.get_data().replace(path.encode(), b"") == never.get_data().replace(b"/c/" + b"x" * 32, b"")
    with scope_of(cast.supplier):
        actions = db.session().scalars(
            sa.select(TrailEntry.action).where(TrailEntry.action.startswith("certificate.")).order_by(TrailEntry.at)
        )
        assert sorted(actions) == ["certificate.made", "certificate.revoked"]


def test_a_client_has_no_more_certificates_than_it_needs(cast: Cast, world: World, visitor: Visitors) -> None:
    supplier, where = visitor(cast.supplier_owner), f"{world.path}/clients/{world.client_id}"
    assert [supplier.post(f"{where}/certificates").status_code for _ in range(11)] == [200] * 10 + [302]
