"""The page of recent changes, and taking one back."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.serving.web import local_path
from plans.errors import NotThere
from plans.registers.blueprint import bp
from plans.registers.forms import read_page
from plans.registers.undo import queries, services
from plans.registers.undo.queries import just_done
from plans.registers.undo.services import ChangedSince, Record, UsedSince
from tenants.door import needs
from tenants.permissions import Permission

# With the id of a change behind it, the category of a message that offers to take that change back.
UNDO = "undo:"


@bp.get("/changes")
@needs(Permission.PLAN_READ)
def changes() -> ResponseReturnValue:
    """Show what was changed in the registers lately, and offer to take it back."""
    return _page()


@bp.post("/changes/<uuid:change_id>/undo")
@needs(Permission.PLAN_EDIT)
def undo(change_id: UUID) -> ResponseReturnValue:
    """Take a change back."""
    try:
        done = services.undo(change_id, Record(clock.now()))
    except NotThere:
        abort(404)
    except ChangedSince as moved:
        return _page(moved=moved.names), 409
    except UsedSince as used:
        return _page(used=used.names), 409
    flash(_("Undone: everything is as it was before.") if done else _("This had been undone already."), "success")
    # Back to where the notice stood, without the notice.
    back = local_path(request.form.get("back"))
    return redirect(back or url_for(".changes"))


def say_added(text: str, record: Record) -> None:
    """Tell that something was added, with the way back beside it (templates/layout/base.html)."""
    flash(text, f"{UNDO}{record.id}" if just_done(record.id) else "success")


def _page(moved: tuple[str, ...] = (), used: tuple[str, ...] = ()) -> str:
    return render_template(
        "registers/changes.html",
        recent=queries.recent(read_page(request.args), at=clock.now()),
        moved=moved,
        used=used,
        page_href=lambda page: url_for(".changes", page=page),
    )
