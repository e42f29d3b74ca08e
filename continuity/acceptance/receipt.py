"""The receipt of a declaration, as PDF: who declared what, when, about which words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from continuity.acceptance.words import ADDRESSEE_LABELS, AUTHORITY_LABELS, DECLARATION_LABELS
from continuity.models import Declaration, DeedVersion
from core.clock import day_of
from core.i18n import Language, moment_text, written_in
from core.typesetting import set_document

SHOWN_OF_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is involved, by name, and for which service."""

    client: str
    supplier: str
    foundation: str
    service: str


def set_receipt(said: Declaration, deed: DeedVersion, parties: Parties, language: Language) -> bytes:
    """Return the PDF of a declaration: the same rows give the same bytes.

    Raises SettingFailed when it could not be set: our mistake. Source: rules 3.4 B3; PDF/UA-1 and PDF/A-2a.
    """
    with written_in(language):
        title = _("Receipt: %(kind)s", kind=DECLARATION_LABELS[said.kind])
        number = _("Version %(number)s of the beneficiary deed", number=deed.number)
        sections = [
            _section(_("What was declared"), rows=_facts(said, parties)),
            _section(_("The text in Dutch"), deed.text, deed.conditions),
            *([_section(_("The text in English"), deed.text_en, deed.conditions_en)] if deed.text_en else []),
        ]
        return set_document(
            "plan",
            {
                "title": title,
                "organisation": parties.foundation or parties.supplier,
                "language": language.value,
                "day": _day(said.declared_at),
                "lines": [
                    number,
                    _("SHA-256 of all of its words: %(digest)s", digest=said.deed_sha256),
                    _("Declared on %(at)s", at=moment_text(said.declared_at)),
                ],
                "foot": " · ".join((parties.client, str(number), said.deed_sha256[:SHOWN_OF_DIGEST])),
                "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
                "seal": None,
                "sections": sections,
            },
        )


def _facts(said: Declaration, parties: Parties) -> list[list[str]]:
    told = [
        (_("Client"), parties.client),
        (_("Supplier"), parties.supplier),
        (_("Foundation"), parties.foundation),
        (_("Service"), parties.service),
        (_("Declaration"), DECLARATION_LABELS[said.kind]),
        (_("Who declared it"), said.name),
        (_("In which function"), said.declared_as),
        (_("How this person may bind the client"), AUTHORITY_LABELS[said.authority] if said.authority else ""),
        (_("To whom it was declared"), ADDRESSEE_LABELS[said.addressee] if said.addressee else ""),
        (_("In the person's own words"), said.note),
        (_("File added"), f"{said.file_name}, SHA-256 {said.file_sha256}" if said.file_sha256 else ""),
        (_("Confirmed by a code mailed to"), said.email),
        (_("Time"), moment_text(said.declared_at)),
    ]
    return [[str(label), str(text)] for label, text in told if text]


def _section(title: str, text: str = "", conditions: list[Any] | None = None, *, rows: Any = ()) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    if rows:
        headings = [_("What"), _("As it was declared")]
        blocks.append({"title": "", "text": "", "headings": headings, "widths": [2, 4], "rows": rows})
    if text:
        blocks.append(_words("", text))
    if conditions:
        lines = "\n".join(f"{position}. {one}" for position, one in enumerate(conditions, start=1))
        blocks.append(_words(_("Conditions"), lines))
    return {"title": title, "intro": "", "blocks": blocks, "wide": False, "new_page": False}


def _words(title: str, text: str) -> dict[str, Any]:
    return {"title": title, "text": text, "headings": [], "widths": [], "rows": []}


def _day(at: datetime) -> dict[str, int]:
    day = day_of(at)
    return {"year": day.year, "month": day.month, "day": day.day}
