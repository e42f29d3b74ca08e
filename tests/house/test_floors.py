"""The house as its source shows it: imports run downwards, and nothing walks around the lock."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Each floor may import itself and what stands before it here.
FLOORS = ("core", "tenants", "plans", "continuity", "audits", "sample")
SOURCES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
OUTSIDE = {"tests", "bench", "dev", "migrations", "app", "serving", "tables"}

# Who may name each way past the lock. A new name here is a decision, not a convenience.
BYPASSES = {
    "DOOR": {
        "tenants/engagements.py",
        "tenants/leaving/services.py",
        "tenants/person_data/queries.py",
        "tenants/relations.py",
        "tenants/trail/telling.py",
    },
    "CLAIM": {"tenants/sessions.py", "plans/importing/services.py", "plans/importing/batches.py"},
    "SWEEP": {"audits/findings/counts.py", "audits/sweeping/sweep.py", "audits/sweeping/waiting.py"},
    "ERASURE": {"tenants/trail/erasing.py"},
    "LEDGER": {
        "audits/asof/keeping.py",
        "audits/sweeping/ledger.py",
        "audits/sweeping/states.py",
        "audits/writing.py",
    },
    "SAMPLE": {"sample/generator.py", "sample/bulk.py"},
    "REGISTRANTS": {"continuity/registrants/reach.py"},
    "OFFICERS": {"continuity/officers/queries.py"},
    "CLIENTS": {"tenants/grants/reach.py"},
}
# A bare table goes past the class, and so past what narrows a statement.
BARE_TABLES = {
    "audits/asof/keeping.py",  # as the ledger
    "audits/asof/standing.py",  # puts kept rows into a database of their own, in memory
    "audits/sweeping/sweep.py",  # deletes marks of changes by their keys in one statement, past the lock by agreement
    "audits/writing.py",  # the same, for rows of the ledger and of kept days
    "core/deploy.py",  # looks whether the tables are there
    "core/vault/keeper.py",  # looks whether anything sealed is there
    "plans/registers/undo/used.py",  # reads which columns point at a table; rows are read by their models
    "plans/versions/rooms.py",  # reads what columns there are, no rows
    "plans/versions/rows.py",  # the same
    "plans/versions/telling.py",  # the same
    "tenants/keys/data_keys.py",  # fetches keys while a statement of the session is under way
    "tenants/keys/rotation.py",  # seals every sealed column anew
    "tenants/trail/verifying.py",  # reads the chain as it stands
}
RAW_SQL = {
    "audits/asof/standing.py",  # as above
    "core/inserting.py",  # writes many rows for whoever has done what the lock does
    "core/db.py",  # begins transactions and answers the health check
    "core/written.py",  # asks what prepared.py, below, has put together
    "core/roles.py",  # asks PostgreSQL what its role may do
    "core/background/jobs.py",  # the leader's lock
    "tenants/adding.py",  # many new rows at once, checked and written down as a flush does it
    "tenants/keys/data_keys.py",  # fetches keys while a statement of the session is under way
    "tenants/lock.py",  # marks organisations as changed
    "tenants/prepared.py",  # runs statements that carry the lock in them
    "tenants/keys/rotation.py",  # seals bytes anew, which is no change of anything
    "tenants/scope.py",  # tells the transaction what is open
    "tenants/services.py",  # serialises the first set-up
    "tenants/tokens/calls.py",  # counts a call before it is known whose it is, in a table that no organisation owns
    "tenants/turns.py",  # has who takes something away wait for who uses it
}
# Past SQLAlchemy a statement would run before it is told which scope is open.
DRIVER = {
    "audits/asof/standing.py",  # the database in memory
    "core/db.py",  # begins transactions on SQLite, which is told of no scope
    "core/local_settings.py",  # tells which scope is open
}

Offences = Callable[[Path], Iterator[int]]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def everywhere(offences: Offences) -> list[str]:
    """Return file and line of each offence. One test looks at all files: thousands of tests would say one thing."""
    return [f"{name_of(path)}:{line}" for path in SOURCES for line in offences(path)]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.level == 1:
                continue  # a neighbour in the same folder
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: an import that climbs hides the floor"
            yield node.module.partition(".")[0], node.lineno


def calls(path: Path) -> Iterator[tuple[str, str, int]]:
    """Yield owner ("" when it is no plain name), name and line of each call."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            yield owner, node.func.attr, node.lineno
        elif isinstance(node, ast.Call):
            yield "", getattr(node.func, "id", ""), node.lineno


def test_the_files_are_found() -> None:
    assert {name_of(path).partition("/")[0] for path in SOURCES} == set(FLOORS)


def test_imports_run_downwards_only() -> None:
    def upwards(path: Path) -> Iterator[int]:
        floor = name_of(path).partition("/")[0]
        above = set(FLOORS[FLOORS.index(floor) + 1 :]) | OUTSIDE
        return (line for name, line in imports(path) if name in above)

    assert everywhere(upwards) == []


def test_nothing_speaks_raw_sql_outside_the_allow_list() -> None:
    raw = {"connection", "exec_driver_sql", "literal_column", "read_sql", "execute_raw"}
    raw |= {"insert_columns", "connection_of", "WrittenSelect"}

    def spoken(path: Path) -> Iterator[int]:
        found = (line for _owner, name, line in calls(path) if name in raw or name.startswith("bulk_"))
        return iter(()) if name_of(path) in RAW_SQL else found

    assert everywhere(spoken) == []


def test_the_driver_is_reached_for_where_it_was_agreed() -> None:
    past = {"driver_connection", "dbapi_connection", "raw_connection"}

    def reached(path: Path) -> Iterator[int]:
        found = (node.lineno for node in nodes(path) if isinstance(node, ast.Attribute) and node.attr in past)
        return iter(()) if name_of(path) in DRIVER else found

    assert everywhere(reached) == []


def test_text_is_only_used_to_describe_indexes() -> None:
    def used(path: Path) -> Iterator[int]:
        text = (line for owner, name, line in calls(path) if name == "text" and owner in {"sa", "sqlalchemy"})
        return iter(()) if "models" in name_of(path) else text

    assert everywhere(used) == []


def test_each_way_past_the_lock_is_used_where_it_was_agreed() -> None:
    def unagreed(path: Path) -> Iterator[int]:
        for node in nodes(path):
            # Whoever writes through it goes past the lock as well.
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Bypass":
                way, line = node.attr, node.lineno
            elif isinstance(node, ast.ImportFrom) and node.module == "audits.writing":
                way, line = "LEDGER", node.lineno
            else:
                continue
            if name_of(path) not in BYPASSES[way]:
                yield line

    assert everywhere(unagreed) == []


def test_bare_tables_are_used_where_it_was_agreed() -> None:
    def bare(path: Path) -> Iterator[int]:
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and name_of(path) not in BARE_TABLES:
                all_tables = node.attr == "tables" and ast.unparse(node.value).endswith("metadata")
                if node.attr == "__table__" or all_tables:
                    yield node.lineno

    assert everywhere(bare) == []


def test_the_lock_option_is_never_written_by_hand() -> None:
    written = [name_of(path) for path in SOURCES if "lock_bypass" in path.read_text(encoding="utf-8")]
    assert written == ["tenants/lock.py"]


def test_services_never_commit() -> None:
    def committed(path: Path) -> Iterator[int]:
        service = "services" in path.name or "services" in path.parent.name
        return (line for _owner, name, line in calls(path) if service and name in {"commit", "rollback"})

    assert everywhere(committed) == []


def test_only_the_clock_asks_the_time() -> None:
    asked = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
    clocks = {"core/clock.py", "core/ids.py"}

    def asking(path: Path) -> Iterator[int]:
        return (line for owner, name, line in calls(path) if (owner, name) in asked and name_of(path) not in clocks)

    assert everywhere(asking) == []
