"""Every field of every form, filled with what nobody would type: an answer each time, never a mistake of ours."""

from collections.abc import Iterable, Iterator
from zlib import crc32

import pytest
from flask import Flask

from tests.access.conftest import Stage
from tests.access.hostile import HOSTILE, NUL, Form, forms_on
from tests.access.test_who_gets_in import routes
from tests.visitor import Visitor

# Who may send most of the forms of an organisation. The reseller's first: it has nearly all that others have.
WHO = {"supplier": "supplier_owner", "foundation": "officer", "home": "owner"}
OUTSIDE = ("/account/", "/account/email", "/security/", "/security/password", "/my-data/erase")
PUBLIC = ("/sign-in", "/reset", "/sign-in/organisation")
FORM = "application/x-www-form-urlencoded"


def forms_at(visitor: Visitor, paths: Iterable[str]) -> Iterator[Form]:
    """Yield the forms of these pages that this person may open."""
    for path in paths:
        answer = visitor.client.get(path, buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield from forms_on(answer.get_data(as_text=True), path)


def endpoint(app: Flask, form: Form) -> str:
    found, _arguments = app.url_map.bind("localhost").match(form.path, method="POST")
    return str(found)


def answers(visitor: Visitor, form: Form) -> Iterator[tuple[str, int]]:
    """Send a form again and again, one field of it filled with what nobody would type; yield how it was answered."""
    others = [kind for kind in HOSTILE if kind != NUL]
    for name in form.names:
        # One of the others, the same each time, and among all fields each of them.
        for kind in (NUL, others[crc32(f"{form.names} {name}".encode()) % len(others)]):
            answer = visitor.client.post(form.path, data=form.filled(name, HOSTILE[kind]), content_type=FORM)
            yield f"{name}: {kind}", answer.status_code
            answer.close()


def test_no_field_of_any_form_makes_a_mistake_of_ours(stage: Stage) -> None:
    sent, wrong = set[tuple[str, tuple[str, ...]]](), list[str]()
    for where, who in WHO.items():
        visitor = Visitor(stage.app, stage.world.people[who])
        paths = [way.path for way in routes(stage, where) if "GET" in way.methods]
        # All pages first: what is sent afterwards may change them.
        for form in list(forms_at(visitor, paths)):
            known = (endpoint(stage.app, form), tuple(form.names))
            if known in sent:
                continue
            sent.add(known)
            wrong += [f"{form.path} {told}" for told, status in answers(visitor, form) if status >= 500]
    assert len(sent) > 80, "hardly any form was found"
    assert not wrong


@pytest.mark.parametrize("who", ["editor", None])
def test_nor_does_a_field_outside_organisations(stage: Stage, who: str | None) -> None:
    visitor = Visitor(stage.app, stage.world.people[who] if who else None)
    wrong, forms = list[str](), list(forms_at(visitor, OUTSIDE if who else PUBLIC))
    assert len(forms) > 1
    for form in forms:
        wrong += [f"{form.path} {told}" for told, status in answers(visitor, form) if status >= 500]
    assert not wrong
