"""What an item means in plain words, where its title speaks the language of the handbook. Shown under the title."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

# Words that everybody knows need no second line: here is what somebody without IT knowledge would stop at.
_ANSWERS = {
    "self-check.attractive-data": _l(
        "Data is everything you keep on paper or in a computer: customers, recipes, wages. Which of it would a thief "
        "take?"
    ),
    "backup.offsite-data": _l(
        "A back-up is a copy of your files that you can fall back on. Off site means: at another address."
    ),
    "backup.offsite-licences": _l(
        "A licence proves that you may use a program: the order confirmation, the code, or the account it came with."
    ),
    "backup.offsite-installers": _l(
        "An installation file puts a program on a new computer. Do you only use programs on the internet? Then say "
        "below that this does not apply to you."
    ),
    "backup.air-gapped": _l(
        "A copy that hangs on no computer and no network: a disk that is connected for a moment, and then lies in a "
        "drawer elsewhere."
    ),
    "backup.safe-keeping": _l(
        "Where does the copy lie, so that nobody takes it along and you can still get at it? A member of the "
        "management team is somebody who leads the firm with you; in a small firm that is you, the owner."
    ),
    "backup.out-of-hours": _l("Can you get at the copy if the fire breaks out in the evening or on a Sunday?"),
    "backup.encrypted": _l(
        "Encrypted means: without the password or the key nobody can read it. Many back-up programs do it with one "
        "tick. Ask whoever looks after your computers: is our back-up encrypted, and where is the key?"
    ),
    "runbook.team": _l(
        "The people who decide together on the worst day. The GDPR officer is whoever minds the personal data; the "
        "daily board is whoever leads the firm. In a small firm one person can sit in several places."
    ),
    "runbook.activation": _l("Who says: it is so bad that from now on we follow the plan?"),
    "runbook.internal-officers": _l(
        "People of your own firm whom you call in besides the team: who has the keys, who knows the ovens."
    ),
    "runbook.external-parties": _l(
        "Firms whom you call for help. A facility company looks after the building: the fitter, or the landlord."
    ),
    "runbook.fallback-location": _l(
        "Where you go on working when you cannot enter your own premises. A colleague's firm or your home will do."
    ),
    "runbook.reachability": _l(
        "Webmail is your e-mail on the internet: you can read it on any computer, with your address and password."
    ),
    "runbook.replacement-hardware": _l("Hardware is everything you can touch: computers, tills, telephones."),
    "runbook.recovery": _l("What do you do, step by step, until everything works again?"),
    "testing.sla": _l(
        "SLA is short for service level agreement: what is on paper about how fast your supplier helps, and what it "
        "costs. It may be called a maintenance or service contract."
    ),
    "testing.restore": _l("Take a few files from the back-up and see whether they open. Only then you know it works."),
    "testing.ethical-hack": _l(
        "A security firm tries to break into your computers, with your permission, and tells you how it got in."
    ),
    "testing.phishing": _l(
        "Phishing is a false e-mail that asks for a click or a password. You send a harmless one and see who falls for "
        "it."
    ),
    "testing.usb-drop": _l(
        "Somebody leaves a harmless USB stick lying about, and you see whether it ends up in one of your computers."
    ),
    "staff.do-passwords": _l(
        "A password manager is a program that remembers all your passwords; you only remember the one that opens it."
    ),
    "staff.dont-torrents": _l(
        "Torrents are files that people share with each other, often films or programs that are not paid for."
    ),
    "payments.four-eyes": _l("Four eyes: two people approve the payment, each by themselves."),
    "payments.account-change": _l(
        "A protocol is a list of fixed steps. Here: what do you do when a mail says that an account number has changed?"
    ),
    "payments.email-order": _l(
        "A protocol is a list of fixed steps. Here: what do you do when a mail tells you to pay something?"
    ),
}
_LISTS = {
    "processes.department-heads": _l(
        "A department is a part of your firm with work of its own: the bakery, the shop. Do you do everything "
        "yourself? Then make one department, with yourself as its head."
    ),
    "processes.personal-data": _l(
        "Personal data is all that tells something about a person: customers, staff. In a small firm this is usually "
        "the owner."
    ),
    "processes.systems-used": _l(
        "A system is anything with a plug or a password that you would miss: the till, e-mail, the web shop, the "
        "bookkeeping."
    ),
    "processes.data-needed": _l("Data is what is in those systems: orders, recipes, addresses, wages."),
    "processes.priorities": _l("What must work again first, and within how many hours? Number 1 comes back first."),
    "inventory.servers": _l(
        "A server is a computer that the other computers need, often in a cupboard and always on. Do you have none? "
        "Then say below that this does not apply to you."
    ),
    "inventory.backup-units": _l(
        "What your back-up is on: a separate disk, a box on the network (NAS), or an account with a back-up service."
    ),
    "inventory.telephone-system": _l(
        "The box or the service that spreads your calls, and the telephones. Do you only call by mobile? Then say "
        "below that this does not apply to you."
    ),
    "inventory.telephone-lines": _l("Every line you pay for: calling, the alarm, the lift, the fax."),
    "inventory.internet": _l(
        "The provider is the firm that delivers your internet; its bill tells your customer number. The IP address is "
        "the number of your connection: your provider can tell it."
    ),
    "inventory.licences": _l("Programs that you pay for, such as an office package, the till or the bookkeeping."),
    "inventory.ip-addresses": _l(
        "Each device on your network has a number, such as 192.168.1.10. Whoever looks after your computers can give "
        "you the list."
    ),
    "inventory.cloud-services": _l(
        "Programs of another firm that you use on the internet or in an app: e-mail, bookkeeping, the web shop."
    ),
}
PLAINLY: Mapping[str, Any] = MappingProxyType({**_ANSWERS, **_LISTS})
