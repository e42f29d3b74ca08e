"""Walking the path: whether a page is shown as a step of it, where saving leads from there, and the way back to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, has_request_context, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plans.guide.steps import duration_text, legs, minutes_left, neighbours, next_open, path
from plans.handbook import Item
from plans.own_items.queries import asked, own_items
from plans.status import ItemState, Status, source

MODE, ON = "path", "on"
# A button of a form that saves and does not go on.
THEN, STOP = "then", "stop"
PLACE_COOKIE = "path_place"
YEAR = 31_536_000
# A page that a step leads to and that is no step itself tells in the same word from which one: by its id.
STEP_ID = re.compile(r"[a-z-]+\.[a-z0-9-]+")
ALONG = frozenset({"plans", "registers", "importing"})
# Pages that lead out of the path, or are its own.
OUTSIDE = frozenset({"plans.overview", "plans.section", "plans.path", "plans.path_on", "plans.path_later"})


@dataclass(frozen=True, slots=True)
class Walk:
    """A step of the path as its page shows it. number, total: of the steps; left: how long the path still takes."""

    item: Item
    status: Status
    number: int
    total: int
    left: str
    finished: bool
    before: Item | None
    after: Item | None


def walking() -> bool:
    """Tell whether this page is shown as a step of the path, or was reached from one."""
    return _mode() == ON or _step_id() is not None


def _mode() -> str:
    """Return what the address says about the path, "" off it."""
    try:
        asked = request.args
    except RuntimeError:  # there is no request: nobody walks in a mail
        return ""
    return asked[MODE] if MODE in asked else ""  # noqa: SIM401 -- its get() raises and catches where nothing is


def _step_id() -> str | None:
    """Return the id of the step that this page is, or from which it was reached."""
    told = _mode()
    if told != ON:
        return told if told and STEP_ID.fullmatch(told) else None
    values = request.view_args or {}
    return f"{values['section']}.{values['name']}" if {"section", "name"} <= values.keys() else None


def keep_walking(endpoint: str, values: dict[str, Any]) -> None:
    """Let what a step links to, and what its forms send, stay on the path or know the way back to it."""
    # At nearly all addresses of nearly all pages this is all there is to ask.
    if not _mode() or endpoint in OUTSIDE or endpoint.partition(".")[0] not in ALONG or not walking():
        return
    if {"section", "name"} <= values.keys():
        values.setdefault(MODE, ON)
    elif (step := _step_id()) is not None:
        values.setdefault(MODE, step)


def kept_step() -> str:
    """Return the step to tell in an address that a template writes itself, "" off the path."""
    return (_step_id() or "") if has_request_context() else ""


def step_url(item: Item) -> str:
    """Return the address of an item as a step of the path."""
    return url_for("plans.item", section=item.section.value, name=item.name, path=ON)


def walk(item: Item, states: Mapping[str, ItemState], own: tuple[Item, ...]) -> Walk | None:
    """Return where on the path `item` is, None when nobody walks it. own: the organisation's own items."""
    if not walking():
        return None
    found = legs(states, own)
    before, after = neighbours(item, own)
    this = next(step for leg in found for step in leg.steps if step.item == item)
    left, steps = duration_text(minutes_left(found)), path(own)
    return Walk(item, this.state.status, steps.index(item) + 1, len(steps), left, this.finished, before, after)


def aside() -> Walk | None:
    """Return the step from which this page was reached, None on the path itself and off it."""
    if request.blueprint not in ALONG or request.args.get(MODE) == ON or (step := _step_id()) is None:
        return None
    own = asked(own_items())
    item = next((one for one in path(own) if one.id == step), None)
    return walk(item, source().item_states(), own) if item else None


def onward(item: Item) -> Response:
    """Go where saving `item` leads: on the path to the next unfinished step, or to its list; else to the item again."""
    if not walking():
        return redirect(url_for("plans.item", section=item.section.value, name=item.name))
    if request.form.get(THEN) == STOP:
        return remembered(redirect(url_for("plans.path")), item)
    return go_on(item)


def go_on(after: Item | None) -> Response:
    """Go to the first unfinished step behind `after`, and remember to begin there the next time."""
    found = next_open(source().item_states(), after.id if after else None, asked(own_items()))
    if found is None or found == after:
        return redirect(url_for("plans.path"))
    return remembered(redirect(step_url(found)), found)


def remembered(response: Response, item: Item) -> Response:
    """Have the browser remember where somebody was; it is no more than a step's id, so no row is kept of it."""
    response.set_cookie(
        PLACE_COOKIE,
        item.id,
        max_age=YEAR,
        path=url_for("plans.overview"),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["HTTPS"],
    )
    return response


def place(states: Mapping[str, ItemState], own: tuple[Item, ...]) -> Item | None:
    """Return the step at which to go on: where this browser was, or the first unfinished one behind it."""
    was = request.cookies.get(PLACE_COOKIE)
    steps = path(own)
    at = next((number for number, item in enumerate(steps) if item.id == was), None)
    return next_open(states, steps[at - 1].id if at else None, own)


def saved_text() -> str:
    """Say that it was saved, and on the path that it went on."""
    return str(_("Saved. This is the next step.") if _goes_on() else _("Saved."))


def nothing_text() -> str:
    """Say that there was nothing to save, and on the path that it went on all the same."""
    return str(
        _("Nothing was filled in, so nothing was saved. This is the next step.")
        if _goes_on()
        else _("Nothing was filled in, so nothing was saved.")
    )


def open_text() -> str:
    """Say that a question that somebody cannot answer yet stays open, and on the path that it went on."""
    return str(
        _("The question stays open until you know. This is the next step.")
        if _goes_on()
        else _("The question stays open until you know.")
    )


def _goes_on() -> bool:
    return walking() and request.form.get(THEN) != STOP
