"""A command that is killed at random moments, and begun anew until it comes to its end by itself.

Run as a program: address of the database, that of its owner ("-" for none), data folder, master key, anchors, kills,
seed, then the command. Says how many were killed before they ended. Each is a fork of this process, which has read the
whole service already: what is killed is the command and not the start of it.
"""

import os
import random
import signal
import sys
import time

from flask import Flask

from app import create_app
from core import db
from core.settings import read_settings


def run(app: Flask, command: list[str]) -> int:
    """Begin the command in a process of its own; return its id."""
    child = os.fork()
    if child == 0:
        found = app.test_cli_runner().invoke(args=command)
        sys.stderr.write(found.output[-2000:])
        sys.stderr.flush()
        os._exit(found.exit_code)
    return child


def ended(child: int) -> None:
    """Wait for a command that nobody kills. Ends with 1 when it fails."""
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
    chance, killed, longest = random.Random(int(rest[1])), 0, 2.0  # noqa: S311 - a moment, not a secret
    for _time in range(kills):
        child, nap = run(app, command), chance.uniform(0, longest)
        time.sleep(nap)
        os.kill(child, signal.SIGKILL)
        _child, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
            killed += 1
        else:
            longest = max(nap * 0.9, 0.05)
    ended(run(app, command))
    sys.stdout.write(f"\n{killed}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
