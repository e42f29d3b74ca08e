"""What folders and notes in a zip are called, in the language of the reader; safe on every computer."""

from flask_babel import gettext as _

from core.file_names import plain


def workbooks() -> str:
    """Return the folder of the reports."""
    return plain(_("workbooks"))


def evidence() -> str:
    """Return the folder of what was uploaded."""
    return plain(_("evidence"))


def readme() -> str:
    """Return the note that tells what is in the zip."""
    name = _("README")
    return f"{plain(name).upper()}.txt"


def checker() -> str:
    """Return the program that checks the zip."""
    name = _("check")
    return f"{plain(name)}.py"
