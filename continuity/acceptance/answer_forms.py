"""What the browser of a client without an account may send."""

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired

from continuity import fields
from continuity.acceptance.declaring import Stated
from continuity.acceptance.words import ADDRESSEE_CHOICES, AUTHORITY_CHOICES
from continuity.agreements.documents import Document, look_over
from continuity.models import Addressee, Authority


def _code() -> Any:
    return fields.line(
        _l("Code from the mail"),
        missing=_l("Fill in the code."),
        longest=20,
        hint=_l("Eight digits. We sent them to the address to which you were invited."),
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code that was mailed, and nothing else."""

    code = _code()


class _DeclareForm(FlaskForm):  # type: ignore[misc]
    """Who declares something, and the code that was mailed."""

    name = fields.line(_l("Your name"), missing=_l("Fill in your name."))
    declared_as = fields.line(
        _l("Your function"), missing=_l("Fill in your function."), hint=_l("For example: director, owner, partner.")
    )
    code = _code()


class AcceptForm(_DeclareForm):
    """An acceptance of the deed."""

    authority = RadioField(
        _l("How may you bind your organisation?"),
        choices=fields.offered(AUTHORITY_CHOICES),
        validators=[DataRequired(_l("Choose how you may bind your organisation."))],
    )
    note = fields.text(
        _l("What shows that?"),
        hint=_l("Not needed when you may act alone by the trade register. Else: who agrees too, or which mandate."),
    )
    document = FileField(_l("Mandate or extract"), description=_l("A PDF, Word document (docx), JPEG or PNG."))
    addressee = RadioField(
        _l("To whom do you make this declaration?"),
        choices=fields.offered(ADDRESSEE_CHOICES),
        default=Addressee.FOUNDATION.value,
        validators=[DataRequired(_l("Choose one of the two."))],
    )
    scope = BooleanField(
        _l("I understand that only this service is covered"),
        validators=[DataRequired(_l("Tick this when you have read what is covered and what is not."))],
    )
    conditions = BooleanField(
        _l("We agree to the text and to its conditions"),
        validators=[DataRequired(_l("Tick this when you agree."))],
    )

    def stated(self, link: str) -> Stated:
        """Return what was stated. Raises Refused when the file is not one we take."""
        return Stated(
            self.code.data, self.name.data, self.declared_as.data, Authority(self.authority.data),
            Addressee(self.addressee.data), self.note.data or "", self._uploaded(), link,
        )  # fmt: skip

    def _uploaded(self) -> Document | None:
        sent = self.document.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        limit = current_app.config["SETTINGS"].upload_limit
        return look_over(sent.filename, sent.stream.read(limit + 1), limit)


class NoForm(_DeclareForm):
    """A no, or a withdrawal, with the reason."""

    reason = fields.text(_l("Why?"), missing=_l("Fill in why."))

    def stated(self, link: str) -> Stated:
        """Return what was stated."""
        return Stated(self.code.data, self.name.data, self.declared_as.data, None, None, self.reason.data, None, link)
