"""Steps that tests of signing in share: a person with an app, codes of it, what the database keeps."""

import re
from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from core import clock, db
from tenants.models import LoginSession, RecentTries, TotpFactor, User
from tenants.sign_in import recovery, totp
from tests.cast import Person
from tests.visitor import Visitor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(app: Flask, person: Person, *, codes: bool = False) -> tuple[str, ...]:
    """Give a person an authenticator app that knows SECRET; return recovery codes when asked for."""
    with app.app_context():
        db.begin(writes=True)
        at = clock.now()
        db.session().add(TotpFactor(user_id=person.id, secret=SECRET, last_step=0, added_at=at))
        made = recovery.renew(person.id, at=at) if codes else ()
        db.commit()
    return made


def code(at: datetime | None = None, *, off: int = 0) -> str:
    """Return what the app of SECRET shows, `off` steps later."""
    return totp.code_of(SECRET, totp.step_at(at or clock.now()) + off)


def wrong_code() -> str:
    """Return six digits that the app shows neither now nor around now."""
    near = {code(off=off) for off in range(-3, 4)}
    return next(text for number in range(100) if (text := f"{number:06}") not in near)


def signed_in_with_app(app: Flask, person: Person, *, off: int = 0) -> Visitor:
    """Sign somebody in by password and code, as they would do it."""
    visitor = Visitor(app)
    assert visitor.sign_in(person.email).location == "/sign-in/second-step"
    assert visitor.post("/sign-in/second-step", {"code": code(off=off)}).status_code == 302
    visitor._token, visitor.person = "", person
    return visitor


def sessions_of(app: Flask, person: Person) -> list[LoginSession]:
    """Return every session of a person, the oldest first."""
    with app.app_context():
        db.begin(writes=False)
        query = sa.select(LoginSession).where(LoginSession.user_id == person.id).order_by(LoginSession.created_at)
        return list(db.session().scalars(query))


def token_of(visitor: Visitor) -> str:
    """Return the token in a browser's cookie, or "" for a browser in which nobody is signed in."""
    with visitor.client.session_transaction() as cookie:
        return str(cookie.get("_user_id", ""))


def tries_of(app: Flask) -> list[int]:
    """Return how many tries each row counts, the fullest first."""
    with app.app_context():
        db.begin(writes=False)
        return sorted((len(row.tries) for row in db.session().scalars(sa.select(RecentTries))), reverse=True)


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found.group(1)


def user_of(person: Person) -> User:
    """Return the row of a person, in the open transaction."""
    return db.session().get_one(User, person.id)
