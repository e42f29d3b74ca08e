"""What the note in a takeout says, in the language of whoever takes it out."""

from collections.abc import Sequence

from flask_babel import gettext as _

from audits.takeout import naming
from audits.workbooks.material import Made


def text(organisation: str, made: Made, missing: Sequence[str]) -> str:
    """Return the text. missing: uploaded files that could not be put in."""
    parts = [
        _("Everything that Waarborg keeps about %(organisation)s.", organisation=organisation),
        _("Made on %(at)s (UTC) by %(by)s.", at=made.at.strftime("%Y-%m-%d %H:%M:%S"), by=made.by),
        _("%(folder)s: the reports as spreadsheets. Open them in Excel or LibreOffice.", folder=naming.workbooks()),
        _("files: what was uploaded, such as signed agreements, each under its own name."),
        _("data: every row of every table, one table per file, one row per line, as JSON in UTF-8."),
        _("organisation.json: the organisation. people.jsonl: the people whose id the rows name."),
        _("schema.json: what each table and column means. manifest.json: the list of all files."),
        _(
            "Amounts are in euro, written as text. Days are written as 2026-12-31, moments in UTC."
            " Fingerprints are written in hexadecimal."
        ),
        _("What is confidential stands here in plain text. Keep this file as safe as the originals."),
        _("Passwords, keys and secrets are not in it."),
        _("To check that nothing changed: sha256sum --check SHA256SUMS"),
    ]
    if missing:
        parts.append(
            _("These uploaded files could not be found, ask your operator: %(names)s", names=", ".join(missing))
        )
    return "\n\n".join(parts) + "\n"
