"""Every route as every person, against their own, a sibling's and a foreign organisation's objects.

The routes come from the route map: a new one is in these tests, or fails the build until its door and its arguments
are told here. Who may do what is written down once more by hand, so that a slip in the policy shows.
"""

from collections.abc import Iterable

import pytest
from flask import Flask

from tenants.permissions import Permission
from tests.access.conftest import Stage
from tests.access.objects import Way, ways
from tests.access.world import FOREIGN, Place, World
from tests.visitor import Visitor

OWNER = frozenset({"owner"})
EDITORS = frozenset({"owner", "editor"})
MEMBERS = frozenset({"owner", "editor", "reader"})
# How people from outside stand to `home`. supplier_owner: may edit; supplier_reader: of the same firm, may look.
KEEPERS = frozenset({"supplier_owner"})
ALL_AREAS = MEMBERS | {"supplier_owner", "supplier_reader", "auditor"}
PLAN = ALL_AREAS | {"plan_keeper"}
SCHEME = ALL_AREAS | {"scheme_auditor"}
ANYBODY = PLAN | SCHEME
AUDITORS = frozenset({"auditor", "scheme_auditor"})
# Whom nobody has let in at the supplier and the foundation.
NO_AUDITORS = dict.fromkeys((Permission.ROOM_READ, Permission.ROOM_ASK), frozenset[str]())

AT_HOME = {
    Permission.ORGANISATION_READ: ANYBODY,
    Permission.ORGANISATION_EDIT: OWNER,
    Permission.ORGANISATION_LEAVE: OWNER,
    Permission.DATA_EXPORT: OWNER,
    Permission.PERSON_ERASE: OWNER,
    Permission.PEOPLE_READ: MEMBERS,
    Permission.PEOPLE_EDIT: OWNER,
    Permission.CONNECTIONS_EDIT: OWNER,
    Permission.REMINDERS_READ: MEMBERS,
    Permission.REMINDERS_EDIT: OWNER,
    Permission.PLAN_READ: PLAN,
    Permission.PLAN_EDIT: EDITORS | {"supplier_owner", "plan_keeper"},
    Permission.PLAN_PUBLISH: OWNER,
    Permission.PLAN_APPROVE: OWNER,
    Permission.WAIVER_PROPOSE: EDITORS | {"supplier_owner", "plan_keeper"},
    Permission.WAIVER_APPROVE: OWNER,
    Permission.PLAN_PRINT: PLAN,
    Permission.PAPER_WITHDRAW: EDITORS | {"supplier_owner", "plan_keeper"},
    Permission.CALAMITY_ACTIVATE: MEMBERS,
    Permission.CALAMITY_RUN: MEMBERS | {"supplier_owner", "plan_keeper"},
    Permission.CONTINUITY_READ: SCHEME,
    Permission.CONTINUITY_EDIT: EDITORS | {"supplier_owner"},
    Permission.HANDOVER_DELIVER: EDITORS | {"supplier_owner"},
    Permission.COVER_CLAIM: OWNER,
    Permission.OPENING_DECIDE: OWNER,
    Permission.AUDIT_READ: ANYBODY,
    Permission.AUDIT_RUN: EDITORS | {"supplier_owner", "plan_keeper"},
    Permission.REPORT_EXPORT: ANYBODY,
    Permission.REPORT_SCHEDULE: OWNER,
    Permission.ROOM_READ: AUDITORS,
    Permission.ROOM_ASK: AUDITORS,
    Permission.REQUEST_READ: MEMBERS,
    Permission.REQUEST_ANSWER: EDITORS,
    Permission.TRAIL_READ: OWNER | {"auditor"},
    Permission.TRAIL_EXPORT: OWNER | {"auditor"},
}
AT_THE_SUPPLIER = {
    permission: frozenset({"supplier_owner"}) | ({"supplier_reader"} if "reader" in people else frozenset())
    for permission, people in AT_HOME.items()
} | {
    **NO_AUDITORS,
    Permission.PORTFOLIO_READ: frozenset({"supplier_owner", "supplier_reader"}),
    Permission.PORTFOLIO_INVITE: frozenset({"supplier_owner"}),
}
AT_THE_FOUNDATION = {
    permission: frozenset({"officer"}) | ({"foundation_reader"} if "reader" in people else frozenset())
    for permission, people in AT_HOME.items()
} | {
    **NO_AUDITORS,
    Permission.REGISTRANT_READ: frozenset({"officer", "foundation_reader"}),
    Permission.REGISTRANT_CONFIRM: frozenset({"officer"}),
    Permission.OFFICER_KEY: frozenset({"officer"}),
    Permission.SCHEME_DECIDE: frozenset({"officer"}),
}
BELONG = {
    "home": ANYBODY,
    "supplier": frozenset({"supplier_owner", "supplier_reader"}),
    "foundation": frozenset({"officer", "foundation_reader"}),
}
TABLES = {"home": AT_HOME, "supplier": AT_THE_SUPPLIER, "foundation": AT_THE_FOUNDATION}
# Who reach furthest: what others reach is a part of what these do.
FURTHEST = {("owner", "home"), ("auditor", "home"), ("supplier_owner", "supplier"), ("officer", "foundation")}
PEOPLE = (
    "owner",
    "editor",
    "reader",
    "supplier_owner",
    "supplier_reader",
    "plan_keeper",
    "auditor",
    "scheme_auditor",
    "former_member",
    "former_keeper",
    "former_auditor",
    "coming_auditor",
    "officer",
    "foundation_reader",
    "stranger",
    "operator",
)
NOBODY: frozenset[str] = frozenset()
# Where somebody has no relation, and had none, no row is read that one database could hide and the other show.
ASKED = [
    pytest.param(
        who, where, id=f"{who}-{where}", marks=() if where == "home" or who in BELONG[where] else pytest.mark.once
    )
    for where in TABLES
    for who in PEOPLE
]
IN = frozenset({200, 302, 303})
PLAIN = {"Accept": "text/plain"}
# Pages that answer otherwise although all is well, and why.
OWN_ANSWER = {
    "importing.preview": {404},  # the upload of the world has no sheet that was mapped
    "importing.result": {404},
    "importing.sheet": {404},
    "foundation.bankruptcy_withdraw": {404, 409},  # nobody is bankrupt
    "foundation.trigger_decide": {404, 409},  # nothing was filed
    "officers.key_prove": {409},  # the key of somebody else
    "continuity.delivery_file": {404},  # nothing is kept of the deliveries of the world
    "foundation.delivery_file": {404, 409},
    "client_invitations.answer": {410},  # no such link was mailed
    "cover_claims.confirm": {410},
    "own_requests.take_back": {404},
    "own_requests.show": {404},  # no supplier names the organisations of the world as its clients
    "continuity.declaration_file": {404},  # nothing is kept of the declaration of the world
    "continuity.condition_check": {404, 422},  # nobody accepted that version
    "foundation.late_decide": {404},  # nobody is late
    "foundation.late_proof": {404},
    "made.show": {404},  # whoever is no member sees what they asked for themselves
    "made.download": {404},
}


# The room of one assignment is its auditor's alone: to another one of the same organisation it is not there.
ONE_AUDITORS = dict.fromkeys(("room.show", "room.ask", "room.asked", "room.file"), "auditor")
# A reseller's own lists name all its clients, and the sibling is one.
NAMES_CLIENTS = {"portfolio.index", "clients.index"}
# And this one shows a line of its registers, with its name in the same row of the table.
SHOWS_CLIENTS = {"lapsing.portfolio"}


def place(world: World, name: str) -> Place:
    return {"home": world.home, "supplier": world.supplier, "foundation": world.foundation}[name]


def routes(stage: Stage, name: str, *, foreign: bool = False) -> list[Way]:
    """Return the routes of an organisation; foreign: with the keys of the other side's objects in its own address."""
    if (name, foreign) not in stage.known:
        stage.known[name, foreign] = ways(stage.app, place(stage.world, name), stage.world, foreign=foreign)
    return stage.known[name, foreign]


def told_apart(stage: Stage, found: Iterable[Way], database: str, *, furthest: bool) -> list[tuple[Way, str]]:
    """Return each of these routes with each of its methods; on PostgreSQL a part of them for most people.

    furthest: of all who are here, this person reaches furthest; their pages are all asked for under its policies.
    What PostgreSQL hides from everybody else is what the door asks about them, by the same statements for every
    route; what the door makes of it is one code, and SQLite shows it for each. So one route of each permission,
    method and kind of address is left to ask.
    """
    asked = [(way, method) for way in found for method in sorted(way.methods)]
    if database == "sqlite" or furthest:
        return asked
    kinds = {(door(stage.app, way.endpoint), method, way.names_rows): (way, method) for way, method in reversed(asked)}
    return list(kinds.values())


def door(app: Flask, endpoint: str) -> Permission:
    found = getattr(app.view_functions[endpoint], "door", None)
    assert isinstance(found, Permission)
    return found


def ask(visitor: Visitor, way: Way, method: str, *, plainly: bool = False) -> tuple[int, str]:
    """Return the status and the text of an answer; plainly: as a program that takes no pages."""
    accept = PLAIN if plainly else {}
    answer = visitor.get(way.path, headers=accept) if method == "GET" else visitor.post(way.path, headers=accept)
    text = answer.get_data().decode("utf-8", errors="replace")
    answer.close()
    return answer.status_code, text


class Refusals:
    """Which ways of being refused were looked at as a page: all are the same page, so the rest is asked plainly."""

    def __init__(self) -> None:
        self.looked_at: set[tuple[str, int]] = set()

    def ask(self, visitor: Visitor, way: Way, method: str, expected: int) -> tuple[int, str]:
        """Return what `ask` does; plainly where `expected` was seen before after this method."""
        status, text = ask(visitor, way, method, plainly=(method, expected) in self.looked_at)
        self.looked_at.add((method, status))
        return status, text


def test_every_permission_is_written_down_by_hand() -> None:
    told = set().union(*TABLES.values()) | {Permission.PLATFORM_READ, Permission.PLATFORM_EDIT}
    assert told == set(Permission)


@pytest.mark.parametrize(("who", "where"), ASKED)
def test_each_person_gets_where_the_table_says_and_no_further(
    stage: Stage, who: str, where: str, database: str
) -> None:
    """On PostgreSQL whoever reaches furthest asks for everything, the others for a part: see told_apart."""
    visitor, refusals, wrong = Visitor(stage.app, stage.world.people[who]), Refusals(), []
    refused = 403 if who in BELONG[where] else 404
    for way, method in told_apart(stage, routes(stage, where), database, furthest=(who, where) in FURTHEST):
        holders = TABLES[where].get(door(stage.app, way.endpoint), NOBODY)
        if who in holders and method != "GET":
            continue  # what may be changed is proved where it is built; here it would change the world
        status, text = ask(visitor, way, method) if who in holders else refusals.ask(visitor, way, method, refused)
        if way.endpoint in NAMES_CLIENTS:
            text = text.replace(stage.world.sibling.name, "")
        if way.endpoint in SHOWS_CLIENTS:
            text = "".join(row for row in text.split("<tr>") if stage.world.sibling.name not in row)
        if who in holders and who != ONE_AUDITORS.get(way.endpoint, who):
            fits = status == 404
        elif who in holders:
            fits = status in IN | OWN_ANSWER.get(way.endpoint, set())
        else:
            fits = status == refused
        if not fits or FOREIGN in text:
            wrong.append(f"{method} {way.path} ({way.endpoint}): {status}{' leaks' if FOREIGN in text else ''}")
    assert not wrong


@pytest.mark.parametrize("where", TABLES)
@pytest.mark.parametrize("who", ["owner", "editor", "reader", "supplier_owner", "auditor", "officer"])
def test_the_key_of_a_foreign_object_opens_nothing(stage: Stage, who: str, where: str, database: str) -> None:
    """On PostgreSQL whoever reaches furthest asks for everything, the others for a part: see told_apart."""
    visitor, refusals, wrong = Visitor(stage.app, stage.world.people[who]), Refusals(), []
    foreign = (one for one in routes(stage, where, foreign=True) if one.names_rows)
    for way, method in told_apart(stage, foreign, database, furthest=(who, where) in FURTHEST):
        holders = TABLES[where].get(door(stage.app, way.endpoint), NOBODY)
        expected = 403 if who in BELONG[where] - holders else 404
        status, text = refusals.ask(visitor, way, method, expected)
        if status != expected or FOREIGN in text:
            wrong.append(f"{method} {way.path} ({way.endpoint}): {status}")
    assert not wrong


@pytest.mark.parametrize("who", ["supplier_owner", "supplier_reader"])
def test_the_key_of_another_client_opens_nothing_in_this_one(stage: Stage, who: str, database: str) -> None:
    """On PostgreSQL who may change things asks for everything, who may look for a part: see told_apart."""
    visitor, refusals, wrong = Visitor(stage.app, stage.world.people[who]), Refusals(), []
    sibling = ways(stage.app, stage.world.home, stage.world, rows_of=stage.world.sibling)
    named = (one for one in sibling if one.names_rows)
    for way, method in told_apart(stage, named, database, furthest=who == "supplier_owner"):
        status, text = refusals.ask(visitor, way, method, 404)
        if status not in {403, 404} or FOREIGN in text:
            wrong.append(f"{method} {way.path} ({way.endpoint}): {status}")
    assert not wrong


@pytest.mark.once
@pytest.mark.parametrize("where", TABLES)
def test_nobody_who_is_not_signed_in_gets_anywhere(stage: Stage, where: str) -> None:
    visitor, wrong = Visitor(stage.app), []
    for way in routes(stage, where):
        for method in sorted(way.methods):
            answer = visitor.get(way.path) if method == "GET" else visitor.post(way.path)
            if answer.status_code != 302 or "/sign-in" not in answer.headers["Location"]:
                wrong.append(f"{method} {way.path}: {answer.status_code}")
    assert not wrong


@pytest.mark.once
@pytest.mark.parametrize("where", TABLES)
def test_a_method_that_a_route_does_not_know_is_refused(stage: Stage, where: str) -> None:
    visitor, wrong = Visitor(stage.app, stage.world.people["owner"]), []
    adapter = stage.app.url_map.bind("localhost")
    for path in {way.path for way in routes(stage, where)}:
        methods = set(adapter.allowed_methods(path))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            answer = visitor.client.open(path, method=method, data={"csrf_token": visitor.token}, headers=PLAIN)
            if answer.status_code != 405:
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong


@pytest.mark.parametrize("who", PEOPLE)
def test_the_operators_pages_are_not_there_for_anybody_else(stage: Stage, who: str) -> None:
    visitor, wrong = Visitor(stage.app, stage.world.people[who]), []
    for rule in stage.app.url_map.iter_rules():
        held = getattr(stage.app.view_functions[rule.endpoint], "door", None)
        if held not in {Permission.PLATFORM_READ, Permission.PLATFORM_EDIT} or rule.arguments:
            continue
        for method in (rule.methods or set()) & {"GET", "POST"}:
            if who == "operator" and method == "POST":
                continue
            way = Way(rule.endpoint, rule.rule, frozenset(), names_rows=False)
            status, _text = ask(visitor, way, method, plainly=who != "operator")
            if status not in (IN if who == "operator" else {404}):
                wrong.append(f"{method} {rule.rule}: {status}")
    assert not wrong
