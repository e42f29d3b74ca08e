"""What a browser may send about a contract."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField

from continuity import fields
from continuity.agreements.documents import Document, look_over
from continuity.agreements.services import AgreementValues
from continuity.fields import AddForm
from continuity.models import AgreementKind
from continuity.scheme import AGREEMENT_LABELS


class AgreementForm(AddForm):
    """A contract, its days, its price and its file."""

    kind = fields.choice(_l("Which agreement"), ((kind.value, label) for kind, label in AGREEMENT_LABELS.items()))
    party = fields.line(_l("With whom"), missing=_l("Fill in the other party."))
    reference = fields.line(_l("Number or reference"))
    first_signed_on = fields.day(_l("Signed by the first party on"))
    second_signed_on = fields.day(_l("Signed by the second party on"))
    starts_on = fields.day(_l("First day"), past=False)
    ends_on = fields.day(_l("Last day"), past=False, hint=_l("Leave empty when it has no end."))
    notice_on = fields.day(
        _l("Last day to give notice"), past=False, hint=_l("After this day it goes on, or can no longer be ended.")
    )
    fee = fields.euros(_l("Fee or price a month"), hint=_l("Write 0 when nothing is paid."))
    delivers_on = BooleanField(_l("It holds the promise to deliver for the whole period"))
    document = FileField(
        _l("The signed agreement"),
        description=_l("A PDF, Word document (docx), JPEG or PNG. It replaces an earlier one."),
    )

    def values(self) -> AgreementValues:
        """Return what was filled in."""
        return AgreementValues(
            kind=AgreementKind(self.kind.data),
            party=self.party.data,
            reference=self.reference.data,
            first_signed_on=self.first_signed_on.data,
            second_signed_on=self.second_signed_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            notice_on=self.notice_on.data,
            fee=self.fee.data,
            delivers_on=self.delivers_on.data,
        )

    def uploaded(self) -> Document | None:
        """Return the file that was sent with the form, if any. Raises Refused when it is not one we take."""
        sent = self.document.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        limit = current_app.config["SETTINGS"].upload_limit
        return look_over(sent.filename, sent.stream.read(limit + 1), limit)
