"""What a record of the inventory tells of signing in, where it has an account that others depend on, as data."""

from flask_babel import lazy_gettext as _l

from plans.models import AssetKind, SecondStep
from plans.registers.shape import Choice, Column, Kind

# Cloud services with the mail among them, the back-up's own console, and the provider of connection and domain.
KINDS = (AssetKind.BACKUP_UNIT, AssetKind.INTERNET, AssetKind.CLOUD_SERVICE)
STEPS = (
    Choice(
        SecondStep.APP,
        _l("Yes: an app on a phone"),
        ("app", "authenticator", "authenticator-app", "telefoon", "phone", "totp", "push", "ja", "yes"),
    ),
    Choice(
        SecondStep.KEY,
        _l("Yes: a key or card, or a passkey on a device"),
        ("sleutel", "beveiligingssleutel", "yubikey", "passkey", "kaart", "key", "security key", "card", "token"),
    ),
    Choice(
        SecondStep.MESSAGE,
        _l("Yes: a code by text message or mail"),
        ("sms", "sms-code", "tekstbericht", "mail", "e-mail", "text message"),
    ),
    Choice(SecondStep.NONE, _l("No: the password is enough"), ("nee", "geen", "no", "none", "alleen wachtwoord")),
    Choice(
        SecondStep.NO_ACCOUNT,
        _l("There is nothing to sign in to"),
        ("geen account", "n.v.t.", "nvt", "no account", "not applicable", "n/a"),
    ),
)
SECOND_STEP = Column(
    "second_step",
    Kind.CHOICE,
    _l("Does signing in ask for a second step?"),
    choices=STEPS,
    hint=_l(
        "Think of the account of whoever may change the settings. Nothing chosen means that you do not know yet: ask "
        "whoever looks after it."
    ),
)
SPARE = Column(
    "second_step_spare",
    Kind.TEXT,
    _l("How you get in when that phone or key is gone"),
    limit=500,
    hint=_l(
        "The phone may have burned with the building. For example: printed codes in the safe at Anna's home, or a "
        "second phone. Never the codes themselves."
    ),
)
COLUMNS = (SECOND_STEP, SPARE)
