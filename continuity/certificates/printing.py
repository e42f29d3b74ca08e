"""A certificate as a picture for somebody's site, and as a PDF of one day."""

from typing import Any

from flask_babel import gettext as _

from continuity.certificates.queries import Answer
from continuity.covering.leg import LEG_LABELS, Leg
from continuity.scheme import TYPE_LABELS
from core.i18n import day_text, language, moment_text
from core.typesetting import set_document
from core.typesetting.squares import square


def verdict(answer: Answer) -> str:
    """Say in words whether the client is covered."""
    return str(_("Covered today") if answer.cover.covered else _("Not covered today"))


def leg_word(leg: Leg) -> str:
    """Say in one word whether a leg holds; why it does not is nobody else's business."""
    return str(_("Holds") if leg.holds else _("Does not hold"))


def set_certificate(answer: Answer, address: str) -> bytes:
    """Return the PDF of a certificate as it was on the day of printing, with a square that leads to the live page.

    Raises SettingFailed when it could not be set: our mistake. Source: rules 3.8; PDF/UA-1 and PDF/A-2a.
    """
    rows = [
        [str(LEG_LABELS[leg.kind]), leg_word(leg), day_text(leg.on) or "–", day_text(leg.until) or "–"]
        for leg in answer.cover.legs
    ]
    names = [
        [_("Client"), answer.client],
        [_("Service"), answer.service],
        [_("Type"), str(TYPE_LABELS[answer.scheme_type])],
        [_("Supplier"), answer.supplier],
        [_("Foundation"), answer.foundation],
    ]
    printed = _("Printed on %(at)s. What counts is the live page.", at=moment_text(answer.at))
    return set_document(
        "plan",
        {
            "title": _("Certificate of continuity: %(verdict)s", verdict=verdict(answer)),
            "organisation": answer.supplier,
            "language": language().value,
            "day": {"year": answer.as_of.year, "month": answer.as_of.month, "day": answer.as_of.day},
            "lines": [printed],
            "foot": " · ".join((answer.client, verdict(answer), day_text(answer.as_of))),
            "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            "seal": square(address, _("Is it still so? Scan it.")),
            "sections": [
                _section(_("Who and what"), (_("What"), _("Answer")), (2, 5), names),
                _section(
                    _("The six legs of the cover"),
                    (_("Leg"), _("On this day"), _("Since"), _("Until")),
                    (5, 3, 3, 3),
                    rows,
                ),
            ],
        },
    )


def _section(title: str, headings: tuple[str, ...], widths: tuple[int, ...], rows: list[list[str]]) -> dict[str, Any]:
    block = {"title": "", "text": "", "headings": list(headings), "widths": list(widths), "rows": rows}
    return {"title": title, "intro": "", "wide": False, "new_page": False, "blocks": [block]}
