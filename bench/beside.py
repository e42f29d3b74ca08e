"""Pages while workbooks are made and everything is judged, beside the same pages with nothing else going on.

Goal: the 99th percentile at most 1.3 times that of idle. The real server, wall clock: other work on the machine tells,
so quiet and busy stretches take turns, and the last line says how busy it was. While it is busy two workbooks of 20,000
rows wait to be made, and `audit run --all` judges both organisations they tell of, again and again.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from bench.pages import PAGES
from bench.worker import BASE, ROOT, environment, python, read, serving, signed_in

GOAL = 1.3
ROUNDS, VIEWS = 3, 140
ROWS = 20_000
PATIENCE = 300
FILL = """
from app import create_app
from bench.pages import PASSWORD
from core import clock, migrating
import sample
with create_app().app_context():
    migrating.upgrade()
    told = dict(today=clock.today(), password=PASSWORD)
    print(sample.fill_example(**told).people[0].email)
    print(sample.generate(tenants=2, seed=1, assets=int(sys.argv[1]), **told).people[0].email)
"""
# As the process of the jobs is: pages come first.
JUDGE = ("nice", "-n", "10", sys.executable, "-m", "flask", "--app", "app", "audit", "run", "--all")


def main() -> None:
    """Print both percentiles and their ratio; end with 1 when it is too high."""
    quiet: list[float] = []
    busy: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        env = environment(folder)
        reader, owner = python(env, "import sys\n" + FILL, str(ROWS)).split()[-2:]
        subprocess.run(JUDGE, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own
        with serving(env, 1):
            browser, slug = signed_in(reader)
            other, _any = signed_in(owner)
            large = sorted(set(re.findall(r'href="/o/([\w-]+)/', read(other, "/organisations"))))
            pages = [f"/o/{slug}/{page}" for page in PAGES]
            for page in pages * 2:
                read(browser, page)
            for _ in range(ROUNDS):
                quiet += [_timed(browser, pages[number % len(pages)]) for number in range(VIEWS)]
                ordered = [_order(other, one) for one in large]
                busy += _while_judging(env, browser, pages)
                _until_made(other, ordered)
    ratio = _p99(busy) / _p99(quiet)
    print(f"{'':<8}{'median ms':>10}{'p99 ms':>10}   of {ROUNDS * VIEWS} pages")
    for name, times in (("quiet", quiet), ("busy", busy)):
        print(f"{name:<8}{statistics.median(times):>10.1f}{_p99(times):>10.1f}")
    load = os.getloadavg()[0]
    print(f"p99 busy / quiet {ratio:.2f} (goal {GOAL}); load {load:.1f} on {os.cpu_count()} cores")
    if ratio > GOAL:
        raise SystemExit(1)


def _timed(browser: urllib.request.OpenerDirector, page: str) -> float:
    began = time.perf_counter()
    read(browser, page)
    return (time.perf_counter() - began) * 1000


def _while_judging(env: dict[str, str], browser: urllib.request.OpenerDirector, pages: list[str]) -> list[float]:
    """Open pages while everything is judged: again when it is done before they are."""
    times: list[float] = []
    while len(times) < VIEWS:
        with subprocess.Popen(JUDGE, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as judging:  # noqa: S603 -- ours
            while len(times) < VIEWS and judging.poll() is None:
                times.append(_timed(browser, pages[len(times) % len(pages)]))
            judging.terminate()
    return times


def _order(browser: urllib.request.OpenerDirector, slug: str) -> str:
    """Ask for a workbook that is made in the background; return its page."""
    form = read(browser, f"/o/{slug}/reports/")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    day = re.search(r'name="as_of"[^>]*value="([^"]+)"', form)
    assert token
    assert day
    told = {"csrf_token": token[1], "name": "inventory", "as_of": day[1], "language": "nl"}
    with browser.open(f"{BASE}/o/{slug}/reports/", urllib.parse.urlencode(told).encode()) as answer:
        assert "/made/" in answer.url, answer.url
        return str(answer.url).removeprefix(BASE)


def _until_made(browser: urllib.request.OpenerDirector, pages: list[str]) -> None:
    """Wait until all of these can be fetched."""
    for _ in range(PATIENCE):
        if all("/file" in read(browser, page) for page in pages):
            return
        time.sleep(1)
    raise SystemExit("the workbooks were not made")


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    main()
