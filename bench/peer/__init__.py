"""Beside CISO Assistant: the same numbers of organisations and records, lists, counts, exports and memory.

Both are served by one gunicorn worker on this machine and asked over HTTP, in turns, by somebody signed in; CPU is that
of the worker and of what it starts. Of the peer it is the backend alone, which answers JSON: a second server of its own
makes pages of that, and is left out. Goals: lists and counts 10 times faster, exports 100 times, a third of the memory.
"""

import os
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import cycle
from pathlib import Path

from bench.choosing import database
from bench.peer import ours, theirs
from bench.peer.server import Cost, Server

ORGANISATIONS, EACH = 400, 50
ROWS = ORGANISATIONS * EACH
TIMES, WARM, FEW = 9, 2, 3
Ask = Callable[[], Cost]


def main() -> None:
    """Fill both, and print a line per question: what it costs each, and how many times more there."""
    if not theirs.here():
        print(theirs.HOW)
        return
    with tempfile.TemporaryDirectory() as folder, database("sqlite") as env:
        kept = os.environ.get(theirs.KEPT, str(Path(folder, "peer.sqlite3")))
        their_env = theirs.settings({"SQLITE_FILE": kept})
        there = theirs.filled(their_env, ORGANISATIONS, EACH)
        print(f"peer: domains, assets, controls, findings: {there.counts}", flush=True)
        here = ours.filled(env, ORGANISATIONS, EACH, ROWS)
        print(f"here: {ORGANISATIONS} organisations and more, {here.clients} clients; {here.findings} findings shown")
        with theirs.served(their_env) as peer, ours.served(env, here) as own:
            print(f"{'':<46}{'CPU ms':>20}{'wall ms':>22}{'CPU':>8}{'wall':>8}", flush=True)
            lists(own, peer, here, there)
            memory("after lists and counts", own, peer)
            exports(own, peer, here, there, env)
            memory("after exports", own, peer)


def lists(own: Server, peer: Server, here: ours.Filled, there: theirs.Filled) -> None:
    """Compare lists of 50 and counts."""
    tokens = {name: cycle(map(ours.bearer, secrets)) for name, secrets in here.tokens.items()}
    page = f"/o/{here.usual}"

    def program(name: str, path: str) -> Ask:
        return lambda: own.cost(f"/api/v1/{path}", next(tokens[name]))

    def theirs_of(path: str, token: str) -> Ask:
        return lambda: peer.cost(f"/api/{path}", theirs.shown(token))

    of_one = f"limit={EACH}&folder={there.organisation}"
    for who, token in (("sees all", there.sees_all), ("sees one", there.sees_one)):
        findings = theirs_of(f"findings/?{of_one}", token)
        assets = theirs_of(f"assets/?{of_one}", token)
        counts = theirs_of(f"get_metrics/?folder={there.organisation}", token)
        compare(f"{who}: findings, page", lambda: own.cost(f"{page}/findings?unfilled=among"), findings)
        compare(f"{who}: findings, JSON", program("usual", f"findings?limit={EACH}"), findings)
        controls = theirs_of(f"applied-controls/?{of_one}", token)
        compare(f"{who}: findings / applied controls", program("usual", f"findings?limit={EACH}"), controls)
        compare(f"{who}: records, page", lambda: own.cost(f"{page}/registers/office-pcs"), assets)
        compare(f"{who}: records, JSON", program("usual", f"inventory?limit={EACH}"), assets)
        compare(f"{who}: counts of one, JSON", program("usual", "standing"), counts)
        compare(f"{who}: counts of one, home page", lambda: own.cost(f"{page}/"), counts)
        compare(f"{who}: overview, home page", lambda: own.cost(f"{page}/"), overview(peer, token), FEW)
    every = theirs_of("get_metrics/", there.sees_all)
    compare("sees all: counts of all, page", lambda: own.cost(f"/o/{here.reseller}/portfolio/"), every)
    compare("sees all: counts of all, JSON", program("reseller", f"portfolio?limit={EACH}"), every)
    whole = overview(peer, there.sees_all)
    compare("sees all: overview, portfolio", lambda: own.cost(f"/o/{here.reseller}/portfolio/"), whole, FEW)


def overview(peer: Server, token: str) -> Ask:
    """Return what asks all that the page with its counts and charts asks."""
    shown = theirs.shown(token)
    return lambda: peer.costs(lambda: sum(len(peer.fetch(f"/api/{path}", headers=shown)) for path in theirs.OVERVIEW))


def exports(own: Server, peer: Server, here: ours.Filled, there: theirs.Filled, env: Mapping[str, str]) -> None:
    """Compare exports of ROWS rows. env: of ours."""
    shown = theirs.shown(there.sees_all)
    tokens = cycle(here.tokens["largest"])

    def theirs_of(path: str) -> Ask:
        return lambda: peer.cost(f"/api/{path}/", shown)

    def made(name: str) -> Ask:
        return lambda: ours.workbook(env, here.largest, name, Path(env["WAARBORG_DATA_DIR"], "bench.xlsx"))

    def read(name: str) -> Ask:
        return lambda: own.costs(lambda: ours.all_of(own, next(tokens), name))

    for name, asked in (("assets", "inventory"), ("applied-controls", "findings")):
        # One time and no more: an export of theirs takes minutes.
        csv, xlsx = cache(theirs_of(f"{name}/export_csv")), cache(theirs_of(f"{name}/export_xlsx"))
        label = f"{asked} / {name}"
        compare(f"{label}, workbook / XLSX", made(asked), xlsx, FEW)
        compare(f"{label}, API / CSV", read(asked), csv, FEW)


def compare(label: str, own: Ask, peer: Ask, times: int = TIMES) -> None:
    """Ask both in turns and print the medians and how many times more it costs there."""
    pairs = [(own(), peer()) for _ in range(times + WARM if times == TIMES else times)][-times:]
    here, there = (_median([pair[side] for pair in pairs]) for side in (0, 1))
    numbers = f"{here.cpu * 1e3:10.1f}{there.cpu * 1e3:10.1f}{here.wall * 1e3:12.1f}{there.wall * 1e3:10.1f}"
    print(f"{label:<46}{numbers}{there.cpu / here.cpu:8.1f}{there.wall / here.wall:8.1f}", flush=True)


def memory(label: str, own: Server, peer: Server) -> None:
    """Print what each worker holds."""
    here, there = own.held(), peer.held()
    print(f"PSS of a worker {label}: {here:.0f} MiB, {there:.0f} MiB: {here / there:.2f} of it", flush=True)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(one.cpu for one in costs),
        statistics.median(one.wall for one in costs),
        int(statistics.median(one.size for one in costs)),
    )


if __name__ == "__main__":
    main()
