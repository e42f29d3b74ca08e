"""What authorities, addressees and declarations are called."""

from flask_babel import lazy_gettext as _l

from continuity.models import Addressee, Authority, DeclarationKind, SchemeType

AUTHORITY_LABELS = {
    Authority.REGISTER: _l("By the trade register, alone"),
    Authority.JOINTLY: _l("By the trade register, together with somebody else who agrees"),
    Authority.MANDATE: _l("By a mandate (power of attorney)"),
    Authority.OTHER: _l("In another way"),
}
ADDRESSEE_LABELS = {
    Addressee.SUPPLIER: _l("To the supplier"),
    Addressee.FOUNDATION: _l("To the foundation"),
}
AUTHORITY_CHOICES = tuple((one.value, label) for one, label in AUTHORITY_LABELS.items())
ADDRESSEE_CHOICES = tuple((one.value, label) for one, label in ADDRESSEE_LABELS.items())
DECLARATION_LABELS = {
    DeclarationKind.ACCEPT: _l("Accepted"),
    DeclarationKind.REJECT: _l("Rejected"),
    DeclarationKind.WITHDRAW: _l("Withdrawn"),
    DeclarationKind.LATE: _l("Wants to accept, after the trigger"),
    DeclarationKind.ADMIT: _l("Admitted by the foundation"),
    DeclarationKind.REFUSE: _l("Refused by the foundation"),
}
# As SCOPE_WARNINGS, told to the client.
CLIENT_WARNINGS = {
    SchemeType.HOSTING: _l(
        "Only the hosting service that your supplier passes through to you is covered. "
        "Its other services and products are not inventoried and not secured."
    ),
    SchemeType.SERVER_MANAGEMENT: _l(
        "Only the management of your servers is covered. "
        "The other services and products of your supplier are not inventoried and not secured."
    ),
    SchemeType.STANDARD_SOFTWARE: _l(
        "Only that you keep a licence on the named standard software is covered. "
        "The other services and products of your supplier are not inventoried and not secured."
    ),
}
