"""Choose a branch, look at what is proposed, add it; then keep, change or drop each proposal."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core import clock
from core.i18n import language
from plans.blueprint import bp
from plans.models import LineKind
from plans.starters import services
from plans.starters.catalogue import Starter
from plans.starters.catalogue import starter as starter_named
from plans.starters.catalogue import starters as all_starters
from plans.starters.forms import TicksForm, ticks_form
from plans.starters.queries import REGISTER_OF, had
from plans.starters.queries import proposals as all_proposals
from tenants.door import needs, today_here
from tenants.permissions import Permission

KIND_TITLES: Mapping[LineKind, Any] = MappingProxyType(
    {
        LineKind.DEPARTMENT: _l("Departments"),
        LineKind.SYSTEM: _l("Systems"),
        LineKind.DATA_SET: _l("Data"),
        LineKind.PARTY: _l("External parties"),
        LineKind.ANSWER: _l("Staff instruction"),
        LineKind.TEST: _l("Tests"),
    }
)


@bp.get("/starters")
@needs(Permission.PLAN_READ)
def starters() -> ResponseReturnValue:
    """Offer the branches."""
    return render_template("starters/index.html", starters=all_starters(), language_now=language())


@bp.get("/starters/<starter>")
@needs(Permission.PLAN_READ)
def starter(starter: str) -> ResponseReturnValue:
    """Show what the starter of a branch would add."""
    found = _found(starter)
    return _preview(found, ticks_form([line.key for line in found.lines], formdata=None))


@bp.post("/starters/<starter>")
@needs(Permission.PLAN_EDIT)
def starter_add(starter: str) -> ResponseReturnValue:
    """Add the lines that are ticked."""
    found = _found(starter)
    form = ticks_form([line.key for line in found.lines])
    if not form.validate_on_submit():
        return _preview(found, form, 422)
    adding = services.Adding(g.me.name, today_here(), language())
    added = services.add_lines(found, form.ticked.data, adding)
    flash(ngettext("%(num)s proposal was added.", "%(num)s proposals were added.", added), "success")
    return redirect(url_for("plans.proposals"))


@bp.get("/proposals")
@needs(Permission.PLAN_READ)
def proposals() -> ResponseReturnValue:
    """Show what came from a starter and nobody settled yet."""
    return _proposals(None)


@bp.post("/proposals")
@needs(Permission.PLAN_EDIT)
def proposals_settle() -> ResponseReturnValue:
    """Keep or drop the proposals that are ticked."""
    form = ticks_form([one.id for one in all_proposals()])
    if not form.validate_on_submit():
        return _proposals(form, 422)
    chosen = [UUID(value) for value in form.ticked.data]
    if request.form.get("do") == "drop":
        count = services.drop(chosen, today=today_here(), at=clock.now())
        flash(ngettext("%(num)s proposal was dropped.", "%(num)s proposals were dropped.", count), "success")
    else:
        count = services.keep(chosen, today=today_here())
        flash(ngettext("%(num)s proposal is now yours.", "%(num)s proposals are now yours.", count), "success")
    return redirect(url_for("plans.proposals"))


def _found(name: str) -> Starter:
    try:
        return starter_named(name)
    except KeyError:
        abort(404)


def _preview(found: Starter, form: TicksForm, status: int = 200) -> ResponseReturnValue:
    there, now = had(), language()
    page = render_template(
        "starters/preview.html",
        starter=found,
        title=found.title_in(now),
        about=found.about_in(now),
        groups=[
            (KIND_TITLES[kind], [(line, line.text_in(now)) for line in found.lines if line.kind is kind])
            for kind in LineKind
        ],
        there={line.key for line in found.lines if there.has(line, line.text_in(now))},
        form=form,
        sent=form.ticked.data if form.errors else None,
        failed=status != 200,
    )
    return page, status


def _proposals(form: TicksForm | None, status: int = 200) -> ResponseReturnValue:
    found = all_proposals()
    page = render_template(
        "starters/proposals.html",
        groups=[(KIND_TITLES[kind], [one for one in found if one.kind is kind]) for kind in LineKind],
        total=len(found),
        registers=REGISTER_OF,
        ticked=request.args.get("tick") == "all",
        form=form,
        failed=status != 200,
    )
    return page, status
