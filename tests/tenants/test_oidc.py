"""Signing in at one's own organisation: only its own people, only what its provider really said, only once."""

import base64
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from joserfc.jwk import RSAKey

from core import clock, db
from core.outward import Outside
from core.settings import SettingError, read_settings
from tenants.models import AccountEvent, LinkedIdentity, Membership, SignOnDomain, SignOnProvider, TotpFactor, User
from tenants.oidc.services import PROOF_PATH, read_proof
from tenants.oidc.views import GOOD_FOR
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.conftest import Stable
from tests.mailbox import last_letter, letters_to, link_in
from tests.oidc_server import CLIENT_ID, CLIENT_SECRET, Provider, providing
from tests.visitor import TOKEN, Visitor

# What a provider says is weighed before any database sees it.
pytestmark = pytest.mark.once

DOMAIN = "people.example"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A provider for all tests of this file, also where a worker comes back to it: the service trusts no other."""
    with providing(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture
def provider(server: Provider, cast: Cast) -> Provider:
    """The provider, honest again: it knows the owner of the bakery."""
    server.person = {"sub": "8f14e45f", "email": cast.owner.email, "email_verified": True}
    server.lies, server.token, server.shown_key, server.discovery = {}, "", None, {}
    server.files, server.codes, server.asked = {}, {}, []
    return server


@pytest.fixture
def app(stable: Stable, tmp_path: Path, server: Provider) -> Iterator[Flask]:
    """The service, which may call the provider on this machine."""
    with stable.stand(f"cast_{os.getpid()}", TEST_LOOPBACK_CA=server.trusted).serving(tmp_path) as app:
        yield app


@dataclass
class Bench:
    """The service with the bakery's provider connected to it."""

    app: Flask
    provider: Provider

    def start(self, visitor: Visitor, path: str = "/sign-in/organisation/bakery") -> str:
        """Begin to sign in; return the path the provider sends the browser back to."""
        answer = visitor.get(path)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return self.provider.authorise(answer.headers["Location"])

    def finish(self, visitor: Visitor, back: str) -> tuple[int, str]:
        """Open the page to come back to and send its form; return status and where it leads."""
        page = visitor.get(back)
        if page.status_code != 200:
            return page.status_code, ""
        token = TOKEN.search(page.get_data(as_text=True))
        assert token is not None
        query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
        answer = visitor.client.post("/sign-in/return", data={"csrf_token": token.group(1), **query})
        return answer.status_code, answer.headers.get("Location", "")

    def sign_in(self, visitor: Visitor | None = None) -> tuple[int, str]:
        """Go all the way."""
        visitor = visitor or Visitor(self.app)
        return self.finish(visitor, self.start(visitor))

    @contextmanager
    def database(self) -> Iterator[None]:
        """Look into the tables that belong to no organisation, or change them."""
        with self.app.app_context():
            db.begin(writes=True)
            yield
            db.commit()


def connect(app: Flask, tenant_id: int, issuer: str, domain: str = DOMAIN, *, proved: bool = True) -> None:
    """Connect a provider to an organisation."""
    with app.app_context(), scoped(whole(tenant_id)):
        db.session().add(
            SignOnProvider(
                issuer=issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, domain=domain, proof="p" * 40
            )
        )
        if proved:
            db.session().add(SignOnDomain(domain=domain, organisation_id=tenant_id, proved_at=clock.now()))


@pytest.fixture
def bench(app: Flask, cast: Cast, provider: Provider) -> Bench:
    """The bakery with its provider connected and its domain proved."""
    connect(app, cast.bakery.id, provider.issuer)
    return Bench(app, provider)


def test_member_signs_in_and_is_known_by_subject_from_then_on(bench: Bench, cast: Cast) -> None:
    visitor = Visitor(bench.app)
    assert bench.sign_in(visitor) == (302, "/")
    assert visitor.get("/o/bakery/plan/").status_code == 200
    assert len(letters_to(bench.app, cast.owner.email)) == 1
    # Another address, not even checked: issuer and subject say who this is.
    bench.provider.person |= {"email": "elders@other.example", "email_verified": False}
    visitor = Visitor(bench.app)
    assert bench.sign_in(visitor) == (302, "/")
    assert visitor.get("/o/bakery/plan/").status_code == 200
    assert len(letters_to(bench.app, cast.owner.email)) == 1
    with bench.database():
        assert db.session().scalars(sa.select(LinkedIdentity.user_id)).all() == [cast.owner.id]


def test_another_address_is_linked_anew_by_the_rule_of_the_first_time(bench: Bench, cast: Cast) -> None:
    """An account that was handed over, or broke with a mailbox, is opened by no identity of before."""
    assert bench.sign_in() == (302, "/")
    visitor = Visitor(bench.app, cast.owner)
    new = "nieuw.adres@people.example"
    assert visitor.post("/account/email", {"email": new}).status_code == 302
    page = visitor.post(link_in(last_letter(bench.app, new)), follow_redirects=True).get_data(as_text=True)
    assert "laat u weer binnen zodra die dit adres kent" in page
    assert bench.sign_in()[0] == 422, "the provider still tells the address of before"
    bench.provider.person |= {"email": new, "email_verified": False}
    assert bench.sign_in()[0] == 422
    bench.provider.person |= {"email_verified": True}
    assert bench.sign_in() == (302, "/")
    with bench.database():
        assert db.session().scalars(sa.select(LinkedIdentity.user_id)).all() == [cast.owner.id]
        told = sa.select(AccountEvent.action).where(AccountEvent.action.startswith("identity."))
        assert db.session().scalars(told.order_by(AccountEvent.seq)).all() == [
            "identity.linked", "identity.unlinked", "identity.linked",
        ]  # fmt: skip


@pytest.mark.parametrize(
    "person",
    [
        pytest.param({"email_verified": False}, id="address not checked"),
        pytest.param({"email_verified": None}, id="nothing said about the address"),
        pytest.param({"email": "owner@elsewhere.example"}, id="address outside the domain"),
        pytest.param({"email": "owner@sub.people.example"}, id="address at a part of the domain"),
        pytest.param({"email": "owner@evil.example@people.example"}, id="two domains"),
        pytest.param({"email": "nobody@people.example"}, id="no account"),
        pytest.param({"email": "stranger@people.example"}, id="somebody who belongs elsewhere"),
        pytest.param({"email": None}, id="no address"),
    ],
)
def test_first_time_takes_a_checked_address_of_a_member_in_the_proved_domain(
    bench: Bench, person: dict[str, Any]
) -> None:
    bench.provider.person |= person
    visitor = Visitor(bench.app)
    assert bench.sign_in(visitor)[0] == 422
    assert visitor.get("/organisations").status_code == 302
    with bench.database():
        assert db.session().scalars(sa.select(LinkedIdentity)).all() == []


@pytest.mark.parametrize(
    "lies",
    [
        pytest.param({"iss": "https://other.example"}, id="another issuer"),
        pytest.param({"aud": "somebody else"}, id="for another client"),
        pytest.param({"aud": [CLIENT_ID, "somebody else"]}, id="for two clients, and not said for which"),
        pytest.param({"azp": "somebody else"}, id="used by another client"),
        pytest.param({"nonce": "of another attempt"}, id="of another attempt"),
        pytest.param({"nonce": None}, id="of no attempt"),
        pytest.param({"exp": 1_000_000_000}, id="run out"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"iat": 1_000_000_000, "exp": 4_000_000_000}, id="made long ago"),
        pytest.param({"iat": 4_000_000_000, "exp": 4_000_000_100}, id="made later than now"),
        pytest.param({"sub": None}, id="about nobody"),
        pytest.param({"sub": ""}, id="about an empty name"),
        pytest.param({"sub": "x" * 256}, id="about an endless name"),
    ],
)
def test_proof_that_is_not_for_us_now_and_here_lets_nobody_in(bench: Bench, lies: dict[str, Any]) -> None:
    bench.provider.lies = lies
    assert bench.sign_in()[0] == 422


def test_proof_signed_by_anybody_else_lets_nobody_in(bench: Bench) -> None:
    bench.provider.shown_key = RSAKey.generate_key(2048, {"kid": "one"})
    assert bench.sign_in()[0] == 422


def _part(told: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_proof_without_a_signature_of_the_provider_lets_nobody_in(bench: Bench, algorithm: str) -> None:
    visitor = Visitor(bench.app)
    back = bench.start(visitor)
    (begun,) = bench.provider.codes.values()
    at = int(clock.now().timestamp())
    claims = bench.provider.person | {
        "iss": bench.provider.issuer, "aud": CLIENT_ID, "iat": at, "exp": at + 60, "nonce": begun["nonce"],
    }  # fmt: skip
    # Signed as a careless reader would accept it: not at all, or with the public key as if it were a secret.
    signed = f"{_part({'alg': algorithm, 'kid': 'one'})}.{_part(claims)}"
    secret = bench.provider.key.as_pem(private=False)
    signature = hmac.digest(secret, signed.encode(), "sha256") if algorithm == "HS256" else b""
    bench.provider.token = f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert bench.finish(visitor, back)[0] == 422


def test_what_comes_back_works_once_and_only_in_the_browser_that_began(bench: Bench) -> None:
    visitor, other = Visitor(bench.app), Visitor(bench.app)
    back = bench.start(visitor)
    assert bench.finish(other, back)[0] == 422
    bench.start(other)
    assert bench.finish(other, back)[0] == 422, "the state is of another attempt"
    assert bench.finish(visitor, back) == (302, "/")
    assert bench.finish(visitor, back)[0] == 422


def test_coming_back_changes_nothing_before_the_form_is_sent(bench: Bench) -> None:
    visitor = Visitor(bench.app)
    page = visitor.get(bench.start(visitor))
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "/token" not in bench.provider.asked
    assert visitor.get("/organisations").status_code == 302


def test_attempt_runs_out(bench: Bench) -> None:
    visitor = Visitor(bench.app)
    back = bench.start(visitor)
    with time_machine.travel(clock.now() + GOOD_FOR, tick=False):
        assert bench.finish(visitor, back)[0] == 422


def test_refusal_of_the_provider_is_told_kindly(bench: Bench) -> None:
    visitor = Visitor(bench.app)
    query = parse_qs(urlsplit(bench.start(visitor)).query)
    answer = visitor.get(f"/sign-in/return?error=access_denied&state={query['state'][0]}")
    assert answer.status_code == 422


def test_person_goes_on_to_the_page_asked_for_but_never_to_another_site(bench: Bench) -> None:
    for target, expected in (
        ("/o/bakery/plan/", "/o/bakery/plan/"),
        ("//evil.example", "/"),
        ("https://x.example", "/"),
    ):
        visitor = Visitor(bench.app)
        back = bench.start(visitor, f"/sign-in/organisation/bakery?next={target}")
        assert bench.finish(visitor, back) == (302, expected)


def test_access_taken_away_is_gone_at_the_provider_too(bench: Bench, cast: Cast) -> None:
    assert bench.sign_in()[0] == 302
    with bench.app.app_context(), scoped(whole(cast.bakery.id)):
        row = db.session().scalars(sa.select(Membership).where(Membership.user_id == cast.owner.id)).one()
        row.ends_at = clock.now()
    assert bench.sign_in()[0] == 422


def test_disabled_person_does_not_get_in(bench: Bench, cast: Cast) -> None:
    assert bench.sign_in()[0] == 302
    with bench.database():
        db.session().get_one(User, cast.owner.id).disabled_at = clock.now()
    assert bench.sign_in()[0] == 422


def test_identity_of_one_organisation_opens_nothing_through_another(bench: Bench, cast: Cast) -> None:
    """The other garage runs the same provider and claims whom it likes: it reaches only its own people."""
    assert bench.sign_in()[0] == 302
    connect(bench.app, cast.other.id, bench.provider.issuer, "garage.example")
    visitor = Visitor(bench.app)
    assert bench.finish(visitor, bench.start(visitor, "/sign-in/organisation/other"))[0] == 422
    bench.provider.person = {"sub": "9a", "email": cast.owner.email, "email_verified": True}
    assert bench.finish(visitor, bench.start(visitor, "/sign-in/organisation/other"))[0] == 422


@pytest.mark.parametrize(
    ("said", "strong"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["otp"]}, False),
        ({"amr": "mfa"}, False),
        ({"acr": "0"}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "https://refeds.org/profile/mfa"}, True),
    ],
)
def test_only_a_provider_that_says_so_saves_the_second_factor(
    bench: Bench, cast: Cast, said: dict[str, Any], strong: bool
) -> None:
    connect(bench.app, cast.supplier.id, bench.provider.issuer, "supplier.example", proved=False)
    with bench.app.app_context(), scoped(whole(cast.supplier.id)):
        db.session().add(
            SignOnDomain(domain="supplier.example", organisation_id=cast.supplier.id, proved_at=clock.now())
        )
        db.session().get_one(User, cast.supplier_owner.id).email = "boss@supplier.example"
    bench.provider.person = {"sub": "s1", "email": "boss@supplier.example", "email_verified": True} | said
    with bench.database():
        db.session().execute(sa.delete(TotpFactor).where(TotpFactor.user_id == cast.supplier_owner.id))
    visitor = Visitor(bench.app)
    assert bench.finish(visitor, bench.start(visitor, "/sign-in/organisation/supplier"))[0] == 302
    answer = visitor.get("/o/supplier/plan/")
    assert (answer.status_code == 200) is strong
    assert strong or answer.headers["Location"].startswith("/security/second-factor")


def test_second_factor_set_up_here_is_asked_for_whatever_the_provider_says(bench: Bench, cast: Cast) -> None:
    with bench.database():
        db.session().add(
            TotpFactor(user_id=cast.owner.id, secret=pyotp.random_base32(), last_step=0, added_at=clock.now())
        )
    bench.provider.person["amr"] = ["mfa"]
    visitor = Visitor(bench.app)
    status, where = bench.sign_in(visitor)
    assert (status, where) == (302, "/sign-in/second-step")
    assert visitor.get("/organisations").status_code == 302


@pytest.mark.parametrize(
    "words", ["bakery", "people.example", "owner@people.example", "NOBODY@People.Example", " bakery "]
)
def test_organisation_is_found_by_name_domain_or_address(bench: Bench, words: str) -> None:
    page = Visitor(bench.app).get("/sign-in/organisation", query_string={"q": words}).get_data(as_text=True)
    assert "/sign-in/organisation/bakery" in page


def test_organisation_without_a_proved_domain_has_no_sign_in_page(app: Flask, cast: Cast, provider: Provider) -> None:
    connect(app, cast.bakery.id, provider.issuer, proved=False)
    visitor = Visitor(app)
    for words in ("bakery", "supplier", "people.example", "nowhere", "", "x" * 9000):
        page = visitor.get("/sign-in/organisation", query_string={"q": words}).get_data(as_text=True)
        assert "/sign-in/organisation/" not in page
    for name in ("bakery", "supplier", "nowhere"):
        assert visitor.get(f"/sign-in/organisation/{name}").status_code == 422
    assert provider.asked == []


def save(app: Flask, cast: Cast, provider: Provider, **more: str) -> Any:
    form = {"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "domain": DOMAIN} | more
    return Visitor(app, cast.owner).post("/o/bakery/sign-on/", form)


def test_owner_connects_a_provider_and_its_secret_never_shows(app: Flask, cast: Cast, provider: Provider) -> None:
    assert save(app, cast, provider).status_code == 302
    owner = Visitor(app, cast.owner)
    assert CLIENT_SECRET not in owner.get("/o/bakery/sign-on/").get_data(as_text=True)
    assert save(app, cast, provider, client_secret="").status_code == 302
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        assert db.session().scalars(sa.select(SignOnProvider.client_secret)).one() == CLIENT_SECRET
    with app.app_context(), db.engine().connect() as connection:
        kept = (
            connection.execute(sa.select(sa.type_coerce(SignOnProvider.client_secret, sa.LargeBinary))).scalars().all()
        )
    assert all(CLIENT_SECRET.encode() not in bytes(one) for one in kept)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", "http://localhost:9"),
        ("issuer", "https://localhost:9"),
        ("issuer", "https://169.254.169.254"),
        ("issuer", "https://login.example/?x=1"),
        ("issuer", "javascript:alert(1)"),
        ("domain", "localhost"),
        ("domain", "people.example/path"),
        ("domain", "10.0.0.1"),
        ("domain", "people.example:8443"),
        ("client_secret", ""),
    ],
)
def test_provider_that_cannot_be_used_is_refused(
    app: Flask, cast: Cast, provider: Provider, field: str, value: str
) -> None:
    assert save(app, cast, provider, **{field: value}).status_code == 422


@pytest.mark.parametrize(
    "told",
    [{"issuer": "https://other.example"}, {"token_endpoint": "http://localhost/token"}, {"authorization_endpoint": 1}],
)
def test_provider_that_says_something_else_about_itself_is_refused(
    app: Flask, cast: Cast, provider: Provider, told: dict[str, Any]
) -> None:
    provider.discovery = told
    assert save(app, cast, provider).status_code == 422


def test_domain_is_proved_by_a_file_on_it(provider: Provider) -> None:
    provider.files[PROOF_PATH] = "the proof\n"
    domain = urlsplit(provider.issuer).netloc
    assert read_proof(domain, Outside(provider.trusted)) == "the proof"
    assert read_proof(domain, Outside()) == ""


def test_domain_that_holds_no_proof_is_not_believed(app: Flask, cast: Cast, provider: Provider) -> None:
    save(app, cast, provider)
    assert Visitor(app, cast.owner).post("/o/bakery/sign-on/prove").status_code == 302
    assert Visitor(app).get("/sign-in/organisation/bakery").status_code == 422


def test_domain_belongs_to_one_organisation(app: Flask, cast: Cast, provider: Provider) -> None:
    connect(app, cast.bakery.id, provider.issuer)
    connect(app, cast.other.id, provider.issuer, proved=False)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["sign-on", "confirm", "bakery"]).output.strip() == DOMAIN
    assert runner.invoke(args=["sign-on", "confirm", "other"]).exit_code == 1
    assert runner.invoke(args=["sign-on", "confirm", "supplier"]).exit_code == 1
    assert runner.invoke(args=["sign-on", "confirm", "nowhere"]).exit_code == 1


@pytest.mark.parametrize("change", ["issuer", "domain", "removed"])
def test_links_and_proof_go_when_provider_or_domain_goes(bench: Bench, cast: Cast, change: str) -> None:
    assert bench.sign_in()[0] == 302
    if change == "removed":
        assert Visitor(bench.app, cast.owner).post("/o/bakery/sign-on/remove").status_code == 302
    else:
        bench.provider.discovery = {"issuer": f"{bench.provider.issuer}/"} if change == "issuer" else {}
        more = {"issuer": f"{bench.provider.issuer}/"} if change == "issuer" else {"domain": "brood.example"}
        assert save(bench.app, cast, bench.provider, **more).status_code == 302
    with bench.database():
        assert db.session().scalars(sa.select(LinkedIdentity)).all() == []
        assert db.session().scalars(sa.select(SignOnDomain)).all() == []
    assert Visitor(bench.app).get("/sign-in/organisation/bakery").status_code == 422


def test_trail_of_the_account_tells_sign_in_and_refusal(bench: Bench, cast: Cast) -> None:
    bench.sign_in()
    bench.provider.lies = {"aud": "somebody else"}
    bench.sign_in()
    with bench.database():
        told = [
            (one.action, one.user_id)
            for one in db.session().scalars(sa.select(AccountEvent).order_by(AccountEvent.seq))
        ]
    assert told == [
        ("identity.linked", cast.owner.id), ("sign_in", cast.owner.id), ("sign_in.failed", None),
    ]  # fmt: skip


def test_provider_that_takes_its_time_holds_up_nobody_who_writes(bench: Bench, cast: Cast) -> None:
    seen: list[int] = []
    writer = Visitor(bench.app, cast.editor)
    bench.provider.meanwhile = lambda: seen.append(writer.post("/language", {"language": "nl"}).status_code)
    try:
        assert bench.sign_in() == (302, "/")
    finally:
        bench.provider.meanwhile = lambda: None
    assert seen == [302]


def test_way_to_call_this_machine_is_refused_in_production(tmp_path: Path) -> None:
    environment = {
        "WAARBORG_DATA_DIR": str(tmp_path),
        "WAARBORG_ENV": "production",
        "WAARBORG_BASE_URL": "https://waarborg.example",
        "WAARBORG_TEST_LOOPBACK_CA": "/some/ca.pem",
    }
    with pytest.raises(SettingError, match="WAARBORG_TEST_LOOPBACK_CA"):
        read_settings(environment)
