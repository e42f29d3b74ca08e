"""The application: Flask, with templates by language and quick at telling where its pages are.

A page has some hundred links, and building one from its rule takes longer than writing the row it stands in: an address
is cut into pieces once, and put together for each link (docs/decisions/quick-pages.md).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Flask, has_request_context
from flask.globals import request_ctx
from werkzeug.routing import BuildError, MapAdapter

from core.serving.templates import PageTemplates

# Stands where a value will stand; nothing in an address is written differently for it.
MARK = re.compile(r"zz(\d+)zz")
# What an address holds as it is. Anything else takes the long way, which knows how to write it.
PLAIN = re.compile(r"[A-Za-z0-9_-]+")
# Addresses with other names in them than these count anew: names of a query can come from outside.
KEPT = 5_000
# Where a request keeps the pieces of the addresses on its page.
HERE = "waarborg_addresses"


class Service(Flask):
    """The application."""

    jinja_environment = PageTemplates

    def __init__(self, import_name: str) -> None:
        """Make the application."""
        super().__init__(import_name)
        # By root of the service, endpoint and names of the values: what stands between the values, and which they are.
        self._pieces: dict[tuple[str, ...], tuple[str, ...] | None] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func`: nothing here is a coroutine, and Flask would look at each function of each request for it."""
        return func

    def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
        """Fill in what an address has by itself; no blueprint here has a way of its own, for which Flask would look."""
        for fill_in in self.url_default_functions[None]:
            fill_in(endpoint, values)

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return the address of a page, as Flask does. Raises werkzeug's BuildError as Flask does."""
        if {_anchor, _method, _scheme, _external} == {None} and (
            made := self._put_together(_written_out(endpoint), values)
        ):
            return made
        return super().url_for(
            endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
        )

    def _put_together(self, endpoint: str, values: Mapping[str, Any]) -> str | None:
        """Return an address of this site made of pieces; None for one that takes the long way."""
        given, key = {}, [endpoint]
        for name, value in values.items():
            if value is None:
                key.append(f"-{name}")  # says that nothing stands there, whatever stands there otherwise
            elif isinstance(value, str):
                if not PLAIN.fullmatch(value):
                    return None
                given[name] = value
                key.append(name)
            elif isinstance(value, UUID) or type(value) is int:
                given[name] = str(value)
                key.append(name)
            else:
                return None
        try:
            here = request_ctx._get_current_object()  # type: ignore[attr-defined]  # a proxy, asked once
            kept: dict[tuple[str, ...], tuple[str, ...] | None] = here.request.__dict__.setdefault(HERE, {})
        except RuntimeError:  # there is no request
            return None
        asked = tuple(key)
        if asked not in kept:
            kept[asked] = self._filled(endpoint, values, given)
        if (pieces := kept[asked]) is None:
            return None
        return "".join([given[piece] if at % 2 else piece for at, piece in enumerate(pieces)])

    def _filled(self, endpoint: str, values: Mapping[str, Any], given: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the pieces of an address with what this request fills in by itself; None for the long way.

        What is filled in may depend on the endpoint and on which values are given, not on what they are.
        """
        adapter = request_ctx.url_adapter
        if adapter is None or endpoint[:1] == "." or any(name[:1] == "_" for name in values):
            return None
        told = dict(values)
        self.inject_url_defaults(endpoint, told)
        by_itself = {name: str(value) for name, value in told.items() if value is not None and name not in given}
        if not all(PLAIN.fullmatch(value) for value in by_itself.values()):
            return None
        key = (adapter.script_name, endpoint, *given, *by_itself)
        if key not in self._pieces:
            if len(self._pieces) >= KEPT:
                self._pieces.clear()
            self._pieces[key] = self._cut(adapter, endpoint, [*given, *by_itself])
        if (pieces := self._pieces[key]) is None:
            return None
        filled = [""]
        for at, piece in enumerate(pieces):
            if at % 2 and piece in given:
                filled += [piece, ""]
            else:
                filled[-1] += by_itself[piece] if at % 2 else piece
        return tuple(filled)

    def _cut(self, adapter: MapAdapter, endpoint: str, names: list[str]) -> tuple[str, ...] | None:
        """Return what stands between the values and their names, in turns; None where values decide about more."""
        rules = self.url_map._rules_by_endpoint.get(endpoint, [])
        if len(rules) != 1 or rules[0].defaults:
            return None
        try:
            made = adapter.build(endpoint, {name: f"zz{at}zz" for at, name in enumerate(names)})
        except (BuildError, ValueError):
            return None
        return tuple(names[int(piece)] if at % 2 else piece for at, piece in enumerate(MARK.split(made)))


def _written_out(endpoint: str) -> str:
    """Return an endpoint with the blueprint of the page before it, where it begins with a dot."""
    if endpoint[:1] != "." or not has_request_context():
        return endpoint
    return f"{request_ctx.request.blueprint or ''}{endpoint}"
