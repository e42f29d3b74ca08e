"""Something that is done once, killed at moments from its first to its last until it comes to its end by itself.

Run as a program: address of the database, that of its owner ("-" for none), data folder, master key, anchors, and what
is done as JSON (Act). Writes what was seen as JSON (Seen). Each try is a fork that is killed a few moments later than
the one before: so each comes a little further.
"""

import json
import os
import random
import sys
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from core import db
from core.db import Base
from tenants.models import Tenant, User
from tenants.owned import TenantOwned
from tenants.scope import scoped, whole
from tests.cast import Person
from tests.deploy.killing import service
from tests.deploy.moments import killed
from tests.visitor import Visitor

MOST = 100


@dataclass(frozen=True, slots=True)
class Act:
    """What is done: a command, or a form that a person sends. tenant_id: whose rows are looked at; tables: which are
    counted; words: which are looked for, in these tables, or in every one; growth: how many times further each try
    comes.
    """

    tenant_id: int
    command: list[str] = field(default_factory=list)
    person: str = ""
    path: str = ""
    form: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    seed: int = 7
    growth: float = 1.3


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: how many were killed; looks: what the database said before the first, after each, after the one
    that came to its end, and after doing it again; code, said: how doing it again ended.
    """

    kills: int
    looks: list[str]
    code: int
    said: str


def do(app: Flask, act: Act) -> tuple[int, str]:
    """Do it; return 0 where it was done, and what was said."""
    if act.command:
        found = app.test_cli_runner().invoke(args=act.command)
        return found.exit_code, found.output
    answer = Visitor(app, Person(UUID(act.person), "", "")).post(act.path, act.form)
    return int(answer.status_code >= 400), f"{answer.status_code} {answer.headers.get('Location', '')}"


def told(app: Flask, act: Act, heard: int) -> int:
    """Do it, and write what was said to `heard`; return 0 where it was done."""
    code, said = do(app, act)
    os.write(heard, said.encode()[:4000])
    return code


def look(app: Flask, act: Act) -> str:
    """Return how many rows of its tables there are, and in how many places its words stand."""
    found: Counter[str] = Counter()
    with app.app_context():
        with scoped(whole(act.tenant_id), writes=False):
            for mapper in Base.registry.mappers:
                if issubclass(mapper.class_, TenantOwned):
                    name = str(sa.inspect(mapper.class_).local_table.name)
                    if act.tables and name not in act.tables:
                        continue
                    columns = [getattr(mapper.class_, one.key) for one in mapper.column_attrs]
                    for row in db.session().execute(sa.select(*columns)):
                        found[f"rows {name}"] += int(name in act.tables)
                        found[f"words {name}"] += sum(_says(value, act.words) for value in row)
            tenant = db.session().get_one(Tenant, act.tenant_id)
            found["left"] = int(tenant.left_at is not None)
            for user in db.session().scalars(sa.select(User)):
                found["words user"] += _says(user.name, act.words) + _says(user.email, act.words)
        db.session().close()
        # A fork must never share a connection.
        db.engine().dispose()
    return json.dumps({name: number for name, number in sorted(found.items()) if number})


def _says(value: object, words: list[str]) -> int:
    text = str(value)
    if isinstance(value, bytes):
        with suppress(zlib.error):
            text = zlib.decompress(value).decode(errors="replace")
    return int(any(word in text for word in words))


def ended(app: Flask, act: Act, heard: int) -> int:
    """Do it in a process that nobody kills; return how it ended."""
    child = os.fork()
    if child == 0:
        os._exit(told(app, act, heard))
    _child, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main(*told_words: str) -> None:
    """Kill it until it ends by itself, then do it again."""
    *where, told_act = told_words
    act = Act(**json.loads(told_act))
    app = service(*where)
    chance, at, looks, kills = random.Random(act.seed), 1, [look(app, act)], 0  # noqa: S311 - a moment, not a secret
    hear, heard = os.pipe()
    while kills < MOST:
        # The first dies at its very first moment, however quick the machine is.
        dead, code = killed(lambda: told(app, act, heard), at, chance, exact=kills % 2 == 0)
        looks.append(look(app, act))
        if not dead:
            # One that was killed on its last steps has done it: this was the second already.
            if code and looks[-2] == looks[0]:
                sys.exit(f"it failed: {os.read(hear, 4000).decode()}")
            break
        kills, at = kills + 1, max(at + 1, int(at * act.growth * chance.uniform(0.9, 1.1)))
    os.write(heard, b"\n")
    os.read(hear, 8000)
    again = ended(app, act, heard)
    os.write(heard, b"\n")
    looks.append(look(app, act))
    sys.stdout.write("\n" + json.dumps(asdict(Seen(kills, looks, again, os.read(hear, 4000).decode()))))


if __name__ == "__main__":
    main(*sys.argv[1:])
