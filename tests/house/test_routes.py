"""The route map: every way in has a door, and the door fits."""

import re

import pytest
from flask import Flask

from tenants.door import public
from tenants.doorless import DOORLESS, OpenDoor, refuse_open_doors
from tenants.permissions import BY_PERMISSION, POLICIES, Permission
from tenants.proving import SAFE_METHODS
from tests.cast import Cast
from tests.visitor import Visitor

# Whoever comes may open these; each line is a decision.
PUBLIC = {
    "tenants.start",
    "tenants.sign_in",
    "sign_in.second_factor",  # opens for a browser that began a sign-in, and leads to it otherwise
    "tenants.set_up",
    "invitations.accept",  # behind a link with a secret of 192 bits
    "client_invitations.show",  # as invitations.accept
    "oidc.choose",
    "oidc.begin",
    "oidc.back",
    "oidc.finish",  # believes only what the provider of that organisation signed for this very attempt
    "reset.ask",
    "reset.sent",
    "reset.choose",  # as invitations.accept
    "personal.show",  # as invitations.accept; opens one question to one person, and no session
    "deed_answer.show",  # as invitations.accept; opens one client's deed, and declares nothing without a mailed code
    "deed_answer.no",
    "deed_answer.code",
    "deed_answer.receipt",
    "request_link.show",  # as deed_answer.show
    "request_link.take_back",
    "request_link.address",
    "request_link.code",
    "request_link.task",  # ticks off a list of the client's own, which binds nobody
    "reminders.answer",  # as personal.show; shows what that person was reminded of and may still see
    "reminders.answer_one",  # as above
    "reminders.calendar_feed",  # behind the secret of one calendar; days and titles only
    "paper_check.scan",  # behind the secret on a paper; tells whether that paper still counts and nothing else
    "certificate.show",  # behind a secret of 192 bits; tells whether one client is covered, and names it
    "certificate.badge",  # as certificate.show
    "certificate.pdf",  # as certificate.show
    "tenants.language",
    "tenants.theme",
    "privacy.show",  # about the service; tells of nobody
    "well_known.security",
    "well_known.change_password",
    "well_known.robots",
    "api.openapi",  # what can be asked with a token; tells of nobody
}
UUID = "01a1c9a0-0000-7000-8000-000000000000"


def test_route_without_a_door_stops_the_start() -> None:
    new = Flask(__name__)
    refuse_open_doors(new)
    new.add_url_rule("/shut", "shut", public(lambda: ""))
    refuse_open_doors(new)
    new.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(OpenDoor, match="open has no door"):
        refuse_open_doors(new)


def test_every_route_has_a_door(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint in DOORLESS:
            continue
        door = getattr(view, "door", None)
        assert door is not None, f"{endpoint} has no door"
        if door == "public":
            assert endpoint in PUBLIC, f"{endpoint} is open to everybody"


def test_whatever_names_an_organisation_asks_for_a_permission(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        door = getattr(app.view_functions[rule.endpoint], "door", None)
        inside = isinstance(door, Permission) and door not in {Permission.PLATFORM_READ, Permission.PLATFORM_EDIT}
        assert ("slug" in rule.arguments) == inside, rule.endpoint


def test_nothing_is_sent_to_a_door_that_only_reads(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        door = getattr(app.view_functions[rule.endpoint], "door", None)
        if isinstance(door, Permission) and (rule.methods or set()) - SAFE_METHODS:
            assert not BY_PERMISSION[door].reading, f"{rule.endpoint} takes a POST under {door}"


def test_the_policy_names_each_permission_once() -> None:
    assert [policy.permission for policy in POLICIES] == list(Permission)


def paths(app: Flask, slug: str) -> list[tuple[str, str, set[str]]]:
    """Every route of an organisation with made-up arguments of the right kind."""
    found = []
    for rule in app.url_map.iter_rules():
        if "slug" in rule.arguments:
            path = re.sub(r"<(?:uuid):\w+>", UUID, rule.rule).replace("<slug>", slug)
            path = re.sub(r"<int:\w+>", "1", path)
            path = re.sub(r"<any\('?([\w-]+)[^>]*>", r"\1", path)
            path = re.sub(r"<(?:string:)?\w+>", "backup", path)
            found.append((rule.endpoint, path, (rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return found


def test_stranger_learns_nothing(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.stranger)
    for endpoint, path, methods in paths(app, cast.bakery.slug):
        for method in methods:
            answer = visitor.get(path) if method == "GET" else visitor.post(path)
            assert answer.status_code == 404, f"{method} {endpoint}"
            assert cast.bakery.name not in answer.get_data(as_text=True)


def test_anonymous_is_sent_to_the_sign_in_page(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app)
    for endpoint, path, methods in paths(app, cast.bakery.slug):
        for method in methods:
            answer = visitor.get(path) if method == "GET" else visitor.post(path)
            assert answer.status_code == 302, f"{method} {endpoint}"
            assert "/sign-in" in answer.headers["Location"]


def test_reader_changes_nothing(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.reader)
    for endpoint, path, methods in paths(app, cast.bakery.slug):
        door = getattr(app.view_functions[endpoint], "door", None)
        # In a calamity whoever is there helps, and the plan may name a reader to decide; what is written down is only
        # ever added.
        calamity = {Permission.CALAMITY_RUN, Permission.CALAMITY_ACTIVATE}
        allowed_to_readers = door in {Permission.REPORT_EXPORT, Permission.PLAN_PRINT} | calamity
        if "POST" in methods and not allowed_to_readers:
            assert visitor.post(path).status_code == 403, endpoint


def test_every_unsafe_request_needs_the_token_of_its_own_session(app: Flask, cast: Cast) -> None:
    visitor, other = Visitor(app, cast.owner), Visitor(app, cast.editor)
    unsafe = [(e, p) for e, p, methods in paths(app, cast.bakery.slug) if "POST" in methods]
    assert unsafe
    unsafe += [("tenants.sign_out", "/sign-out"), ("tenants.language", "/language"), ("tenants.sign_in", "/sign-in")]
    for endpoint, path in unsafe:
        assert visitor.client.post(path).status_code == 400, endpoint
        assert visitor.client.post(path, data={"csrf_token": other.token}).status_code == 400, endpoint


def test_wrong_methods_are_refused(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    answer = visitor.client.delete(f"/o/{cast.bakery.slug}/settings")
    assert answer.status_code in {400, 405}


def test_every_answer_carries_the_headers(app: Flask) -> None:
    visitor = Visitor(app)
    for path in ("/sign-in", "/nowhere", "/static/none.css", "/healthz"):
        headers = visitor.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Request-Id"]
        assert "script-src 'self';" in headers["Content-Security-Policy"]
