"""The gunicorn master: it loads the service once; whoever answers pages and whoever runs jobs are forks of it.

`gunicorn.conf.py` names these functions. A fork shares what the master holds until one of them writes there. The jobs
have a process of their own, one more than was asked for, so that no page waits for a sweep; gunicorn itself looks after
it, as after the others. Why: docs/decisions/one-master.md.
"""

import ctypes
import gc
import os
import signal
import sys
import threading
from typing import Any

from flask import Flask
from sqlalchemy.orm import configure_mappers

from core import db, i18n
from core.background.jobs import EXTENSION
from core.serving import garbage

# Pages come first.
NICE = 10
# Seconds that a job under way gets when the process is asked to end: whatever it is, it bears being killed.
GRACE = 10
# Numbers of glibc's mallopt: one heap instead of one for each thread, and memory that is free goes back. By itself
# glibc would keep up to 64 MiB, once a password was checked in 19 of them.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
MALLOC = {M_TRIM_THRESHOLD: 131_072, M_MMAP_THRESHOLD: 131_072, M_ARENA_MAX: 1}

_here = threading.Event()


def take_charge() -> None:
    """Make this process a master, before it loads the service."""
    _here.set()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # other systems have other ways
        for name, value in MALLOC.items():
            libc.mallopt(name, value)
    # What a fork shares must not be written to: collecting garbage writes all over it, and leaves holes to write into.
    gc.disable()


def in_charge() -> bool:
    """Tell whether this process is a master, so that jobs get a process of their own."""
    return _here.is_set()


def settle(server: Any) -> None:
    """Make what every fork would make for itself, and leave nothing open that two may not share."""
    app = _service(server)
    configure_mappers()
    app.url_map.update()
    i18n.load(app)
    with app.app_context():
        db.engine().dispose()
    gc.freeze()


def make_room(server: Any) -> None:
    """Have gunicorn start one process more: that of the jobs."""
    if EXTENSION in _service(server).extensions:
        server.num_workers += 1


def begin_anew(server: Any) -> None:
    """Have everybody replaced, that of the jobs too: gunicorn starts as many as were asked for and ends the oldest."""
    make_room(server)
    if EXTENSION in _service(server).extensions:
        for old in server.WORKERS.values():
            if _runs_jobs(old):
                old.runs_jobs, old.age = False, 0
        server.spawn_worker()


def choose(server: Any, worker: Any) -> None:
    """Choose who runs the jobs: the first, and after it died whoever comes in its place."""
    planned = EXTENSION in _service(server).extensions
    worker.runs_jobs = planned and not any(_runs_jobs(one) for one in server.WORKERS.values())
    if worker.runs_jobs:
        worker.age = sys.maxsize  # the oldest have to go when there are to be fewer


def begin(server: Any, worker: Any) -> None:
    """Run the jobs, in the process that was chosen, and never return; let the others answer pages."""
    gc.enable()
    if not worker.runs_jobs:
        garbage.collect_for_pages()
        return
    stopped = threading.Event()
    for one in (*server.SIGNALS, signal.SIGCHLD):
        signal.signal(one, signal.SIG_DFL)
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(one, lambda *_told: stopped.set())
    for listening in worker.sockets:
        listening.close()
    from gunicorn import util  # there is no master without it

    util.set_owner_process(worker.cfg.uid, worker.cfg.gid, initgroups=worker.cfg.initgroups)
    os.nice(NICE)
    _run_jobs(_service(server), worker, stopped)


def _run_jobs(app: Flask, worker: Any, stopped: threading.Event) -> None:
    from core.background import scheduler  # only this process has use for it

    runner = scheduler.start(app)
    while not stopped.wait(1) and os.getppid() == worker.ppid:
        worker.notify()
    ending = threading.Thread(target=runner.stop, daemon=True)
    ending.start()
    ending.join(GRACE)
    os._exit(0)


def _runs_jobs(worker: Any) -> bool:
    return bool(getattr(worker, "runs_jobs", False))


def _service(server: Any) -> Flask:
    app = server.app.wsgi()
    assert isinstance(app, Flask)
    return app
