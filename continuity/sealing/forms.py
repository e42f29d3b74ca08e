"""What a browser may send about sealed deliveries. The secret itself is in no field: it never leaves the browser."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from continuity import fields
from continuity.errors import Refused
from continuity.fields import EditForm
from continuity.sealing.envelope import LARGEST


class SealForm(EditForm):
    """A sealed delivery: what others may read of it, and the file that only two officers can open."""

    delivered_by = fields.line(_l("By whom"), missing=_l("Fill in who handed it over."))
    specification = fields.text(
        _l("What is in it, for everybody to read"),
        missing=_l("Describe what is in it: others can check the delivery by this text alone."),
        hint=_l(
            "For example: the administrator logins of web-01 and web-02, with the recovery codes of the second step. "
            "Never write the password, code or key itself here."
        ),
    )
    envelope: Any = FileField(_l("The sealed file"))

    def uploaded(self) -> bytes:
        """Return the sealed file. Raises Refused when none was sent."""
        sent = self.envelope.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            raise Refused(_l("Seal something first: nothing was sent."), "envelope")
        return bytes(sent.stream.read(LARGEST + 1))
