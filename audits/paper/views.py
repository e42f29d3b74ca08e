"""Pages of the plan on paper and the offline kit, and the page behind the square on a paper."""

import io
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audits.paper import passphrases, queries, services
from audits.paper.errors import PaperError
from audits.paper.forms import CopyForm, KitForm, copy_form
from audits.paper.kit import OpensIn, make_kit
from audits.paper.material import gather_paper
from audits.paper.models import PaperKind
from audits.paper.opener import Outside, browser_kit
from audits.paper.printing import Printed, print_paper
from audits.paper.variants import VARIANTS, title_of
from audits.workbooks.material import Made
from core import clock, db
from core.file_names import kept_name
from core.i18n import Language, language, written_in
from plans.errors import NotThere
from plans.items.queries import options, people
from tenants import links
from tenants.door import needs, public, standing, today_here
from tenants.permissions import Permission
from tenants.scope import current_scope

bp = Blueprint("papers", __name__, url_prefix="/o/<slug>/papers")
check_bp = Blueprint("paper_check", __name__)
# The page is for a file, never for a window of this service: no browser shows what it does not know.
KIT_FILES = {OpensIn.BROWSER: ("application/octet-stream", "html"), OpensIn.AGE: ("application/age", "zip.age")}


@bp.get("/")
@needs(Permission.PLAN_READ)
def index() -> ResponseReturnValue:
    """Offer the papers there are, and list those that were made."""
    zone = standing().zone
    return render_template(
        "paper/index.html",
        variants=VARIANTS.values(),
        papers=queries.papers(zone),
        copies=queries.copies(zone),
        chosen=language().value,
        title_of=title_of,
    )


@bp.post("/")
@needs(Permission.PLAN_PRINT)
def print_() -> ResponseReturnValue:
    """Make a paper and send it; who took it is written in the trail."""
    variant = next((one for one in VARIANTS.values() if one.kind == request.form.get("kind")), None) or abort(404)
    if request.form.get("language") not in tuple(Language):
        abort(404)
    chosen, made, secret = Language(request.form["language"]), _made(), services.draw_secret()
    with db.while_others_write(), written_in(chosen):
        material = gather_paper(standing().tenant_id, today_here())
        pdf = print_paper(variant, material, Printed(made, _address(secret)))
        name = kept_name(title_of(variant.kind), standing().slug, today_here(), ".pdf")
    services.register(variant.kind, (chosen,), services.says(material), made, secret, pdf)
    return _file(pdf, "application/pdf", name)


@bp.get("/kit")
@needs(Permission.PLAN_PRINT)
def kit() -> ResponseReturnValue:
    """Propose a passphrase for a kit."""
    proposed = {
        "languages": language().value,
        "opens": OpensIn.BROWSER.value,
        "passphrase": passphrases.suggest(),
    }
    return _kit_page(KitForm(formdata=None, data=proposed))


@bp.post("/kit")
@needs(Permission.PLAN_PRINT)
def kit_make() -> ResponseReturnValue:
    """Make a kit and send it; the passphrase is forgotten with the answer."""
    form = KitForm()
    names = (standing().name, standing().slug, g.me.name, g.me.email)
    try:
        if not form.validate_on_submit() or not form.chosen:
            raise PaperError(_("Choose a language."), "languages")
        if form.opens_in is None:
            raise PaperError(_("Choose what opens it."), "opens")
        passphrase = passphrases.check(form.passphrase.data or "", form.again.data or "", names)
    except PaperError as error:
        form[error.field].errors = [str(error.text)]
        return _kit_page(form), 422
    kit_file = _kit(form.chosen, form.opens_in, passphrase)
    media_type, ending = KIT_FILES[form.opens_in]
    # Whoever finds the stick reads the file's name: it does not tell whose kit it is.
    return _file(kit_file, media_type, f"waarborg-kit-{today_here().isoformat()}.{ending}")


def _kit(languages: tuple[Language, ...], opens: OpensIn, passphrase: str) -> bytes:
    """Make a kit and write down who took it."""
    tenant_id, today, made, secret = standing().tenant_id, today_here(), _made(), services.draw_secret()
    with db.while_others_write():
        told = services.says(gather_paper(tenant_id, today))
        printed = Printed(made, _address(secret))
        found = make_kit(languages, lambda: gather_paper(tenant_id, today), printed, passphrase)
        if opens is OpensIn.BROWSER:
            found = browser_kit(found, languages, Outside(told, today, printed.address))
    services.register(PaperKind.KIT, languages, told, made, secret, found)
    return found


@bp.post("/<uuid:paper_id>/withdraw")
@needs(Permission.PAPER_WITHDRAW)
def withdraw(paper_id: UUID) -> ResponseReturnValue:
    """Withdraw a paper: its square says so from now on."""
    try:
        services.withdraw(paper_id, by=g.me.name, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("Withdrawn. Whoever scans the paper is told not to use it."), "success")
    return redirect(url_for("papers.index"))


@bp.get("/<uuid:paper_id>/copies/new")
@needs(Permission.PLAN_EDIT)
def copy_add(paper_id: UUID) -> ResponseReturnValue:
    """Ask where a copy of a kit went."""
    form = copy_form(options(people().values(), ()), today_here(), formdata=None)
    return _copy_page(paper_id, form)


@bp.post("/<uuid:paper_id>/copies/new")
@needs(Permission.PLAN_EDIT)
def copy_record(paper_id: UUID) -> ResponseReturnValue:
    """Record where a copy of a kit went."""
    form = copy_form(options(people().values(), ()), today_here())
    if queries.kit(paper_id) is None:
        abort(404)
    if not form.validate_on_submit():
        return _copy_page(paper_id, form), 422
    kept = services.KeptAt(form.medium.data, form.place.data, form.keeper_id, form.kept_on.data)
    try:
        services.record_copy(paper_id, kept, by=g.me.name, today=today_here(), row_id=form.new_row.row_id)
    except PaperError as error:
        form[error.field].errors = [error.text]
        return _copy_page(paper_id, form), 422
    except NotThere:
        abort(404)
    flash(_("Recorded. The plan now names this copy."), "success")
    return redirect(url_for("papers.index"))


@bp.post("/copies/<uuid:copy_id>/gone")
@needs(Permission.PLAN_EDIT)
def copy_gone(copy_id: UUID) -> ResponseReturnValue:
    """Record that a copy is no longer there."""
    try:
        services.put_away(copy_id, at=clock.now())
    except NotThere:
        abort(404)
    flash(_("Recorded: this copy is no longer there."), "success")
    return redirect(url_for("papers.index"))


@check_bp.get("/p/<token>")
@public
def scan(token: str) -> ResponseReturnValue:
    """Tell whether the paper with this secret still counts, and nothing else."""
    found = queries.scanned(token)
    page = render_template("paper/check.html", found=found)
    return links.quiet(make_response(page, 200 if found else 404))


def _file(data: bytes, media_type: str, name: str) -> Response:
    answer = send_file(io.BytesIO(data), media_type, as_attachment=True, download_name=name)
    # Somebody's numbers: no cache on the way or in the browser keeps them.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _kit_page(form: KitForm) -> str:
    return render_template("paper/kit.html", form=form, today=today_here())


def _copy_page(paper_id: UUID, form: CopyForm) -> str | Response:
    found = queries.kit(paper_id) or abort(404)
    return render_template("paper/copy_add.html", form=form, kit=found)


def _made() -> Made:
    return Made(clock.now(), current_scope().actor.name)


def _address(token: str) -> str:
    return links.address("paper_check.scan", token)
