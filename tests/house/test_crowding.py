"""No file and no function of the house grows past what is read in one go: about 300 and about 40 lines."""

import ast

from tests.house.test_floors import ROOT, SOURCES, name_of, nodes

FILE, FUNCTION = 310, 42
READ = [*SOURCES, *sorted(ROOT.glob("*.py")), *sorted((ROOT / "dev").glob("*.py"))]


def test_no_file_is_crowded() -> None:
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in READ}
    assert {name: number for name, number in lines.items() if number > FILE} == {}


def test_no_function_is_crowded() -> None:
    crowded = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in READ
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= FUNCTION
    }
    assert crowded == {}
