"""The offline kit: the plan as PDF, HTML and workbooks in one file that opens with a passphrase and nothing of ours.

age (https://age-encryption.org/v1) with a passphrase: `age -d` opens it anywhere, and so does any browser when the file
lies in a page of its own (`audits/paper/opener.py`). The passphrase is kept nowhere.
"""

import tempfile
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from typing import IO

from flask_babel import gettext as _

from audits.paper.material import PaperMaterial
from audits.paper.models import PaperKind
from audits.paper.offline import offline_page
from audits.paper.printing import Printed, about_lines, print_paper
from audits.paper.variants import VARIANTS, file_of
from audits.takeout.archive import Archive
from audits.workbooks import Report, file_name, open_reports, write
from core.age_passphrase import lock_with
from core.i18n import Language, language, written_in

IN_KIT = (PaperKind.ALL, PaperKind.CARD)
IN_MEMORY = 20_000_000


class OpensIn(StrEnum):
    """What opens a kit: any browser, or the program age."""

    BROWSER = "browser"
    AGE = "age"


def make_kit(
    languages: Sequence[Language], gather: Callable[[], PaperMaterial], printed: Printed, passphrase: str
) -> bytes:
    """Return the encrypted kit in `languages`: a zip with PDF, HTML and workbooks of each, sealed by age.

    gather: loads the material in the language texts are then written in. Raises SettingFailed when a PDF could not be
    made, ValueError without a language.
    Source: the handbook, backup.offsite-plan, backup.encrypted.
    """
    if not languages:
        raise ValueError("a kit is in at least one language")
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
        archive = Archive(target)
        for chosen in languages:
            with written_in(chosen):
                _add(archive, gather(), printed)
        archive.close()
        target.seek(0)
        return lock_with(passphrase, target.read())


def _add(archive: Archive, material: PaperMaterial, printed: Printed) -> None:
    """Put everything in one language into the zip."""
    here = language().value
    first = _("READ ME FIRST")
    archive.add(f"{here}/{first}.txt", [_readme(material, printed).encode()])
    for kind in IN_KIT:
        archive.add(f"{here}/{file_of(kind)}", [print_paper(VARIANTS[kind], material, printed)])
    archive.add(f"{here}/plan.html", [offline_page(material, printed)])
    for report in open_reports():
        name = f"{here}/{file_name(report, material.base)}"
        archive.add_written(name, partial(_write_workbook, report, material, printed))


def _write_workbook(report: Report, material: PaperMaterial, printed: Printed, target: IO[bytes]) -> None:
    write(report, material.base, printed.made, target)


def _readme(material: PaperMaterial, printed: Printed) -> str:
    lines = [
        _("IT calamity plan of %(organisation)s", organisation=material.base.organisation.name),
        *about_lines(material, printed),
        _("plan.html: open it in any browser, no internet needed. Search, call, tick off the steps."),
        _(
            "%(plan)s: the whole plan to print. %(card)s: the call card.",
            plan=file_of(PaperKind.ALL),
            card=file_of(PaperKind.CARD),
        ),
        _("The workbooks (xlsx) open in Excel and LibreOffice."),
        _("What you unpacked is no longer encrypted. Delete it when you are done."),
    ]
    if printed.address:
        lines.append(_("Is this copy still valid? Look at %(address)s", address=printed.address))
    return "\n\n".join(lines) + "\n"
