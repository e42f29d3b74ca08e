"""The inventory there and back: what a program read it can send again, and nobody's change is lost."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.models import AuditState
from core import clock, db
from plans.models import Asset, AssetKind
from sample import bakery
from sample.days import Days
from tenants.models import TrailEntry
from tenants.scope import scoped, whole
from tenants.tokens.scopes import TokenScope
from tests.api.program import Program, program
from tests.cast import Cast

LAPTOP = {"name": "Till 3", "specification": "HP ProDesk", "serial_number": "SN-3", "warranty_until": "2027-01-31"}
BOTH = frozenset({TokenScope.INVENTORY_READ, TokenScope.INVENTORY_WRITE})


@pytest.fixture
def caller(app: Flask, cast: Cast) -> Program:
    """A program of a bakery."""
    return program(app, cast.bakery, cast.owner, BOTH)


@pytest.fixture
def stocked(app: Flask, cast: Cast, caller: Program) -> Program:
    """The same, of a bakery that has an inventory."""
    with app.app_context(), scoped(whole(cast.bakery.id)):
        bakery.fill(Days(clock.today()))
    return caller


def test_every_record_goes_there_and_back_unchanged(stocked: Program) -> None:
    caller = stocked
    found = caller.get("/inventory?limit=200").get_json()
    assert found["next"] is None
    assert len({one["register"] for one in found["items"]}) > len(AssetKind) / 2
    for one in found["items"]:
        path, tag = f"/inventory/{one['id']}", f'"{one["version"]}"'
        for method in ("PUT", "PATCH"):
            if method == "PUT" and one["register"] == "licences":
                continue  # the key of a licence is not told, so putting back what was told takes it away
            answer = caller.ask(method, path, one["fields"], If_Match=tag)
            assert answer.get_json() == one, (method, one)
            assert answer.headers["ETag"] == tag


def test_a_record_is_added_changed_written_down_and_judged(app: Flask, cast: Cast, caller: Program) -> None:
    chosen = str(uuid4())
    sent = {"register": "office-pcs", "id": chosen, "fields": LAPTOP}
    answer = caller.ask("POST", "/inventory", sent)
    assert answer.status_code == 201
    made = answer.get_json()
    assert (made["id"], made["version"], made["fields"]["warranty_until"]) == (chosen, 1, "2027-01-31")
    assert caller.ask("POST", "/inventory", sent).status_code == 200, "sent twice, it is there once"
    assert caller.ask("POST", "/inventory", sent | {"register": "servers"}).status_code == 409
    assert caller.get(answer.headers["Location"]).get_json() == made
    changed = caller.ask("PATCH", f"/inventory/{chosen}", {"location": "Shop"}, If_Match='"1"').get_json()
    assert changed["fields"] == made["fields"] | {"location": "Shop"}
    assert changed["version"] == 2
    replaced = caller.ask("PUT", f"/inventory/{chosen}", {"name": "Till 4"}, If_Match='"2"').get_json()
    assert {name for name, value in replaced["fields"].items() if value is not None} == {"name"}
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        told = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.subject == "asset")).all()
        mine = [row for row in told if str(row.subject_id) == chosen]
        assert [(row.actor, row.role, row.action) for row in mine] == [
            ("Dashboard", "token", "created"), ("Dashboard", "token", "changed"), ("Dashboard", "token", "changed"),
        ]  # fmt: skip
        assert db.session().scalars(sa.select(AuditState.judged_on)).one() == clock.today()


def test_whoever_read_an_older_version_changes_nothing(caller: Program) -> None:
    one = caller.ask("POST", "/inventory", {"register": "office-pcs", "fields": LAPTOP}).get_json()
    path, tag = f"/inventory/{one['id']}", f'"{one["version"]}"'
    assert caller.ask("PATCH", path, {"note": "First"}, If_Match=tag).status_code == 200
    for method in ("PATCH", "PUT"):
        assert caller.ask(method, path, {"name": "Second"}, If_Match=tag).status_code == 412
        assert caller.ask(method, path, {"name": "Second"}).status_code == 428
        for wrong in ('"0"', "*", '"1", "2"', "W/x"):
            assert caller.ask(method, path, {"name": "Second"}, If_Match=wrong).status_code == 412, wrong
    assert caller.get(path).get_json()["fields"]["note"] == "First"


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "x", "ip_address": "1.2.3.4"}, "ip_address"),
        ({"name": "x", "mac_address": "elephant"}, "mac_address"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "note": "a\u202eb"}, "note"),
        ({"name": "x", "warranty_until": "31-1-2027"}, "warranty_until"),
        ({"name": "x", "warranty_until": "0001-01-01"}, "warranty_until"),
        ({"name": 3}, "name"),
        ({"name": "x", "no_such": "y"}, "no_such"),
    ],
)
def test_what_a_form_would_refuse_is_refused_by_name(caller: Program, fields: dict[str, object], named: str) -> None:
    answer = caller.ask("POST", "/inventory", {"register": "office-pcs", "fields": fields})
    assert answer.status_code == 422
    assert named in answer.get_json()["errors"]["json"]["fields"]


@pytest.mark.once
def test_a_licence_lasts_for_ever_or_until_a_day(caller: Program) -> None:
    made = caller.ask(
        "POST", "/inventory",
        {"register": "licences", "fields": {"name": "Till software", "perpetual": True, "licence_key": "AAAA-BBBB"}},
    )  # fmt: skip
    assert made.status_code == 201
    assert "licence_key" not in made.get_json()["fields"], "whoever reads must not get at it"
    path = f"/inventory/{made.get_json()['id']}"
    assert caller.ask("PATCH", path, {"expires_on": "2027-01-31"}, If_Match='"1"').status_code == 422
    dated = {"expires_on": "2027-01-31", "perpetual": False, "yearly_cost": "99.50"}
    answer = caller.ask("PATCH", path, dated, If_Match='"1"').get_json()["fields"]
    assert (answer["expires_on"], answer["perpetual"], answer["yearly_cost"]) == ("2027-01-31", False, "99.50")


def test_another_organisations_record_is_not_there(app: Flask, cast: Cast, caller: Program) -> None:
    with app.app_context(), scoped(whole(cast.other.id)):
        row = Asset(kind=AssetKind.OFFICE_PC, name="Theirs")
        db.session().add(row)
        db.session().flush()
        theirs = row.id
    path = f"/inventory/{theirs}"
    for method in ("GET", "PUT", "PATCH"):
        assert caller.ask(method, path, {"name": "Mine"}, If_Match='"1"').status_code == 404
    assert str(theirs) not in caller.get("/inventory?limit=200").get_data(as_text=True)
    made = caller.ask("POST", "/inventory", {"register": "office-pcs", "id": str(theirs), "fields": {"name": "Mine"}})
    assert made.status_code == 201, "an id is the organisation's own, so nothing is learned of another's"
    with app.app_context(), scoped(whole(cast.other.id), writes=False):
        assert db.session().scalars(sa.select(Asset.name)).all() == ["Theirs"]


@pytest.mark.once
@pytest.mark.parametrize("sent", ["{", "[" * 50_000, '{"register": ' * 20_000, "\x00", ""])
def test_what_cannot_be_read_is_told(caller: Program, sent: str) -> None:
    told = {"Authorization": f"Bearer {caller.secret}", "Content-Type": "application/json"}
    answer = caller.client.post("/api/v1/inventory", data=sent, headers=told)
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


def test_a_program_that_only_writes_is_told_no_more_than_it_sent(app: Flask, cast: Cast, caller: Program) -> None:
    writer = program(app, cast.bakery, cast.owner, frozenset({TokenScope.INVENTORY_WRITE}))
    sent = {"register": "office-pcs", "id": str(uuid4()), "fields": LAPTOP}
    assert caller.ask("POST", "/inventory", sent).status_code == 201
    path = f"/inventory/{sent['id']}"
    assert writer.get(path).status_code == 403
    again = writer.ask("POST", "/inventory", sent | {"fields": LAPTOP | {"name": "Other"}})
    assert (again.status_code, again.get_json()["fields"]) == (200, {})
    changed = writer.ask("PATCH", path, {"location": "Shop"}, If_Match='"1"')
    assert (changed.status_code, changed.get_json()["fields"]) == (200, {"location": "Shop"})
