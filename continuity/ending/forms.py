"""What a browser may send about the end of a scheme."""

from flask_babel import lazy_gettext as _l

from continuity import fields
from continuity.fields import AddForm


class NoticeForm(AddForm):
    """The last day of a scheme, and why."""

    last_on = fields.day(
        _l("Last day"),
        missing=_l("Fill in the last day."),
        past=False,
        hint=_l("Up to and including this day the scheme is in force."),
    )
    reason = fields.text(
        _l("Why it ends"), missing=_l("Fill in why."), longest=1000, hint=_l("The clients read this in their letter.")
    )
