"""Whatever is begun, opened, closed, dropped and refused in whichever order: the database shows what is open now."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from core import db
from plans.models import Contact
from tenants.models import Membership
from tenants.scope import (
    SCOPE,
    Opening,
    as_person,
    change_scope,
    close_scope,
    connection_of,
    open_scope,
    opening,
    reading,
    whole,
)
from tests.cast import Cast, Organisation
from tests.tenants.test_row_security import unguarded

pytestmark = pytest.mark.usefixtures("superuser")
Scoped = Callable[[Organisation], AbstractContextManager[None]]
SCOPES, ENDS = ("first", "second", "both", "close"), ("commit", "rollback")
# What can be done while a savepoint is open; a transaction does not end then.
NESTED = (*SCOPES, "savepoint", "back", "keep", "refused")
LOOKS = ("", "look", "ask")
QUERY = sa.select(Contact.name).order_by(Contact.name)


@pytest.fixture
def names(app: Flask, cast: Cast, scope_of: Scoped) -> Iterator[dict[int, str]]:
    """One contact in each of two organisations, by the organisation."""
    places = (cast.bakery, cast.other)
    for place in places:
        with scope_of(place):
            db.session().add(Contact(name=place.name))
    with app.app_context(), unguarded():
        yield {place.id: place.name for place in places}


def shown(look: str) -> list[Any]:
    """The contacts the database shows to the session, or to what is prepared, which asks its connection."""
    current = db.session()
    return list(current.scalars(QUERY) if look == "look" else connection_of(current).scalars(QUERY))


def take(step: str, names: dict[int, str], nested: list[Any]) -> None:
    """Take one step, as far as it can be taken now."""
    current, (first, second) = db.session(), names
    match step:
        case "first" | "second" | "both":
            scope = reading(frozenset(names)) if step == "both" else whole(first if step == "first" else second)
            (change_scope if SCOPE in current.info else open_scope)(scope)
        case "close":
            close_scope()
        case "savepoint":
            nested.append(current.begin_nested())
        case "back" | "keep":
            one = nested.pop()
            one.rollback() if step == "back" else one.commit()
        case "refused":
            one = nested.pop()
            with pytest.raises(DBAPIError), one:
                current.execute(sa.text("SELECT 1 / 0"))
        case "commit" | "rollback":
            (db.commit if step == "commit" else db.rollback)()


@settings(max_examples=100)
@given(steps=st.data())
def everything(names: dict[int, str], steps: st.DataObject) -> None:
    nested: list[Any] = []
    try:
        for _step in range(16):
            take(steps.draw(st.sampled_from(NESTED if nested else (*SCOPES, "savepoint", *ENDS))), names, nested)
            if look := steps.draw(st.sampled_from(LOOKS)):
                scope = db.session().info.get(SCOPE)
                opened = scope.tenant_ids if scope else ()
                assert shown(look) == sorted(name for place, name in names.items() if place in opened)
    finally:
        db.rollback()
        close_scope()


def test_the_database_shows_what_is_open_after_any_steps(names: dict[int, str]) -> None:
    everything(names)


def test_a_changed_scope_takes_along_neither_the_person_nor_what_was_opened(cast: Cast, names: dict[int, str]) -> None:
    seen, told = sa.select(Membership.user_id), sa.func.current_setting
    db.begin(writes=False)
    open_scope(whole(cast.bakery.id))
    as_person(cast.stranger.id)
    assert cast.stranger.id in db.session().scalars(seen).all()
    change_scope(whole(cast.bakery.id))
    assert shown("look") == [names[cast.bakery.id]]
    assert cast.stranger.id not in db.session().scalars(seen).all()
    with opening(Opening.MANAGER, str(cast.supplier.id)):
        assert db.session().scalar(sa.select(told(Opening.MANAGER))) == str(cast.supplier.id)
        change_scope(whole(cast.bakery.id))
        assert db.session().scalar(sa.select(told(Opening.MANAGER))) == ""
    db.rollback()
    close_scope()
