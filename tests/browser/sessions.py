"""Windows in which somebody is signed in already: the form has tests of its own, and takes half of a test."""

import sqlalchemy as sa
from flask import session
from playwright.sync_api import BrowserContext

from core import clock, db
from tenants import sessions
from tenants.models import TotpFactor, User
from tests.browser.scene import Scene


def let_in(window: BrowserContext, scene: Scene, email: str, *, strong: bool = False) -> None:
    """Sign somebody in. strong: with a second factor, as who has an app always is."""
    app = scene.app
    with app.test_request_context():
        db.begin(writes=True)
        user = db.session().scalars(sa.select(User).where(User.email == email)).one()
        apps = db.session().scalars(sa.select(TotpFactor.user_id).where(TotpFactor.user_id == user.id)).all()
        sessions.start(user, at=clock.now(), strong=strong or bool(apps))
        db.commit()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        value = signer.dumps(dict(session))
    name = app.config["SESSION_COOKIE_NAME"]
    window.add_cookies([{"name": name, "value": value, "url": scene.address}])
