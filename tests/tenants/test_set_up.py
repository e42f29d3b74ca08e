"""The first organisation, and the commands that script what the page does."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from core import db
from tenants.models import Tenant, User
from tests.visitor import Visitor

FORM = {
    "name": "Bakkerij Eerst",
    "kind": "business",
    "kvk": "01234567",
    "language": "nl",
    "zone": "Europe/Amsterdam",
    "owner": "Eva Eerst",
    "email": "Eva@Eerst.example",
    "password": "een lange zin om te onthouden",
}


def first(app: Flask) -> Visitor:
    visitor = Visitor(app)
    page = visitor.client.get("/set-up").get_data(as_text=True)
    visitor._token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    return visitor


def test_first_visitor_sets_up_and_is_signed_in(bare_app: Flask) -> None:
    visitor = first(bare_app)
    assert visitor.get("/").headers["Location"] == "/set-up"
    assert visitor.post("/set-up", FORM).status_code == 302
    assert visitor.get("/").headers["Location"].startswith("/o/bakkerij-eerst")
    assert visitor.get("/set-up").status_code == 404


def test_two_set_ups_at_once_make_one_organisation(bare_app: Flask) -> None:
    visitors = [first(bare_app) for _ in range(4)]
    forms = [FORM | {"email": f"eva{n}@eerst.example"} for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda pair: pair[0].client.post("/set-up", data={"csrf_token": pair[0].token, **pair[1]}),
                zip(visitors, forms, strict=True),
            )
        )
    with bare_app.app_context():
        db.begin(writes=False)
        assert db.session().scalar(sa.select(sa.func.count()).select_from(User)) == 1
        assert db.session().scalar(sa.select(sa.func.count()).select_from(Tenant)) == 1


def test_bad_set_up_keeps_what_was_typed_but_not_the_password(bare_app: Flask) -> None:
    answer = first(bare_app).post("/set-up", FORM | {"kvk": "12", "password": "kort-1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Bakkerij Eerst" in page
    assert "kort-1" not in page


def test_commands_do_what_the_page_does(bare_app: Flask) -> None:
    runner = bare_app.test_cli_runner()
    made = runner.invoke(args=["tenant", "add", "Garage Groen & Zn.", "--kvk", "08470054"])
    assert (made.exit_code, made.output.strip()) == (0, "garage-groen-zn")
    again = runner.invoke(args=["tenant", "add", "Garage Groen & Zn."])
    assert again.output.strip() == "garage-groen-zn-2"
    assert runner.invoke(args=["tenant", "add", "X", "--kvk", "847"]).exit_code == 2
    short = runner.invoke(args=["user", "add", "g@groen.example", "--name", "G"], input="short\n")
    assert short.exit_code == 1
    assert (
        runner.invoke(args=["user", "add", "G@groen.example", "--name", "G"], input="een lange zin hier\n").exit_code
        == 0
    )
    assert (
        runner.invoke(args=["user", "add", "g@groen.example", "--name", "G"], input="een lange zin hier\n").exit_code
        == 1
    )
    assert runner.invoke(args=["member", "add", "g@groen.example", "garage-groen-zn", "--role", "owner"]).exit_code == 0
    assert runner.invoke(args=["member", "add", "g@groen.example", "nowhere"]).exit_code == 1
    for name in ("", " ", "x" * 201):
        assert runner.invoke(args=["tenant", "add", name]).exit_code == 1
    for email, name in (("groen", "G"), ("", "G"), ("a@b.example, c@d.example", "G"), ("h@groen.example", "")):
        refused = runner.invoke(args=["user", "add", email, "--name", name], input="een lange zin hier\n")
        assert refused.exit_code == 1
        assert refused.exception is None or isinstance(refused.exception, SystemExit)
    visitor = Visitor(bare_app)
    answer = visitor.post("/sign-in", {"email": "g@groen.example", "password": "een lange zin hier"})
    assert answer.status_code == 302
