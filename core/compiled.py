"""What functions do, as a short text that another release can compare with its own.

Taken from the code that runs, not from files beside it: those may be of the next release already. The same for
everybody who runs the same code by the same minor version of Python; texts about code and its layout do not count.
"""

import hashlib
from collections.abc import Callable, Iterator
from inspect import unwrap
from types import CodeType, FunctionType
from typing import Any

Told = tuple[Any, ...]


def digest_of(*functions: Callable[..., Any], within: str) -> str:
    """Return the SHA-256, in 64 hexadecimal digits, of functions and of all they call by name in packages `within`.

    within: the beginning of the names of modules. What is called as an attribute, as methods are, must be named itself.
    """
    found: dict[str, Told] = {}
    waiting = [_plain(one) for one in functions]
    while waiting:
        one = waiting.pop()
        name = f"{one.__module__}.{one.__qualname__}"
        if name in found:
            continue
        found[name] = (_told(one.__code__, one.__doc__), repr(one.__defaults__), repr(one.__kwdefaults__))
        for called in _names(one.__code__):
            other = unwrap(value) if callable(value := one.__globals__.get(called)) else None
            if isinstance(other, FunctionType) and other.__module__.startswith(within):
                waiting.append(other)
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def _plain(function: Callable[..., Any]) -> FunctionType:
    """Return a function without what was wrapped around it. Raises TypeError for what is none."""
    found = unwrap(function)
    if not isinstance(found, FunctionType):
        raise TypeError(f"{function!r} is no function of Python")
    return found


def _told(code: CodeType, doc: str | None) -> Told:
    """Return what runs: instructions, the names they use and the constants, without the text about it."""
    values = tuple(_value(one) for at, one in enumerate(code.co_consts) if not (at == 0 and doc and one == doc))
    return code.co_code.hex(), code.co_names, code.co_argcount, code.co_kwonlyargcount, values


def _value(value: object) -> object:
    """Return a constant in one order, wherever it runs."""
    if isinstance(value, CodeType):
        return _told(value, None)
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return repr(value)


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names that code, and code inside it, uses from outside."""
    yield from code.co_names
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _names(value)
