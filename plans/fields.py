"""The fields of items that are answered by a form. Seats of items that are answered by people: seats.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.handbook import Section, of_section
from plans.keeping import ASK_KEEPING, ASK_MAKER, KEEPING_LABELS


class FieldKind(StrEnum):
    """What a field takes. CONTACT and PARTY are rows of the organisation; at most one of each per item."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DAY = "day"
    AMOUNT = "amount"
    NUMBER = "number"
    CONTACT = "contact"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice and what it is called."""

    value: str
    label: Any


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an item. required: without it the item is not complete; saving is never blocked.

    hint: shown under the label; least: the smallest number that a NUMBER may be; unknown: where a CHOICE may be left
    open for now, who can tell. Not knowing is no value: the item goes on asking.
    """

    name: str
    kind: FieldKind
    label: Any
    required: bool = True
    choices: tuple[Choice, ...] = ()
    hint: Any = ""
    least: int = 0
    unknown: Any = ""


YES, NO = "yes", "no"
YES_NO = (Choice(YES, _l("Yes")), Choice(NO, _l("No")))


def _text(name: str, label: Any, *, required: bool = True) -> Field:
    return Field(name, FieldKind.TEXT, label, required)


def _long(name: str, label: Any, *, required: bool = True) -> Field:
    return Field(name, FieldKind.LONG_TEXT, label, required)


def _day(name: str, label: Any) -> Field:
    return Field(name, FieldKind.DAY, label)


def _choice(name: str, label: Any, *choices: Choice) -> Field:
    return Field(name, FieldKind.CHOICE, label, True, choices or YES_NO)


KEPT_DAYS = "kept_days"
HOW_FAR_BACK = _l("How many days you can go back with it")
HOW_FAR_BACK_HINT = _l(
    "Say a file was damaged weeks ago and you notice today. How many days old is the oldest copy that you can still "
    "restore? A month is 30, a year 365. Is only the newest copy kept? Then fill in 1. Not sure? Leave it empty "
    "and ask whoever looks after your computers."
)
# Of a copy of the data, and of the back-up as a whole before there are copies; values as in plans/models/backup.py.
MADE_EVERY = Field(
    "made_every",
    FieldKind.CHOICE,
    _l("How often it is made"),
    choices=(
        Choice("hour", _l("Every hour, or more often")),
        Choice("four-hours", _l("Every four hours")),
        Choice("day", _l("Every day")),
        Choice("week", _l("Every week")),
        Choice("month", _l("Every month")),
        Choice("other", _l("Less often, or when somebody thinks of it")),
    ),
    hint=_l("Whatever you entered after the last one is lost when everything breaks down."),
    unknown=ASK_MAKER,
)
CLOUD_IN = Field(
    "cloud_in",
    FieldKind.CHOICE,
    _l("Is what you keep in the cloud in it too?"),
    choices=(*YES_NO, Choice("nothing", _l("We keep nothing in the cloud"))),
    hint=_l(
        "For example mail, files and bookkeeping at a provider. When your account there is gone, so is what the "
        "provider keeps for you."
    ),
    unknown=ASK_MAKER,
)
SETTINGS_IN = Field(
    "settings_in",
    FieldKind.CHOICE,
    _l("Are the settings of your systems in it too?"),
    choices=YES_NO,
    hint=_l("How programs, network and accounts were set up. Without them you have your data, but nothing that works."),
    unknown=ASK_MAKER,
)
DELETABLE = Field(
    "deletable",
    FieldKind.CHOICE,
    _l("Can it be deleted from your network?"),
    choices=YES_NO,
    hint=_l("Who breaks in deletes the back-up first. That cannot be done to a disk in a safe, or to a locked copy."),
    unknown=ASK_MAKER,
)
MAY_DELETE = Field(
    "may_delete",
    FieldKind.TEXT,
    _l("Who may delete it"),
    hint=_l("For example: only our IT administrator, who needs a code for it."),
)
KEEPER = Field("keeper", FieldKind.CONTACT, _l("Who keeps it"))
SEEN = (_text("location", _l("Where it is")), KEEPER, _day("seen_on", _l("Last seen there on")))
INCLUDED = "included"
INSTRUCTION_LINE = (
    _choice(INCLUDED, _l("Part of our instruction")),
    _long("own_text", _l("In our own words"), required=False),
    _long("own_translation", _l("The same in the other language"), required=False),
)

ITEM_FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "self-check.secured": (
            _choice(
                "verdict",
                _l("Your own judgement"),
                Choice("yes", _l("Yes")),
                Choice("partly", _l("Partly")),
                Choice("no", _l("No")),
            ),
            _long("explanation", _l("Why do you think so?"), required=False),
        ),
        "self-check.weakest-point": (_long("points", _l("Our weakest points")),),
        "backup.offsite-data": SEEN,
        "backup.offsite-licences": SEEN,
        "backup.offsite-installers": SEEN,
        "backup.offsite-plan": (
            _text("location", _l("Where it is")),
            KEEPER,
            Field(
                "version",
                FieldKind.NUMBER,
                _l("Version of the plan that lies there"),
                hint=_l(
                    "The number on its first page. No version is approved yet? Leave it empty and come back later."
                ),
            ),
        ),
        "backup.air-gapped": (
            Field(
                "offline",
                FieldKind.CHOICE,
                _l("Is at least one copy never connected to the internet?"),
                choices=YES_NO,
                unknown=_l("Ask whoever makes the back-up: is there a disk or tape that no computer can reach?"),
            ),
            _text("copy", _l("Which copy is that")),
            _day("verified_on", _l("Checked on")),
        ),
        "backup.safe-keeping": (
            Field(
                "keeping",
                FieldKind.CHOICE,
                _l("How it is kept"),
                choices=tuple(Choice(one.value, label) for one, label in KEEPING_LABELS.items()),
                unknown=ASK_KEEPING,
            ),
            KEEPER,
            Field(KEPT_DAYS, FieldKind.NUMBER, HOW_FAR_BACK, hint=HOW_FAR_BACK_HINT, least=1),
            MADE_EVERY,
            CLOUD_IN,
            SETTINGS_IN,
            DELETABLE,
            MAY_DELETE,
        ),
        "backup.out-of-hours": (
            _text("how", _l("How to reach it outside office hours")),
            Field("keeper", FieldKind.CONTACT, _l("By whom")),
            _day("tried_on", _l("Last tried on")),
        ),
        "backup.encrypted": (
            _text("method", _l("Method of encryption")),
            _text("key_place", _l("Where the key is kept (never the key itself)")),
        ),
        "runbook.fallback-location": (
            _choice(
                "kind",
                _l("What it is"),
                Choice("place", _l("A place to work")),
                Choice("online", _l("A temporary online environment")),
            ),
            _text("place", _l("Which place or environment")),
            _text("agreement", _l("Agreed with the owner: what, and when")),
            _text("address", _l("Address"), required=False),
            _text("route", _l("How to get there"), required=False),
            _text("key", _l("Who has the key, and how to get in"), required=False),
            Field("capacity", FieldKind.NUMBER, _l("For how many people"), required=False),
            _text("wifi", _l("How to get on the internet there"), required=False),
            Field(
                "back",
                FieldKind.LONG_TEXT,
                _l("What you do before you go back to normal"),
                hint=_l(
                    "For example: enter what was written on paper, switch forwarding off, take our data along, and try "
                    "everything once before the shop opens."
                ),
            ),
        ),
        "runbook.reachability": (
            _text("forwarding", _l("How calls are forwarded to a mobile phone")),
            _text("webmail", _l("How you reach e-mail from elsewhere (webmail)")),
            Field(
                "team",
                FieldKind.TEXT,
                _l("How the team reaches one another when your mail and telephone are down"),
                hint=_l(
                    "Agree on it beforehand, outside your own network. For example: a group in an app that encrypts "
                    "messages, on everybody's own phone, with the numbers on paper too."
                ),
            ),
        ),
        "runbook.replacement-hardware": (
            _choice("choice", _l("How you get it"), Choice("buy", _l("Buy")), Choice("hire", _l("Hire"))),
            Field("supplier", FieldKind.PARTY, _l("Supplier")),
            _text("agreement", _l("What was agreed")),
            Field("delivery_hours", FieldKind.NUMBER, _l("Within how many hours it is delivered"), required=False),
        ),
        "staff.policy": (
            _long("text", _l("What staff do when something goes wrong")),
            _long("translation", _l("The same in the other language, Dutch or English"), required=False),
        ),
        **{found.id: INSTRUCTION_LINE for found in of_section(Section.STAFF) if found.id != "staff.policy"},
        "testing.sla": (
            _text("reference", _l("Document or reference")),
            Field("supplier", FieldKind.PARTY, _l("Supplier")),
            _day("expires_on", _l("Valid until")),
        ),
        "payments.unchecked-limit": (Field("amount", FieldKind.AMOUNT, _l("Amount in euro")),),
        "payments.four-eyes": (Field("amount", FieldKind.AMOUNT, _l("Amount in euro")),),
        "payments.address-book": (
            _choice("only_address_book", _l("Only to accounts in the address book?")),
            Field(
                "bank_book",
                FieldKind.CHOICE,
                _l("Is the address book set up at the bank?"),
                choices=YES_NO,
                unknown=_l("Look in your internet banking for the address book, or call your bank and ask."),
            ),
        ),
        "payments.unknown-account": (_long("protocol", _l("The steps")),),
        "payments.account-change": (
            _long("protocol", _l("The steps")),
            _choice("calls_back", _l("Do you call the sender on a number you already know?")),
        ),
        "payments.email-order": (_long("protocol", _l("The steps")),),
        "upkeep.review": (
            Field(
                "covers",
                FieldKind.LONG_TEXT,
                _l("What this plan is for, what it leaves out, and who reads it"),
                hint=_l(
                    "For example: bread in the shop again within a day, whatever breaks down in the bakery or the "
                    "shops. Not the web shop, which our supplier looks after. For the team and the insurer."
                ),
            ),
            _day("reviewed_on", _l("Last reviewed on")),
            _long("conclusion", _l("What came out of it"), required=False),
        ),
    }
)
