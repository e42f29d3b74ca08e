"""Contacts with a telephone number, written and read as different processes would."""

import sqlalchemy as sa
from flask import Flask

from app import create_app
from core import db
from plans.models import Contact
from tenants.keys.data_keys import TABLE
from tenants.scope import scoped, whole


def versions(app: Flask, tenant_id: int) -> list[int]:
    with app.app_context(), db.engine().connect() as connection:
        query = sa.select(TABLE.c.version).where(TABLE.c.tenant_id == tenant_id).order_by(TABLE.c.version)
        return list(connection.execute(query).scalars())


def add(app: Flask, tenant_id: int, phone: str) -> None:
    with app.app_context(), scoped(whole(tenant_id)):
        db.session().add(Contact(name=f"Henk {phone}", phone=phone))


def phones(app: Flask, tenant_id: int) -> list[str]:
    with app.app_context(), scoped(whole(tenant_id)):
        return sorted(db.session().scalars(sa.select(Contact.phone)))


def another(app: Flask) -> Flask:
    """The same service in what might be another process: nothing is remembered."""
    return create_app(app.config["SETTINGS"])


def closed(app: Flask) -> None:
    with app.app_context():
        db.engine().dispose()
