"""Bodies nobody's program would send, to every operation that takes one: an answer each time, and nothing kept half."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.api.operations import OPERATIONS, Operation
from core import db
from plans.models import Asset
from tenants.models import TrailEntry
from tenants.scope import scoped, whole
from tests.api.program import Program, program
from tests.cast import Cast

WRITING = [one for one in OPERATIONS if one.method not in ("GET", "HEAD")]
JSON = "application/json"
DEEP = 100_000
LONG = "9" * 5000

# Values as they stand in a body, each in the place of any field.
VALUES = {
    "half a pair": rb'"a\ud800b"',
    "half a pair in UTF-8": b'"a\xed\xa0\x80b"',
    "no UTF-8": b'"a\xff\xfeb"',
    "nothing": b'"a\\u0000b"',
    "a real nothing": b'"a\x00b"',
    "a long number": LONG.encode(),
    "a large number": b"1e400",
    "a large whole number": b"99999999999999999999",
    "no number": b"NaN",
    "without end": b"-Infinity",
    "half": b"0.5",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "an object": b'{"a": {"$ne": null}}',
    "a list": b'["a"]',
    "yes": b"true",
    "digits of elsewhere": '"\u0662\u0660\u0662\u0667-\u0660\u0661-\u0663\u0661"'.encode(),
    "superscript": '"²"'.encode(),
    "long": b'"' + b"x" * 1_000_000 + b'"',
}
NAMES = ("name", "warranty_until", "yearly_cost", "lines", "perpetual")
GOOD = {("perpetual", "yes"), ("name", "digits of elsewhere"), ("name", "superscript")}
BODIES = {
    "empty": b"",
    "null": b"null",
    "a list": b"[]",
    "a word": b'"name"',
    "a number": b"1",
    "cut off": b'{"name": "x"',
    "two": b'{"name": "x"}{"name": "y"}',
    "a mark in front": b'\xef\xbb\xbf{"name": "x"}',
    "sixteen bits": '{"name": "x"}'.encode("utf-16"),
    "half a pair as a name": rb'{"\ud800": "x"}',
    "nothing as a name": b'{"\\u0000": "x"}',
    "ours by heart": b'{"__class__": "x", "tenant_id": 1, "version": 7, "archived_at": null}',
}
TYPES = ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
         "\u00e9/x")  # fmt: skip


def kept(app: Flask, cast: Cast) -> tuple[Any, ...]:
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        rows = db.session().execute(sa.select(Asset.id, Asset.name, Asset.note, Asset.version).order_by(Asset.id))
        return (*rows, db.session().scalar(sa.select(sa.func.count(TrailEntry.id))))


@pytest.fixture
def caller(app: Flask, cast: Cast) -> Program:
    return program(app, cast.bakery, cast.owner)


@pytest.fixture
def path(caller: Program) -> str:
    made = caller.ask("POST", "/inventory", {"register": "office-pcs", "fields": {"name": "Till"}})
    return f"/api/v1/inventory/{made.get_json()['id']}"


def send(caller: Program, one: Operation, path: str, body: bytes, kind: str = JSON) -> tuple[int, bytes]:
    """Send `body` as it is; return the answer."""
    address = path if "<" in one.path else f"/api/v1{one.path}"
    headers = {"Authorization": f"Bearer {caller.secret}", "If-Match": '"1"'}
    answer = caller.client.open(address, method=one.method, data=body, content_type=kind, headers=headers)
    assert "html" not in (answer.mimetype or "")
    return answer.status_code, answer.get_data()


def bodies(one: Operation) -> Iterator[tuple[str, bytes]]:
    """Yield what is sent to `one`, each with its name."""
    yield from BODIES.items()
    yield "too deep", b"[" * DEEP
    for called, value in VALUES.items():
        for name in NAMES:
            if (name, called) in GOOD:
                continue
            fields = b'{"' + name.encode() + b'": ' + value + b"}"
            yield f"{name}: {called}", _whole(one, fields)
        if "<" not in one.path:
            yield f"register: {called}", b'{"register": ' + value + b', "fields": {"name": "x"}}'
            yield f"id: {called}", b'{"register": "office-pcs", "fields": {"name": "x"}, "id": ' + value + b"}"
            yield f"fields: {called}", b'{"register": "office-pcs", "fields": ' + value + b"}"


def _whole(one: Operation, fields: bytes) -> bytes:
    return fields if "<" in one.path else b'{"register": "office-pcs", "fields": ' + fields + b"}"


@pytest.mark.parametrize("one", WRITING, ids=lambda one: one.method)
def test_a_body_nobody_would_send_is_refused_and_changes_nothing(
    app: Flask, cast: Cast, caller: Program, path: str, one: Operation
) -> None:
    before, wrong = kept(app, cast), list[str]()
    for called, body in bodies(one):
        status, said = send(caller, one, path, body)
        if not 400 <= status < 500:
            wrong.append(f"{called}: {status} {said[:80]!r}")
    assert not wrong
    assert kept(app, cast) == before


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("one", WRITING, ids=lambda one: one.method)
def test_what_is_not_called_json_is_not_read(
    app: Flask, cast: Cast, caller: Program, path: str, one: Operation, kind: str
) -> None:
    before = kept(app, cast)
    assert send(caller, one, path, _whole(one, b'{"name": "x"}'), kind)[0] == 415
    assert kept(app, cast) == before


def test_what_is_called_json_is_read_as_json_whatever_else_it_is_called(caller: Program, path: str) -> None:
    for one in WRITING:
        for kind in ("application/json; charset=utf-16", "application/json; charset=nowhere", "application/vnd.x+json"):
            assert send(caller, one, path, _whole(one, b'{"name": "x"}'), kind)[0] in {200, 201, 412}


@pytest.mark.parametrize("one", WRITING, ids=lambda one: one.method)
def test_a_name_that_stands_there_twice_is_one_field_and_not_two_answers(
    app: Flask, cast: Cast, caller: Program, path: str, one: Operation
) -> None:
    status, said = send(caller, one, path, _whole(one, b'{"name": "First", "name": "Second"}'))
    assert status < 500
    if status < 400:
        told = json.loads(said)
        assert told["fields"]["name"] == "Second"
        assert (told["fields"]["name"]) in {row[1] for row in kept(app, cast)[:-1]}


def test_an_id_that_stands_there_twice_adds_once(app: Flask, cast: Cast, caller: Program) -> None:
    first, second = uuid4(), uuid4()
    body = f'{{"register": "office-pcs", "id": "{first}", "id": "{second}", "fields": {{"name": "x"}}}}'.encode()
    (one,) = [one for one in WRITING if one.method == "POST"]
    assert send(caller, one, "", body)[0] < 500
    assert len(kept(app, cast)) <= 2
