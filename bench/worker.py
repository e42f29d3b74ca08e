"""What a web worker of the real server holds in memory after 210 views of all kinds of page: at most 90 MiB of PSS.

PSS: its own memory, and its share of what processes share. gunicorn as it stands in gunicorn.conf.py, with one worker
and with two, over the example's organisations, and a process for the jobs. No pandas, openpyxl or numpy in a server.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError

from bench.pages import PAGES, PASSWORD

GOAL = 90
VIEWS, AT_ONCE = 210, 4
PORT = 8931
BASE = f"http://127.0.0.1:{PORT}"
PATIENCE = 120
HEAVY = ("pandas", "openpyxl", "numpy")
ROOT = Path(__file__).resolve().parent.parent
FILL = """
from app import create_app
from bench.pages import PASSWORD
from core import clock, migrating
import sample
with create_app().app_context():
    migrating.upgrade()
    print(sample.fill_example(today=clock.today(), password=PASSWORD).people[0].email)
"""
LOADED = """
import sys
import app
from bench.pages import PAGES, signed_in
import re
client = signed_in(app.create_server().test_client(), sys.argv[1])
slug = re.findall(r'href="/o/([\\w-]+)/', client.get("/organisations").get_data(as_text=True))[0]
for page in PAGES:
    assert client.get(f"/o/{slug}/{page}").status_code == 200, page
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""

# As installed for real: structlog takes rich along where it is, and here it came with a tool of the tests.
GUNICORN = """
import sys
sys.modules["rich"] = None
from gunicorn.app.wsgiapp import run
run()
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds. pss, private: MiB; jobs: whether it is that of the jobs."""

    pss: float
    private: float
    jobs: bool


def main() -> None:
    """Print what each process holds; end with 1 when a web worker holds too much."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(folder)
        email = python(env, FILL).split()[-1]
        heavy = python({**env, "WAARBORG_SCHEDULER": "off"}, LOADED, email, *HEAVY).split()
        worst = 0.0
        for workers in (1, 2):
            with serving(env, workers) as master:
                browser, slug = signed_in(email)
                paths = [f"/o/{slug}/{PAGES[number % len(PAGES)]}" for number in range(VIEWS * workers)]
                with ThreadPoolExecutor(AT_ONCE) as people:
                    list(people.map(partial(read, browser), paths))
                held = [_held(process) for process in (master, *forks(master))]
            worst = max(worst, *(one.pss for one in held[1:] if not one.jobs))
            names = ["master", *("jobs" if one.jobs else "web worker" for one in held[1:])]
            told = ", ".join(
                f"{name} {one.pss:.0f} MiB ({one.private:.0f} its own)" for name, one in zip(names, held, strict=True)
            )
            print(f"PSS after {VIEWS} pages a worker: {told}; together {sum(one.pss for one in held):.0f} MiB")
    print(f"web worker at most {worst:.0f} MiB (goal {GOAL}); imported: {heavy or 'none'}")
    if heavy or worst > GOAL:
        raise SystemExit(1)


def environment(folder: str) -> dict[str, str]:
    """Return the settings of a server that keeps its data in `folder`."""
    return {**os.environ, "WAARBORG_DATA_DIR": folder, "WAARBORG_LOG_LEVEL": "ERROR", "WAARBORG_BASE_URL": BASE}


@contextmanager
def serving(env: dict[str, str], workers: int) -> Iterator[int]:
    """Run the server; give the id of its master."""
    command = (sys.executable, "-c", GUNICORN, "--no-control-socket", "--log-level", "warning")
    bound = ("--bind", f"127.0.0.1:{PORT}", "--workers", str(workers), "app:create_server()")
    with subprocess.Popen((*command, *bound), cwd=ROOT, env=env) as master:  # noqa: S603 -- our own server
        try:
            _await_answer()
            yield master.pid
        finally:
            master.terminate()


def _await_answer() -> None:
    for _ in range(PATIENCE * 5):
        try:
            urllib.request.urlopen(f"{BASE}/healthz").close()  # noqa: S310 -- our own server
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


def signed_in(email: str) -> tuple[urllib.request.OpenerDirector, str]:
    """Sign in by the form; return the browser, and the first organisation there is."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', read(browser, "/sign-in"))
    assert token
    form = {"csrf_token": token[1], "email": email, "password": PASSWORD}
    browser.open(f"{BASE}/sign-in", urllib.parse.urlencode(form).encode()).close()
    return browser, re.findall(r'href="/o/([\w-]+)/', read(browser, "/organisations"))[0]


def read(browser: urllib.request.OpenerDirector, path: str) -> str:
    """Open a page. Raises HTTPError when it is not one."""
    with browser.open(BASE + path) as answer:
        return str(answer.read().decode())


def forks(master: int) -> list[int]:
    """Return the processes that the master started, the oldest first."""
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()]


def _held(process: int) -> Held:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    found = {name: int(size) / 1024 for name, size, _unit in map(str.split, lines)}
    nice = int(Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[16])
    return Held(found["Pss:"], found["Private_Dirty:"] + found["Private_Clean:"], jobs=nice > 0)


def python(env: dict[str, str], program: str, *arguments: str) -> str:
    """Run a program; return what it said."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", program, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
