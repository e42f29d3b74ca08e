"""A command that is killed at moments drawn at random, and begun anew until it comes to its end by itself.

Run as a program: address of the database, that of its owner ("-" for none), data folder, master key, anchors, kills,
seed, then the command. Says how many were killed before they ended. Each is a fork of this process, which has read the
whole service already: what is killed is the command and not the start of it.
"""

import os
import random
import sys

from flask import Flask

from app import create_app
from core import db
from core.settings import read_settings
from tests.deploy.moments import killed

FIRST, FURTHER = 10, 4
"""The first is killed within its first moments, the next so many times further, until one ends before."""


def run(app: Flask, command: list[str]) -> int:
    """Run the command; return how it ended, 0 is well."""
    found = app.test_cli_runner().invoke(args=command)
    sys.stderr.write(found.output[-2000:])
    sys.stderr.flush()
    return found.exit_code


def ended(app: Flask, command: list[str]) -> None:
    """Run it in a process that nobody kills. Ends with 1 when it fails."""
    child = os.fork()
    if child == 0:
        os._exit(run(app, command))
    _child, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("the command failed")


def service(address: str, owner: str, folder: str, key: str, anchors: str) -> Flask:
    """Return the service, with no connection open that a fork would share. owner: "-" for none."""
    told = {"DATABASE_URL": address, "DATA_DIR": folder, "MASTER_KEY_FILE": key, "ANCHOR_DIR": anchors}
    told |= {"SECRET_KEY": "a secret that only tests know, long enough", "LOG_LEVEL": "ERROR", "SCHEDULER": "off"}
    told |= {} if owner == "-" else {"OWNER_DATABASE_URL": owner}
    app = create_app(read_settings({f"WAARBORG_{name}": value for name, value in told.items()}))
    with app.app_context():
        # A fork must never share a connection.
        db.engine().dispose()
    return app


def main(address: str, owner: str, folder: str, key: str, anchors: str, *rest: str) -> None:
    """Kill the command so many times, and let it end."""
    app = service(address, owner, folder, key, anchors)
    kills, command = int(rest[0]), list(rest[2:])
    chance, died, latest = random.Random(int(rest[1])), 0, FIRST  # noqa: S311 - a moment, not a secret
    for number in range(kills):
        at = chance.randint(latest // 2, latest)
        dead, _code = killed(lambda: run(app, command), at, chance, exact=number % 2 == 0)
        died, latest = died + dead, latest * FURTHER if dead else max(at // 2, FIRST)
    ended(app, command)
    sys.stdout.write(f"\n{died}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
