"""What a browser may send about a contract."""

from uuid import UUID

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import NumberRange, Optional

from continuity import fields
from continuity.agreements.documents import Document, look_over
from continuity.agreements.services import AgreementValues
from continuity.fields import AddForm
from continuity.models import AgreementKind, FeeEvery, NoticeUnit
from continuity.scheme import AGREEMENT_LABELS, FEE_LABELS, NOTICE_LABELS
from core.serving.options import IntegerField, SelectField

USUAL_MONTHS = 3


class AgreementForm(AddForm):
    """A contract, its days, its price and its file."""

    kind = RadioField(
        _l("Which agreement"),
        choices=fields.offered((kind.value, label) for kind, label in AGREEMENT_LABELS.items()),
        default=AgreementKind.FRAMEWORK.value,
    )
    party = fields.line(_l("With whom"), missing=_l("Fill in the other party."))
    reference = fields.line(_l("Number or reference"))
    first_signed_on = fields.day(_l("Signed by the first party on"))
    first_signed_by = fields.line(_l("Who signed for the first party"), hint=_l("Name and function."))
    second_signed_on = fields.day(_l("Signed by the second party on"))
    second_signed_by = fields.line(_l("Who signed for the second party"), hint=_l("Name and function."))
    starts_on = fields.day(_l("First day"), past=False)
    ends_on = fields.day(_l("Last day"), past=False, hint=_l("Leave empty when it has no end."))
    notice_length = IntegerField(
        _l("Period of notice"),
        [Optional(), NumberRange(0, 3650, _l("A whole number from 0 to 3650."))],
        description=_l("The last day to give notice is counted back from the last day."),
    )
    notice_unit = SelectField(
        _l("In"),
        choices=fields.offered((unit.value, label) for unit, label in NOTICE_LABELS.items()),
        default=NoticeUnit.MONTHS.value,
    )
    notice_on = fields.day(
        _l("Last day to give notice"),
        past=False,
        hint=_l("Only when there is no period of notice. After this day it goes on, or can no longer be ended."),
    )
    fee = fields.euros(_l("Fee or price"), hint=_l("Without VAT. Write 0 when nothing is paid."))
    fee_every = SelectField(
        _l("Paid"),
        choices=fields.offered((every.value, label) for every, label in FEE_LABELS.items()),
        default=FeeEvery.MONTH.value,
    )
    duration_months = IntegerField(
        _l("For how many months continuity is promised"),
        [Optional(), NumberRange(1, 24, _l("A whole number from 1 to 24."))],
        default=USUAL_MONTHS,
        description=_l("Three, unless the agreement says otherwise."),
    )
    follows_id = HiddenField()
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
            first_signed_by=self.first_signed_by.data,
            second_signed_by=self.second_signed_by.data,
            notice_length=self.notice_length.data,
            notice_unit=NoticeUnit(self.notice_unit.data),
            duration_months=self.duration_months.data or USUAL_MONTHS,
            fee_every=FeeEvery(self.fee_every.data),
            follows_id=self.renewed,
        )

    @property
    def renewed(self) -> UUID | None:
        """Return the id of the agreement this one renews; none when what was sent is no id."""
        try:
            return UUID(str(self.follows_id.data or ""))
        except ValueError:
            return None

    def uploaded(self) -> Document | None:
        """Return the file that was sent with the form, if any. Raises Refused when it is not one we take."""
        sent = self.document.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        limit = current_app.config["SETTINGS"].upload_limit
        return look_over(sent.filename, sent.stream.read(limit + 1), limit)
