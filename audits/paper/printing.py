"""A paper as PDF: its sections, and on each page whose it is, which version, of which day, which fingerprint."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from audits.paper.document import Section
from audits.paper.material import PaperMaterial
from audits.paper.variants import Variant
from audits.workbooks.material import Made
from core.i18n import day_text, language, moment_text
from core.typesetting import set_document
from core.typesetting.squares import square

FINGERPRINT_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Printed:
    """What every page says about itself. address: of the page that tells whether the paper is stale, "" for none."""

    made: Made
    address: str = ""


def sections_of(variant: Variant, material: PaperMaterial) -> list[Section]:
    """Return the sections of a paper, in the language texts are now written in."""
    return [make(material) for make in variant.sections]


def version_text(material: PaperMaterial) -> str:
    """Say which version of the plan this is, and whether something changed after it."""
    if material.version is None:
        return str(_("Draft: no version has been published yet"))
    number, day = material.version.number, day_text(material.version.published_on)
    if material.changed:
        return str(_("Version %(number)s of %(day)s, with later changes", number=number, day=day))
    return str(_("Version %(number)s of %(day)s", number=number, day=day))


def approval_text(material: PaperMaterial) -> str:
    """Say who approved what stands on the paper, and when."""
    version = material.version
    if version is None or material.changed or version.approved_on is None:
        return str(_("Not approved"))
    return str(_("Approved on %(day)s by %(by)s", day=day_text(version.approved_on), by=version.approved_by))


def about_lines(material: PaperMaterial, printed: Printed) -> list[str]:
    """Return what the top of the first page says about the paper."""
    return [
        version_text(material),
        approval_text(material),
        _("Made on %(at)s by %(by)s", at=moment_text(printed.made.at), by=printed.made.by),
        _("Fingerprint (SHA-256): %(digest)s", digest=material.digest[:FINGERPRINT_SHOWN]),
    ]


def print_paper(variant: Variant, material: PaperMaterial, printed: Printed) -> bytes:
    """Return the PDF of a paper, in the language texts are now written in.

    The same material and `printed` give the same bytes. Raises SettingFailed when it could not be set: our mistake.
    Source: the handbook, backup.offsite-plan; PDF/UA-1 and PDF/A-2a.
    """
    organisation = material.base.organisation.name
    paper = str(variant.title)
    foot = (organisation, paper, version_text(material), material.digest[:FINGERPRINT_SHOWN])
    return set_document(
        variant.template,
        {
            "title": _("IT calamity plan of %(organisation)s: %(paper)s", organisation=organisation, paper=paper),
            "organisation": organisation,
            "language": language().value,
            "day": _day(material.base.as_of),
            "lines": about_lines(material, printed),
            "foot": " · ".join((*foot, day_text(material.base.as_of))),
            # Typesetting fills these in: nobody knows before how many pages there will be.
            "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            "seal": square(printed.address, _("Is this paper still valid? Scan it.")) if printed.address else None,
            "sections": [_plain(section) for section in sections_of(variant, material)],
        },
    )


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _plain(section: Section) -> dict[str, Any]:
    """Return a section as JSON can hold it."""
    return {
        "title": section.title,
        "intro": section.intro,
        "wide": section.wide,
        "new_page": section.new_page,
        "blocks": [
            {
                "title": block.title,
                "text": block.text,
                "headings": list(block.headings),
                "widths": list(block.widths),
                "rows": [list(row) for row in block.rows],
            }
            for block in section.blocks
            if block.rows or block.text
        ],
    }
