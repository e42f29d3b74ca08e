"""A client of a bankrupt supplier that was mailed a link of its own: what it got, and the code to declare by it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from continuity.clients.claim_views import ASK
from continuity.models import Client
from core import db
from tenants.models import Role
from tests.cast import Cast, Organisation, Person
from tests.continuity.test_triggers import FILED, send
from tests.continuity.world import World, member
from tests.mailbox import letters_to
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
MAIL = "henk@zonneschijn.example"
SAID = {"name": "Henk Bakker", "asked_as": "Owner", "note": "The tills."}
LINK = re.compile(r"https?://[^/\s]+(/deed/[^/\s]+)/continuity/")


def bankrupt(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> Visitor:
    """Have one officer file the bankruptcy and another one approve it; return the second one's browser."""
    with scope_of(cast.foundation):
        person = member(cast.foundation, "second.officer", Role.EDITOR)
    second = visitor(person)
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one().email = MAIL
    assert send(visitor(cast.foundation_owner), f"{world.registrant_path}/bankruptcy", **FILED) == 302
    assert send(second, f"{world.registrant_path}/bankruptcy/decision", verdict="yes") == 302
    return second


def texts(app: Flask, address: str = MAIL) -> list[str]:
    return [f"{letter['Subject']}\n{letter.get_content()}" for letter in letters_to(app, address)]


def links(app: Flask) -> list[str]:
    """Return the paths of all links that were mailed to the client to ask by."""
    return [found.group(1) for text in texts(app) if (found := LINK.search(text))]


def code_of(app: Flask, guest: Visitor, path: str) -> str:
    return code_from(app, guest, f"{path}/continuity/code")


def code_from(app: Flask, guest: Visitor, page: str, told: dict[str, Any] | None = None) -> str:
    """Return the code that is mailed when this is pressed."""
    before = texts(app)
    assert guest.post(page, told).status_code == 303
    (new,) = set(texts(app)) - set(before)
    found = re.search(r"^(\d{4}) (\d{4})\s*$", new, re.MULTILINE)
    assert found
    return "".join(found.groups())


def claim(app: Flask, owner: Visitor, answer: str) -> int:
    """Say that an organisation is the client, with a code from its mailbox; return the status."""
    code = code_from(app, owner, answer, {ASK: "code"})
    return owner.post(answer, {"code": code}).status_code
