"""The pages' own files: which hashed file belongs to which name, how long browsers keep it, light or dark."""

import json
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request
from markupsafe import Markup

from core.settings import ROOT

FOLDER = "dist"
MANIFEST = "manifest.json"
MISSING = "static/dist has no {}: run `make assets` and start again"
KEEP = "public, max-age=31536000, immutable"
THEME_COOKIE = "theme"
ICON = Markup('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>')
DRAWN = 1_000


class Theme(StrEnum):
    """Which colours the pages have."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class AssetMissing(LookupError):
    """A page asks for a file that the build did not make."""


def built(name: str) -> str:
    """Return the newest build of `name` as text, for a file that carries it. Raises AssetMissing when there is none."""
    folder = ROOT / "static" / FOLDER
    found = _read(folder / MANIFEST).get(name)
    if found is None:
        raise AssetMissing(MISSING.format(name))
    return (folder / found).read_text(encoding="utf-8")


def init_assets(app: Flask) -> None:
    """Give templates `asset(name)`, and let browsers keep hashed files for ever."""
    names = _read(Path(app.static_folder or "static") / FOLDER / MANIFEST)
    begins = f"{app.static_url_path}/{FOLDER}/"

    def asset(name: str) -> str:
        """Return the address of the newest build of `name`. Raises AssetMissing when there is none."""
        if name not in names:
            raise AssetMissing(MISSING.format(name))
        # Put together here: a page names some fifty icons, and url_for takes its time over each.
        return f"{request.script_root}{begins}{names[name]}"

    @lru_cache(DRAWN)
    def drawn(_root: str, name: str, extra: str) -> Markup:
        return ICON.format(f" {extra}" if extra else "", asset("icons.svg"), name)

    def icon(name: str, extra: str = "") -> Markup:
        """Draw a picture of the sprite. Raises AssetMissing when there is none."""
        return drawn(request.script_root, name, extra)

    app.jinja_env.globals.update(asset=asset, drawn_icon=icon, theme=theme)
    app.after_request(_let_browsers_keep)


def theme() -> Theme:
    """Return the colours chosen in this browser."""
    chosen = request.cookies.get(THEME_COOKIE)
    return Theme(chosen) if chosen in tuple(Theme) else Theme.SYSTEM


def _read(path: Path) -> dict[str, str]:
    # Commands work without the pages' files; only a page that needs one may fail for want of it.
    return dict(json.loads(path.read_text(encoding="ascii"))) if path.exists() else {}


def _let_browsers_keep(response: Response) -> Response:
    name = str((request.view_args or {}).get("filename", ""))
    if request.endpoint == "static" and name.startswith(f"{FOLDER}/") and response.status_code == 200:
        response.headers["Cache-Control"] = KEEP
    return response
