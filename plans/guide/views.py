"""The guided path: its task list, going on where one was, and leaving a step for later."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from plans.blueprint import bp
from plans.guide.steps import duration_text, legs, minutes_left
from plans.guide.walking import aside, go_on, keep_walking, kept_step, place, step_url
from plans.handbook import SECTION_TITLES
from plans.own_items.queries import asked, own_items
from plans.pages import item_named
from plans.starters.queries import proposals
from plans.status import source
from tenants.door import needs
from tenants.permissions import Permission

bp.app_url_defaults(keep_walking)
bp.add_app_template_global(aside)
bp.add_app_template_global(kept_step)


@bp.get("/path")
@needs(Permission.PLAN_READ)
def path() -> ResponseReturnValue:
    """Show every step of the path, and how long is left."""
    states, own = source().item_states(), asked(own_items())
    found = legs(states, own)
    return render_template(
        "guide/path.html",
        legs=found,
        titles=SECTION_TITLES,
        left=minutes_left(found),
        done=sum(leg.done for leg in found),
        total=sum(len(leg.steps) for leg in found),
        place=place(states, own),
        proposed=len(proposals()),
        step_url=step_url,
        duration=duration_text,
    )


@bp.get("/path/on")
@needs(Permission.PLAN_READ)
def path_on() -> ResponseReturnValue:
    """Go on where this browser was."""
    found = place(source().item_states(), asked(own_items()))
    return redirect(step_url(found) if found else url_for("plans.path"))


@bp.post("/<section>/<name>/later")
@needs(Permission.PLAN_EDIT)
def path_later(section: str, name: str) -> ResponseReturnValue:
    """Leave a step as it is and go on to the next."""
    return go_on(item_named(section, name))
