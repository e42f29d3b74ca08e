"""The house as its source shows it: imports run downwards, and nothing walks around the lock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each floor may import itself and what stands before it here.
FLOORS = ("core", "tenants", "plans", "continuity", "audits", "sample")
SOURCES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
OUTSIDE = {"tests", "bench", "dev", "migrations", "app", "serving"}

# Who may name each way past the lock. A new name here is a decision, not a convenience.
BYPASSES = {
    "DOOR": {
        "tenants/leaving/services.py",
        "tenants/person_data/queries.py",
        "tenants/relations.py",
        "tenants/trail/telling.py",
    },
    "CLAIM": {"tenants/sessions.py", "plans/importing/services.py", "plans/importing/batches.py"},
    "SWEEP": {"audits/counts.py", "audits/sweep.py"},
    "ERASURE": {"tenants/trail/erasing.py"},
    "LEDGER": {"audits/ledger.py"},
    "SAMPLE": {"sample/generator.py", "sample/bulk.py"},
    "REGISTRANTS": {"continuity/registrants/reach.py"},
    "OFFICERS": {"continuity/officers/queries.py"},
    "CLIENTS": {"tenants/grants/reach.py"},
}
RAW_SQL = {
    "core/db.py",  # begins transactions and answers the health check
    "core/jobs.py",  # the leader's lock
    "tenants/keys.py",  # fetches keys while a statement of the session is under way
    "tenants/lock.py",  # marks organisations as changed
    "tenants/rotation.py",  # seals bytes anew, which is no change of anything
    "tenants/services.py",  # serialises the first set-up
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.level == 1:
                continue  # a neighbour in the same folder
            assert node.level == 0, "an import that climbs hides the floor"
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_run_downwards_only(path: Path) -> None:
    floor = name_of(path).partition("/")[0]
    above = set(FLOORS[FLOORS.index(floor) + 1 :]) | OUTSIDE
    assert not above & set(imports(ast.parse(path.read_text(encoding="utf-8"))))


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_speaks_raw_sql_outside_the_allow_list(path: Path) -> None:
    raw = {"connection", "exec_driver_sql", "literal_column", "read_sql", "execute_raw"}
    found = [(name, line) for name, line in calls(path) if name in raw or name.startswith("bulk_")]
    if name_of(path) not in RAW_SQL:
        assert not found


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_text_is_only_used_to_describe_indexes(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if "sqlalchemy" in set(imports(tree)) and "models" not in name_of(path):
        from_sqlalchemy = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "text"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in {"sa", "sqlalchemy"}
        ]
        assert not from_sqlalchemy


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_each_way_past_the_lock_is_used_where_it_was_agreed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Bypass":
            assert name_of(path) in BYPASSES[node.attr], f"{name_of(path)}:{node.lineno} uses Bypass.{node.attr}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_lock_option_is_never_written_by_hand(path: Path) -> None:
    if name_of(path) != "tenants/lock.py":
        assert "lock_bypass" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_services_never_commit(path: Path) -> None:
    if "services" in path.name or "services" in path.parent.name:
        assert not [line for name, line in calls(path) if name in {"commit", "rollback"}]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_clock_asks_the_time(path: Path) -> None:
    if name_of(path) in {"core/clock.py", "core/ids.py"}:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            assert (owner, node.func.attr) not in {
                ("datetime", "now"),
                ("datetime", "utcnow"),
                ("date", "today"),
                ("time", "time"),
            }, f"{name_of(path)}:{node.lineno}"
