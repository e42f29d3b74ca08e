"""What things, their columns and what happened to them are called in the trail."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.words import SUBJECT_LABELS
from plans.registers.columns import REGISTERS
from tenants.models import Capacity

# By table, beside those a rule judges.
KIND_LABELS: Mapping[str, Any] = MappingProxyType(
    {
        **SUBJECT_LABELS,
        "account": _l("Account"),
        "answer": _l("Answer"),
        "audit_state": _l("Audit"),
        "client_invitation": _l("Invitation of a client"),
        "department_data_set": _l("Department and data set"),
        "department_system": _l("Department and system"),
        "engagement": _l("Engagement of an auditor"),
        "handover_delivery": _l("Delivery"),
        "import_batch": _l("Uploaded file"),
        "import_sheet": _l("Imported sheet"),
        "instruction_receipt": _l("Receipt of the staff instruction"),
        "interval_setting": _l("Interval"),
        "invitation": _l("Invitation"),
        "management_grant": _l("Access of a reseller"),
        "membership": _l("Member"),
        "activation_sign": _l("Sign"),
        "audience": _l("Audience"),
        "plan_link": _l("Personal link"),
        "kit_copy": _l("Copy of the offline kit"),
        "paper": _l("Plan on paper"),
        "plan_version": _l("Version of the plan"),
        "recovery_step_need": _l("Order of recovery steps"),
        "report": _l("Workbook"),
        "sign_on_provider": _l("Sign-in provider"),
        "stored_file": _l("File"),
        "system_need": _l("Need of a system"),
        "tenant": _l("Organisation"),
        "test_result_system": _l("Test result and system"),
        "waiver": _l("Exception"),
    }
)

# By column, whatever table it stands in. What is not here comes from the registers, or is called a detail.
_COLUMNS: Mapping[str, Any] = {
    "accepted_as": _l("In which function"),
    "accepted_at": _l("Accepted on"),
    "accepted_by": _l("Accepted by"),
    "accepted_on": _l("Accepted on"),
    "acknowledged_on": _l("Acknowledged on"),
    "acquired_on": _l("Acquired on"),
    "address": _l("Address on the network"),
    "answered_by": _l("Answered by"),
    "answered_at": _l("Answered on"),
    "answered_on": _l("Answered on"),
    "archived_at": _l("Archived on"),
    "as_of": _l("As of"),
    "auditor_id": _l("Auditor"),
    "changed_on": _l("Changed on"),
    "chosen_on": _l("Chosen on"),
    "by_link": _l("By themselves"),
    "client_id": _l("Client"),
    "conditions": _l("Conditions"),
    "conditions_met_on": _l("All conditions met on"),
    "confirmed_by": _l("Confirmed by"),
    "confirmed_on": _l("Found right on"),
    "contact_id": _l("Contact"),
    "contact_name": _l("Contact person"),
    "continuity": _l("Continuity scheme"),
    "cost": _l("Cost"),
    "data_set_id": _l("Data set"),
    "days": _l("Days"),
    "declared_bankrupt_on": _l("Declared bankrupt on"),
    "declared_on": _l("Declared bankrupt on"),
    "delivered_by": _l("Delivered by"),
    "delivered_on": _l("Handed over on"),
    "delivers_on": _l("Holds the promise to deliver"),
    "department_id": _l("Department"),
    "deputy_id": _l("Deputy"),
    "description": _l("Description"),
    "done_by": _l("Done by"),
    "done_on": _l("Done on"),
    "duration_months": _l("Months of continuity"),
    "email": _l("E-mail address"),
    "ended_at": _l("Ended on"),
    "ended_by": _l("Ended by"),
    "ended_on": _l("Ended on"),
    "ends_at": _l("Until"),
    "ends_on": _l("Last day"),
    "expires_on": _l("Valid until"),
    "fee": _l("Fee or price a month"),
    "fingerprint": _l("Fingerprint"),
    "file_name": _l("File"),
    "first_signed_on": _l("Signed by the first party on"),
    "foundation_id": _l("Foundation"),
    "given_by": _l("Given by"),
    "handover_item_id": _l("Handover"),
    "head_id": _l("Head of department"),
    "how": _l("How"),
    "invited_by": _l("Invited by"),
    "invited_on": _l("Invited on"),
    "item_id": _l("Item"),
    "keeper_id": _l("Who keeps it"),
    "kept_on": _l("There since"),
    "kind": _l("Kind"),
    "knows_on": _l("Knows the scheme since"),
    "kvk": _l("KvK number"),
    "label": _l("Name"),
    "language": _l("Language"),
    "level": _l("How far it reaches"),
    "line_use": _l("Used for"),
    "manager_id": _l("Reseller"),
    "max_age_days": _l("How many days old a delivery may get"),
    "minutes": _l("Minutes"),
    "medium": _l("On which medium"),
    "monthly_cost": _l("Cost a month"),
    "monthly_fee": _l("Fee a month"),
    "name": _l("Name"),
    "needed_id": _l("Needs"),
    "needed_system_id": _l("Needs the system"),
    "new": _l("New records"),
    "notice_on": _l("Last day to give notice"),
    "number": _l("Number"),
    "outcome": _l("Outcome"),
    "owner": _l("Who keeps it up to date"),
    "part": _l("Part"),
    "party": _l("With whom"),
    "party_id": _l("External party"),
    "paper_id": _l("Plan on paper"),
    "place": _l("Where it is"),
    "plan": _l("Plan"),
    "portfolio_changed_on": _l("Your services last changed on"),
    "position": _l("Place in the order"),
    "proof": _l("Proof"),
    "published_by": _l("Published by"),
    "published_on": _l("Published on"),
    "quantity": _l("Number"),
    "reason": _l("Reason"),
    "reference": _l("Number or reference"),
    "revoked_at": _l("Revoked on"),
    "recorded_by": _l("Recorded by"),
    "registration_id": _l("Registration"),
    "reported_by": _l("Reported by"),
    "reported_on": _l("Reported on"),
    "required": _l("Required"),
    "role": _l("Role"),
    "rpo_hours": _l("Data that may be lost, in hours"),
    "rto_hours": _l("Time to be back, in hours"),
    "rsin": _l("RSIN"),
    "scheme_type": _l("Kind of scheme"),
    "scope_understood_on": _l("Scope understood on"),
    "sent_by": _l("Sent by"),
    "sent_at": _l("Sent on"),
    "second_signed_on": _l("Signed by the second party on"),
    "service": _l("For which part of the service"),
    "service_name": _l("Name of the service"),
    "sheet": _l("Sheet"),
    "signed_on": _l("Signed with the foundation on"),
    "specification": _l("Specification"),
    "starts_at": _l("From"),
    "starts_on": _l("First day"),
    "subject_id": _l("About"),
    "state": _l("State"),
    "step_id": _l("Recovery step"),
    "status": _l("Answer given"),
    "supplier_id": _l("Supplier"),
    "system_id": _l("System"),
    "task": _l("Task"),
    "test_result_id": _l("Test result"),
    "text": _l("Text"),
    "topic": _l("What is asked"),
    "translation": _l("Text in the other language"),
    "uncovered_services": _l("Your services that are not covered"),
    "until": _l("Until"),
    "uploaded_by": _l("Uploaded by"),
    "user_id": _l("Person"),
    "values": _l("Answers"),
    "vat": _l("VAT number"),
    "wanted": _l("What was asked"),
    "what": _l("What changed"),
    "willing_by": _l("Who declared it"),
    "willing_on": _l("Declared to be willing on"),
    "withdrawn_at": _l("Withdrawn on"),
    "zone": _l("Time zone"),
}
_SHOWN = {column.name: column for register in REGISTERS for column in register.columns}
COLUMN_LABELS: Mapping[str, Any] = MappingProxyType({name: one.label for name, one in _SHOWN.items()} | dict(_COLUMNS))
# Their values are shown to nobody here, old or new.
HIDDEN = frozenset(name for name, column in _SHOWN.items() if column.secret)

ROLE_LABELS: Mapping[str, Any] = MappingProxyType(
    {
        Capacity.OWNER.value: _l("Owner"),
        Capacity.EDITOR.value: _l("Editor"),
        Capacity.READER.value: _l("Reader"),
        Capacity.MANAGER_EDIT.value: _l("Reseller, may change"),
        Capacity.MANAGER_VIEW.value: _l("Reseller, may look"),
        Capacity.AUDITOR.value: _l("Auditor"),
        Capacity.OPERATOR.value: _l("Operator"),
        "member": _l("Member"),
        "service": _l("The service itself"),
        "recipient": _l("By a personal link"),
        "stranger": _l("Stranger"),
    }
)

# What happened, where it is more than a changed row. The placeholders who and name are always there.
EVENT_TEXTS: Mapping[str, Any] = MappingProxyType(
    {
        "access.denied": _l("%(who)s was refused"),
        "account.disabled": _l("%(who)s: the account was closed off"),
        "account.enabled": _l("%(who)s: the account was opened again"),
        "account.made": _l("%(who)s made an account"),
        "audit.asked": _l("%(who)s asked for a new judgement"),
        "bankruptcy.declared": _l("%(who)s recorded a bankruptcy"),
        "bankruptcy.withdrawn": _l("%(who)s took the record of a bankruptcy back"),
        "data.exported": _l("%(who)s downloaded everything of the organisation"),
        "deed.published": _l("%(who)s published a beneficiary deed"),
        "document.downloaded": _l("%(who)s downloaded the file “%(name)s”"),
        "email.changed": _l("%(who)s changed the e-mail address they sign in with"),
        "factor.added": _l("%(who)s added a second factor"),
        "factor.removed": _l("%(who)s removed a second factor"),
        "factor.reset": _l("%(who)s: the second factors were reset"),
        "handover.confirmed": _l("%(who)s confirmed a delivery"),
        "import.applied": _l("%(who)s imported a sheet"),
        "instruction.published": _l("%(who)s published the staff instruction"),
        "instruction.sent": _l("%(who)s sent the staff instruction"),
        "invitation.accepted": _l("%(who)s accepted an invitation"),
        "kit.downloaded": _l("%(who)s downloaded the offline kit"),
        "keys.rotated": _l("%(who)s finished the change of the data key"),
        "keys.rotation_begun": _l("%(who)s began to change the data key"),
        "link.opened": _l("%(who)s opened a personal link"),
        "organisation.changed": _l("%(who)s changed the organisation"),
        "organisation.left": _l("%(who)s ended the use of Waarborg"),
        "paper.printed": _l("%(who)s downloaded the plan as PDF"),
        "paper.withdrawn": _l("%(who)s withdrew a paper"),
        "password.changed": _l("%(who)s changed their password"),
        "plan.published": _l("%(who)s published the plan"),
        "recovery_codes.renewed": _l("%(who)s made new recovery codes"),
        "report.exported": _l("%(who)s downloaded a workbook"),
        "role.changed": _l("%(who)s changed the role of a member"),
        "session.ended": _l("%(who)s ended sessions"),
        "sign_in": _l("%(who)s signed in"),
        "sign_in.failed": _l("Somebody tried to sign in as %(who)s, and failed"),
        "sign_out": _l("%(who)s signed out"),
        "step_up": _l("%(who)s proved who they are once more"),
        "step_up.failed": _l("%(who)s tried to prove who they are, and failed"),
        "trail.erased": _l("%(who)s erased personal data from earlier lines"),
        "trail.exported": _l("%(who)s downloaded the trail"),
    }
)


def kind_label(kind: str) -> str:
    """Return what things of the table `kind` are called."""
    found = KIND_LABELS.get(kind)
    return kind if found is None else str(found)


def column_label(name: str) -> str:
    """Return what the column `name` is called."""
    found = COLUMN_LABELS.get(name)
    return str(_l("Detail")) if found is None else str(found)


def role_label(role: str) -> str:
    """Return what a role is called."""
    found = ROLE_LABELS.get(role)
    return role if found is None else str(found)
