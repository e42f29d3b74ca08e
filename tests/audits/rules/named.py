"""Which fields of a plan's facts the code of a rule names, in itself and in whatever it calls of ours.

More than it reads, perhaps, as another object's attribute may bear the same name; never less, as long as nothing is
read by a name that is put together while the program runs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from plans.facts import PlanFacts

FIELDS = frozenset(field.name for field in fields(PlanFacts))
OURS = ("audits.", "plans.", "continuity.", "core.", "tenants.")
SCHEME = "continuity"


def named(check: Callable[..., Any]) -> frozenset[str]:
    """Return the fields of PlanFacts that `check` and all it can reach name, and "continuity" for the scheme."""
    names: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [check]
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        names |= _names(here)
        waiting += _reached(here)
    return frozenset(names & (FIELDS | {SCHEME}))


def _names(here: Any) -> set[str]:
    return {name for code in _codes(here) for name in code.co_names} if isinstance(here, FunctionType) else set()


def _codes(function: FunctionType) -> Iterator[CodeType]:
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]


def _reached(here: Any) -> Iterator[Any]:
    """Yield what `here` may call or hold."""
    if isinstance(here, FunctionType):
        yield from _called(here) if here.__module__.startswith(OURS) else ()
    elif isinstance(here, partial):
        yield from (here.func, *here.args, *here.keywords.values())
    elif hasattr(here, "__wrapped__"):
        yield here.__wrapped__
    elif is_dataclass(here) and not isinstance(here, type):
        yield from (getattr(here, field.name) for field in fields(here))
    elif isinstance(here, Mapping):
        yield from here.values()
    elif isinstance(here, (tuple, list, set, frozenset)):
        yield from here


def _called(function: FunctionType) -> Iterator[Any]:
    """Yield what a function names of its module and of modules of ours, and what it closes over."""
    yield from (cell.cell_contents for cell in function.__closure__ or ())
    yield from function.__defaults__ or ()
    names = {name for code in _codes(function) for name in code.co_names}
    for name in names & function.__globals__.keys():
        found = function.__globals__[name]
        yield found
        if isinstance(found, ModuleType) and found.__name__.startswith(OURS):
            yield from (vars(found)[one] for one in names & vars(found).keys())
