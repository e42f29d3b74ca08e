"""The menu beside a page: drawn once for all who stand alike, and kept without the name of any organisation."""

from collections.abc import Callable

from flask import Flask, current_app, request
from markupsafe import Markup

from core.i18n import language
from tenants.door import standing
from tenants.relations import Standing

EXTENSION = "waarborg.menus"
# A menu takes some kilobytes; few people stand in the service in more ways, on more pages, at once.
KEPT = 300


def init_menu(app: Flask) -> None:
    """Give templates `menu`."""
    app.jinja_env.globals["menu"] = menu


def menu(draw: Callable[[Standing], str]) -> Markup:
    """Return what `draw` makes of where the person stands.

    draw: tells the organisation by the beginning of its pages' addresses, and beside that only what is in the key here:
    which pages somebody may open, the page that is open, and the language.
    """
    here = standing()
    kept: dict[object, list[str]] = current_app.extensions.setdefault(EXTENSION, {})
    begins = f"{request.script_root}/o/{here.slug}/"
    key = (here.capacity, here.kind, here.areas, here.state, request.endpoint, language(), request.script_root)
    pieces = kept.get(key)
    if pieces is None:
        if len(kept) >= KEPT:
            kept.clear()
        pieces = kept[key] = str(draw(here)).split(begins)
    return Markup(begins.join(pieces))  # noqa: S704 -- a macro's own markup, around an address that is its slug
