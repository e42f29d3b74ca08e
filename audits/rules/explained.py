"""What "in order" means for each rule, in one sentence for the page of rules.

Days are those of the default intervals; where an organisation tightened one, the sentence says "your interval".
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.rules.standing import LOOKED
from plans.handbook import Section, of_section

_SEEN = _l(
    "It is told where it lies and who keeps it, and somebody saw it there within your interval for off-site copies."
)
_LINE = _l("The newest published staff instruction contains this line.")
_DONE = _l("It was done within the last 12 months, or within your shorter interval; how it ended does not matter.")
_PASSED = _l("It was passed within the last 12 months, or within your shorter interval.")
_PROTOCOL = _l("The protocol has been written down.")


def _looked_at(told: Any) -> Any:
    return _l("%(told)s Somebody found the records right within your interval for the inventory.", told=told)


def _signed_in(told: Any) -> Any:
    return _l(
        "%(told)s It asks for attention where signing in needs no second step, where nobody told whether it does, and "
        "where nobody told how one gets in without that phone or key.",
        told=told,
    )


_PLAN: Mapping[str, Any] = {
    "self-check.secured": _l("You gave your own judgement, and not longer ago than your interval for reviews."),
    "self-check.weakest-point": _l("At least one weak point is named."),
    "self-check.attractive-data": _l("At least one data set is marked as attractive to criminals or competitors."),
    "self-check.extra-protection": _l("For every data set marked as attractive it is told how it is protected."),
    "backup.offsite-data": _SEEN,
    "backup.offsite-licences": _SEEN,
    "backup.offsite-installers": _SEEN,
    "backup.offsite-plan": _l(
        "It is told where the copy of the plan lies and who keeps it, and it is of the newest published version."
    ),
    "backup.air-gapped": _l(
        "At least one back-up copy is never connected to the internet, and it was checked within your interval for "
        "off-site copies."
    ),
    "backup.safe-keeping": _l(
        "It is chosen how each copy of your data is kept safe, and its keeper can be called. Not telling how many days "
        "you can go back with a copy asks for attention, and so does keeping the newest copy alone. It also asks for "
        "attention where nobody told how often a copy is made, whether what is in the cloud and the settings are in "
        "one, whether each can be deleted from your network, and who may."
    ),
    "backup.out-of-hours": _l(
        "It is told how and by whom the back-up is reached outside office hours, and this was tried within your "
        "interval for off-site copies."
    ),
    "backup.encrypted": _l(
        "Of each copy of your data it is told how it is encrypted and where the key is kept: not with the copy."
    ),
    "inventory.office-pcs": _l("Every office PC has a specification and a serial number."),
    "inventory.servers": _l("Every server has a specification and a serial number."),
    "inventory.backup-units": _signed_in(
        _l("Of every back-up unit, file or account it is told what it is and where it is.")
    ),
    "inventory.telephone-system": _l("The type of the telephone exchange is recorded and the handsets are counted."),
    "inventory.telephone-lines": _l("The lines are counted for calls, for fax and for the alarm; none is a count too."),
    "inventory.internet": _signed_in(_l("Every internet connection names its provider.")),
    "inventory.licences": _l(
        "Every licence has a supplier and either an expiry date or the mark that it is perpetual. "
        "A licence whose date has passed asks for attention."
    ),
    "inventory.ip-addresses": _l("Every record is a valid IPv4 or IPv6 address or network."),
    "inventory.mobile-phones": _l("Every mobile phone has a user, and a serial number or an IMEI."),
    "inventory.cloud-services": _signed_in(_l("Every cloud service has a supplier and an administrator.")),
    "inventory.tablets": _l("Every tablet has a user and a serial number."),
    "inventory.printers": _l("Of every printer, scanner, copier and fax it is told where it is."),
    "processes.department-heads": _l(
        "Every department has a head with a phone number. A head without a deputy asks for attention."
    ),
    "processes.personal-data": _l("One of your contacts answers for the safety of personal data."),
    "processes.systems-used": _l("Every department uses at least one system, or is marked as using none."),
    "processes.data-needed": _l("Every department needs at least one data set, or is marked as needing none."),
    "processes.priorities": _l(
        "Every system has a recovery priority and a recovery time objective (RTO). Equal priorities ask for attention, "
        "and so do times that its chain cannot keep or that a department cannot bear, a system of which nobody told "
        "how much work may be lost, and a back-up that is made less often than that allows."
    ),
    "runbook.team": _l("Each of the four seats of the calamity team is filled by somebody with a phone number."),
    "runbook.first-contact": _l("There is a first point of contact, and another person as deputy."),
    "runbook.external-voice": _l("It is told who speaks to the outside."),
    "runbook.informing": _l(
        "It is told who informs the staff, who the customers and who the media, and who informs each audience that you "
        "added. That nobody reports to the authorities asks for attention."
    ),
    "runbook.tasks-known": _l(
        "Every member of the team has a task and acknowledged it after it last changed, not longer ago than your "
        "interval for tasks. In the first two weeks after a change it asks for attention."
    ),
    "runbook.activation": _l(
        "It is told who decides that the plan is activated, and who is the deputy. Without a sign to decide by, or one "
        "that it is over, it asks for attention."
    ),
    "runbook.internal-officers": _l("At least one internal officer to call in is named."),
    "runbook.external-parties": _l(
        "An IT administrator, an insurer, a facility company and a lawyer are named, or left out with a reason."
    ),
    "runbook.external-phones": _l("Every external party has a valid phone number. You type nothing in here."),
    "runbook.fallback-location": _l(
        "The place or the online environment is named, and it is told what was agreed with its owner. What you do "
        "before you go back to normal asks for attention while it is not told."
    ),
    "runbook.reachability": _l(
        "It is told how calls are forwarded and how e-mail is reached from elsewhere. How the team reaches one another "
        "without both asks for attention while it is not told."
    ),
    "runbook.replacement-hardware": _l(
        "You chose between buying and hiring, and it is told what was agreed with which supplier."
    ),
    "runbook.recovery": _l(
        "Every system has a step that restores it. A step before what the system needs, or out of the order of the "
        "priorities, asks for attention. No lesson of a calamity or an exercise is open."
    ),
    "staff.policy": _l(
        "Every member of staff acknowledged the newest published instruction, and not longer ago than your interval "
        "for staff."
    ),
    **{item.id: _LINE for item in of_section(Section.STAFF) if item.id != "staff.policy"},
    "testing.sla": _l("The document and its supplier are named, and its expiry date has not passed."),
    "testing.weekend-call": _PASSED,
    "testing.supplier-expectations": _l("It was recorded within the last 12 months, or within your shorter interval."),
    "testing.costs": _l("An amount in euro was recorded within the last 12 months, or within your shorter interval."),
    "testing.fallback-work": _PASSED,
    "testing.restore": _l(
        "It was passed within the last 12 months, or within your shorter interval; each system was back within the "
        "hours you want."
    ),
    "testing.restore-new-systems": _l(
        "The last passed restore covered every system that came since the one before, and every system was covered "
        "at least once."
    ),
    "testing.ethical-hack": _DONE,
    "testing.phishing": _DONE,
    "testing.walk-in": _DONE,
    "testing.usb-drop": _DONE,
    "payments.unchecked-limit": _l("An amount in euro is filled in."),
    "payments.four-eyes": _l(
        "An amount in euro is filled in. An amount above what staff pay without a check asks for attention."
    ),
    "payments.address-book": _l("The question is answered, and an address book is set up at the bank."),
    "payments.unknown-account": _PROTOCOL,
    "payments.account-change": _l(
        "The protocol has been written down, and it says that the sender is called on a number you already know."
    ),
    "payments.email-order": _PROTOCOL,
    "upkeep.review": _l(
        "The plan was reviewed within your interval for reviews. An owner approved the version in use within your "
        "interval for approvals, and the plan still says what was approved. What the plan covers asks for attention "
        "while it is not told."
    ),
    "upkeep.business-change": _l("After every reported change in the business a version of the plan was published."),
    "upkeep.contacts": _l(
        "Every contact was confirmed within your interval for contacts. A company you call in that was not asks for "
        "attention; for the insurer and the lawyer an interval of their own counts."
    ),
    "upkeep.licences": _l("Every licence was confirmed within your interval for licences."),
    "upkeep.responsible": _l(
        "A member of the calamity team answers for the upkeep. That nobody reads warnings of authorities and suppliers "
        "asks for attention."
    ),
    "upkeep.tailored": _l("Something is entered at every item, or the item is left out with a reason."),
}
_SCHEME: Mapping[str, Any] = {
    "scheme.type": _l(
        "Somebody ticked that only this service is covered and listed the services that are not, since the services "
        "last changed."
    ),
    "scheme.framework-agreement": _l(
        "The framework agreement is signed by both, its fee is recorded, the document is stored, and it has not ended."
    ),
    "scheme.partner-chosen": _l(
        "The partner has a contact and a phone number, and the choice was looked at within your interval."
    ),
    "scheme.partner-informed": _l(
        "It is dated that the upstream supplier or partner knows the scheme, and who said within your interval that it "
        "is willing."
    ),
    "scheme.supply-agreement": _l(
        "The agreement with the upstream supplier or partner is signed by both, holds the promise of three months and "
        "the price, and has not ended."
    ),
    "scheme.beneficiary-deed": _l("A version of the deed is published, with its conditions."),
    "scheme.acceptances": _l(
        "Every client was invited, accepted the newest published deed by name, and meets its conditions."
    ),
    "scheme.documentation": _l(
        "Every required document was handed over, confirmed by the foundation, and is neither too old nor outdated. "
        "What is sealed is sealed to every officer whose key you compared."
    ),
    "scheme.logins": _l(
        "Every required login was handed over, confirmed by the foundation, and was not changed or due since. "
        "What is sealed is sealed to every officer whose key you compared."
    ),
    "scheme.other-information": _l(
        "All other required information was handed over, confirmed by the foundation, and is not too old. "
        "What is sealed is sealed to every officer whose key you compared."
    ),
    "scheme.communication": _l(
        "You, the foundation and the partner each have a contact with phone and e-mail, confirmed within your interval "
        "for contacts."
    ),
    "scheme.period": _l(
        "After a declaration of bankruptcy the period runs, three calendar months unless agreed otherwise. "
        "Before that there is nothing to do. Clients that ask are answered and delivered to within your interval, pay "
        "and do what they must on the days agreed, and have moved before the period ends."
    ),
    "scheme.funding": _l(
        "The monthly cost and every monthly fee are recorded. A shortfall of the clients that accepted asks for "
        "attention."
    ),
}
_OWN: Mapping[str, Any] = {
    "own.item": _l("Every question of your own has an answer, no older than you said it may be."),
}
EXPLAINED: Mapping[str, Any] = {
    **{code: _looked_at(told) if code in LOOKED else told for code, told in _PLAN.items()},
    **_OWN,
    **_SCHEME,
}
