"""Pages of versions: their history, one of them, two beside each other, and each step on the way."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, db
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.guide.steps import FINISHED, FOLLOWS
from plans.pages import page_number
from plans.paging import cut
from plans.registers.undo.services import Record
from plans.status import source
from plans.turns import take_turn
from plans.versions import queries, services
from plans.versions.comparing import PartChange, compare
from plans.versions.errors import ChangedMeanwhile, NotInThisState
from plans.versions.forms import ApproveForm, ProposeForm, SendBackForm, TakeBackForm
from plans.versions.queries import STATE_LABELS, Kept, VersionState, Way
from plans.versions.restoring import preview, restore
from plans.versions.rooms import Part
from plans.versions.services import Signed
from plans.versions.telling import PART_TITLES
from tenants.door import needs, standing, today_here
from tenants.owned import EditConflict
from tenants.permissions import Permission

SHOWN = 50
# What the address says for the plan as it now stands.
NOW = "now"


@bp.get("/versions")
@needs(Permission.PLAN_READ)
def versions() -> ResponseReturnValue:
    """List every version and every plan that was sent for review, and offer to send this one."""
    return _history(ProposeForm(formdata=None))


@bp.post("/versions/proposals")
@needs(Permission.PLAN_EDIT)
def propose() -> ResponseReturnValue:
    """Send the plan as it now stands for review."""
    form = ProposeForm()
    if not form.validate_on_submit():
        return _history(form), 422
    try:
        row = services.propose(form.note.data or "", _signed())
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _history(form), 422
    if standing().may(Permission.PLAN_APPROVE):
        flash(_("Sent for review. You are an owner: read it below, and approve it when it is right."), "success")
    else:
        flash(_("Sent for review. An owner can approve it now."), "success")
    return redirect(url_for("plans.version", way_id=row.id))


@bp.get("/versions/<uuid:way_id>")
@needs(Permission.PLAN_READ)
def version(way_id: UUID) -> ResponseReturnValue:
    """Show one version: who did what when, and what changed against the one before."""
    return _version_page(way_id)


@bp.post("/versions/<uuid:way_id>/approve")
@needs(Permission.PLAN_APPROVE)
def approve(way_id: UUID) -> ResponseReturnValue:
    """Approve what the page showed, and put it into use where that was asked."""
    form = ApproveForm()
    if not form.validate_on_submit():
        return _version_page(way_id), 422
    try:
        services.approve(way_id, form.digest.data or "", _signed())
        if not form.use.data:
            flash(_("Approved. It is in use as soon as you put it into use."), "success")
            return redirect(url_for("plans.version", way_id=way_id))
        return _used(way_id)
    except NotThere:
        abort(404)
    except (NotInThisState, ChangedMeanwhile) as error:
        return _version_page(way_id, refused=str(error.text)), 409


@bp.post("/versions/<uuid:way_id>/use")
@needs(Permission.PLAN_APPROVE)
def put_into_use(way_id: UUID) -> ResponseReturnValue:
    """Put an approved plan into use."""
    try:
        return _used(way_id)
    except NotThere:
        abort(404)
    except (NotInThisState, ChangedMeanwhile) as error:
        return _version_page(way_id, refused=str(error.text)), 409


@bp.post("/versions/<uuid:way_id>/send-back")
@needs(Permission.PLAN_EDIT)
def send_back(way_id: UUID) -> ResponseReturnValue:
    """Send a plan back to draft; an approved one only by who may approve."""
    form = SendBackForm()
    try:
        found = queries.way(way_id)
        if found.state is VersionState.APPROVED and not standing().may(Permission.PLAN_APPROVE):
            abort(403)
        if not form.validate_on_submit():
            return _version_page(way_id, sent_back=form), 422
        services.send_back(way_id, form.reason.data, _signed())
    except NotThere:
        abort(404)
    except NotInThisState as error:
        return _version_page(way_id, refused=str(error.text)), 409
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _version_page(way_id, sent_back=form), 422
    flash(_("Sent back: the plan is a draft again."), "success")
    return redirect(url_for("plans.versions"))


@bp.get("/versions/compare")
@needs(Permission.PLAN_READ)
def compare_versions() -> ResponseReturnValue:
    """Show what differs between two versions, or a version and the plan as it now stands."""
    offered = [one for one in queries.history() if one.content_id]
    before = _chosen(request.args.get("from"), offered)
    after = _chosen(request.args.get("to"), offered)
    changes: tuple[PartChange, ...] = ()
    if before is not None and after is not None:
        changes = compare(_content(before).content, _content(after).content)
    return render_template(
        "versions/compare.html",
        offered=offered,
        labels=STATE_LABELS,
        before=before,
        after=after,
        current=next((one for one in offered if one.state is VersionState.CURRENT), None),
        now=NOW,
        changes=changes,
    )


@bp.get("/versions/<uuid:way_id>/take-back/<part>")
@needs(Permission.PLAN_EDIT)
def take_back(way_id: UUID, part: str) -> ResponseReturnValue:
    """Show what it would do to let a part of the plan say again what it said in a version."""
    return _take_back_page(way_id, _part(part))


@bp.post("/versions/<uuid:way_id>/take-back/<part>")
@needs(Permission.PLAN_EDIT)
def take_back_now(way_id: UUID, part: str) -> ResponseReturnValue:
    """Let a part of the plan say again what it said in a version."""
    chosen, form = _part(part), TakeBackForm()
    if not form.validate_on_submit():
        return _take_back_page(way_id, chosen), 422
    take_turn()  # before it is read: somebody may be erased from what was kept
    version = _kept(way_id)
    try:
        restore(version.content, chosen, form.seen.data or "", _signed(), Record(clock.now()))
    except EditConflict:
        moved = _("The plan was changed since you looked. Look again at what would change.")
        return _take_back_page(way_id, chosen, refused=moved), 409
    except PlanError as error:
        db.rollback()
        db.begin(writes=True)
        return _take_back_page(way_id, chosen, refused=str(error.text)), 422
    flash(_("Brought back. It is a draft: send it for review when it is right."), "success")
    return redirect(url_for("plans.version", way_id=way_id))


def _part(name: str) -> Part:
    return Part(name) if name in tuple(Part) else abort(404)


def _kept(way_id: UUID) -> Kept:
    """Return what a version said. Answers 404 where nothing was kept."""
    try:
        found = queries.way(way_id)
    except NotThere:
        abort(404)
    return queries.kept(found.content_id) if found.content_id else abort(404)


def _take_back_page(way_id: UUID, part: Part, *, refused: str = "") -> str:
    now, version = queries.now(), _kept(way_id)
    return render_template(
        "versions/take_back.html",
        way=queries.way(way_id),
        title=PART_TITLES[part],
        part=part.value,
        found=preview(now.content, version.content, part, today_here()),
        form=TakeBackForm(formdata=None, data={"seen": now.digest}),
        refused=refused,
    )


def _chosen(asked: str | None, offered: list[Way]) -> Way | str | None:
    """Return what the address names. Answers 404 for what there is not."""
    if not asked:
        return None
    if asked == NOW:
        return NOW
    return next((one for one in offered if str(one.id) == asked), None) or abort(404)


def _content(chosen: Way | str) -> Kept:
    if isinstance(chosen, str):
        return queries.now()
    assert chosen.content_id is not None
    return queries.kept(chosen.content_id)


def _used(way_id: UUID) -> ResponseReturnValue:
    row = services.put_into_use(way_id, "", _signed())
    if row.number == 1:
        text = _(
            "Your plan is in use now. Print it under “On paper and offline”, and lay the print at another address."
        )
    else:
        text = _(
            "Version %(number)s of the plan is in use now. Renew the copies that are kept off site.", number=row.number
        )
    flash(text, "success")
    return redirect(url_for("plans.versions"))


def _signed() -> Signed:
    return Signed(g.me.name, clock.now(), today_here())


def _history(form: ProposeForm) -> str:
    found = queries.history()
    here = cut(found, page_number(), SHOWN)
    current = next((one for one in found if one.state is VersionState.CURRENT), None)
    under_way = next((one for one in found if one.open), None)
    # Nothing to hold it against: what the plan says is not asked.
    says = queries.digest_now() if current or under_way else ""
    return render_template(
        "versions/index.html",
        ways=here.rows,
        page=here.page,
        last=here.last,
        page_href=lambda number: url_for("plans.versions", page=number),
        labels=STATE_LABELS,
        current=current,
        changed=current is None or current.digest != says,
        under_way=under_way,
        stale=under_way is not None and under_way.digest != says,
        form=form,
        now=NOW,
        comparable=sum(one.content_id is not None for one in found),
    )


def _version_page(way_id: UUID, *, refused: str = "", sent_back: SendBackForm | None = None) -> str:
    try:
        found = queries.way(way_id)
    except NotThere:
        abort(404)
    here = queries.kept(found.content_id) if found.content_id else None
    now = queries.now()
    before = _before(found)
    since = queries.kept(before.content_id) if before and before.content_id else None
    changes = compare(since.content if since else {}, here.content) if here else ()
    return render_template(
        "versions/version.html",
        way=found,
        labels=STATE_LABELS,
        kept=here,
        before=before,
        first=since is None,
        changes=changes,
        stale=found.open and now.digest != found.digest,
        differing=compare(now.content, here.content) if here and not found.open else (),
        titles=PART_TITLES,
        now=NOW,
        open=_open_questions() if found.open else 0,
        approve_form=ApproveForm(formdata=None, data={"digest": found.digest}),
        send_back_form=sent_back or SendBackForm(formdata=None),
        refused=refused,
    )


def _open_questions() -> int:
    """Return of how many items the plan says too little, as it was last judged; what follows from others is none."""
    return sum(one.status not in FINISHED for item_id, one in source().item_states().items() if item_id not in FOLLOWS)


def _before(found: Way) -> Way | None:
    """Return the version that was in use when this one was sent for review."""
    return next((one for one in queries.history() if one.number and one.number == found.base_number), None)
