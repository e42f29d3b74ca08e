"""Pages of one register's rows: paste a block, download all to be read, or to be changed and uploaded again."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.file_names import plain
from core.i18n import reader_zone
from core.sheets.writing import MEDIA_TYPE, workbook_pieces
from plans.importing import returning, services
from plans.importing.blueprint import bp
from plans.importing.pasting import MOST_CHARACTERS, MOST_ROWS, Pasted, TooMuch, read_pasted
from plans.registers.forms import read_wish
from plans.registers.pages import register_named
from plans.registers.shape import Register
from tenants import trail
from tenants.door import needs, standing
from tenants.permissions import Permission
from tenants.sending import Told, sent_while_made


@bp.route("/paste/<register>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def paste(register: str) -> ResponseReturnValue:
    """Paste rows of a spreadsheet into a register; their preview follows."""
    found, text = register_named(register), request.form.get("cells", "")
    columns, error = read_wish(found, request.args).shown(found), ""
    if request.method == "POST":
        pasted, error = _read(text, found, columns)
        if pasted is not None:
            batch = services.take_in_pasted(found, pasted, by=g.me.name, at=clock.now())
            return redirect(url_for("importing.preview", batch_id=batch.id, position=1))
    labels = [found.column(name).label for name in columns]
    kept = text if len(text) <= MOST_CHARACTERS else ""
    page = render_template("importing/paste.html", register=found, labels=labels, text=kept, error=error)
    return page, 422 if error else 200


def _read(text: str, register: Register, columns: tuple[str, ...]) -> tuple[Pasted | None, str]:
    try:
        pasted = read_pasted(text, register, columns)
    except TooMuch:
        return None, _("This is more than %(rows)s rows. Save it as a file and import that.", rows=MOST_ROWS)
    return pasted, "" if pasted else _("Paste or type at least one row.")


@bp.post("/workbook/<register>")
@needs(Permission.REPORT_EXPORT)
def workbook(register: str) -> ResponseReturnValue:
    """Send a register as a workbook; who took it is written in the trail.

    Who may change the register can change the workbook and upload it again. For anybody else it is there to be read.
    """
    found = register_named(register)
    name, title, zone, now = f"register.{found.slug}", str(found.title), reader_zone(), clock.now()
    back = standing().may(Permission.PLAN_EDIT)
    trail.record("report.exported", "report", None, name=name)
    return sent_while_made(
        lambda: workbook_pieces(returning.sheets(found, back=back), title=title, zone=zone, made_at=now),
        Told("report", name),
        media_type=MEDIA_TYPE,
        download_name=f"{plain(title)}.xlsx",
    )
