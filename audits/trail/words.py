"""What things, their columns and what happened to them are called in the trail."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.findings.words import SUBJECT_LABELS
from audits.trail import (
    account_words,
    connection_words,
    deed_words,
    plan_words,
    reminder_words,
    request_words,
    room_words,
    scheme_words,
    sealing_words,
)
from plans.registers.columns import REGISTERS
from tenants.models import Capacity

# By table, beside those a rule judges.
KIND_LABELS: Mapping[str, Any] = MappingProxyType(
    {
        **SUBJECT_LABELS,
        **connection_words.KINDS,
        **deed_words.KINDS,
        **reminder_words.KINDS,
        **request_words.KINDS,
        **room_words.KINDS,
        **scheme_words.KINDS,
        **sealing_words.KINDS,
        **account_words.KINDS,
        **plan_words.KINDS,
        "audit_state": _l("Audit"),
        "evaluation": _l("Kept evaluation"),
        "kept_rows": _l("Kept rows"),
        "report": _l("Report"),
        "report_schedule": _l("Schedule of a report"),
        "schedule_person": _l("Who is told of a scheduled report"),
        "stored_file": _l("File"),
    }
)

# By column, whatever table it stands in. What is not here comes from the registers, or is called a detail.
_COLUMNS: Mapping[str, Any] = {
    **connection_words.COLUMNS,
    **deed_words.COLUMNS,
    **reminder_words.COLUMNS,
    **request_words.COLUMNS,
    **room_words.COLUMNS,
    **scheme_words.COLUMNS,
    **sealing_words.COLUMNS,
    **account_words.COLUMNS,
    **plan_words.COLUMNS,
    "accepted": _l("Accepted"),
    "kept_years": _l("Years that a past day can be told"),
    "accepted_as": _l("In which function"),
    "accepted_by": _l("Accepted by"),
    "accepted_on": _l("Accepted on"),
    "added_by": _l("Added by"),
    "address": _l("Address on the network"),
    "answered_by": _l("Answered by"),
    "answered_at": _l("Answered on"),
    "approved_at": _l("Approved on"),
    "approved_by": _l("Approved by"),
    "approved_on": _l("Approved on"),
    "archived_at": _l("Archived on"),
    "as_of": _l("As of"),
    "by": _l("By whom"),
    "cadence": _l("How often"),
    "schedule_id": _l("Schedule"),
    "added_by_id": _l("Added by"),
    "chosen_on": _l("Chosen on"),
    "by_link": _l("By themselves"),
    "closed_by": _l("Closed by"),
    "closed_on": _l("Closed on"),
    "closed_at": _l("Closed on"),
    "confirmed_by": _l("Confirmed by"),
    "confirmed_on": _l("Found right on"),
    "contact_id": _l("Contact"),
    "contact_name": _l("Contact person"),
    "continuity": _l("Continuity scheme"),
    "cost": _l("Cost"),
    "days": _l("Days"),
    "decided_at": _l("Decided on"),
    "decided_by": _l("Decided by"),
    "description": _l("Description"),
    "ended_at": _l("Ended on"),
    "ended_by": _l("Ended by"),
    "ended_on": _l("Ended on"),
    "ends_on": _l("Last day"),
    "file_id": _l("File"),
    "file_name": _l("File"),
    "happened_at": _l("Happened on"),
    "how": _l("How"),
    "kind": _l("Kind"),
    "kvk": _l("KvK number"),
    "label": _l("Name"),
    "made_at": _l("Made on"),
    "opened_at": _l("Opened on"),
    "name": _l("Name"),
    "new": _l("New records"),
    "number": _l("Sequence number"),
    "opened_on": _l("Opened on"),
    "outcome": _l("Outcome"),
    "owner": _l("Who keeps it up to date"),
    "owner_id": _l("Who does it"),
    "part": _l("Part"),
    "party": _l("With whom"),
    "party_id": _l("External party"),
    "place": _l("Where it is"),
    "plan": _l("Plan"),
    "proof": _l("Proof"),
    "proposed_by": _l("Proposed by"),
    "proposed_on": _l("Proposed on"),
    "published_by": _l("Published by"),
    "published_on": _l("Published on"),
    "reason": _l("Reason"),
    "reference": _l("Number or reference"),
    "revoked_at": _l("Revoked on"),
    "names_at": _l("Moment it tells of"),
    "recorded_at": _l("Written down on"),
    "recorded_by": _l("Recorded by"),
    "reported_by": _l("Reported by"),
    "reported_on": _l("Reported on"),
    "rsin": _l("RSIN"),
    "sent_by": _l("Sent by"),
    "secret": _l("Secret"),
    "sent_at": _l("Sent on"),
    "row_id": _l("About"),
    "title": _l("Title"),
    "help": _l("Explanation"),
    "added_on": _l("Added on"),
    "starts_on": _l("First day"),
    "subject_id": _l("About"),
    "state": _l("State"),
    "status": _l("Answer given"),
    "text": _l("Text"),
    "topic": _l("What is asked"),
    "until": _l("Until"),
    "uploaded_by": _l("Uploaded by"),
    "values": _l("Answers"),
    "vat": _l("VAT number"),
    "wanted": _l("What was asked"),
    "what": _l("What changed"),
    "withdrawn_at": _l("Withdrawn on"),
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
        "token": _l("Program with a token"),
        "stranger": _l("Stranger"),
    }
)

# What happened, where it is more than a changed row. The placeholders who and name are always there.
EVENT_TEXTS: Mapping[str, Any] = MappingProxyType(
    {
        **deed_words.EVENTS,
        **request_words.EVENTS,
        **room_words.EVENTS,
        **scheme_words.EVENTS,
        **sealing_words.EVENTS,
        **account_words.EVENTS,
        **plan_words.EVENTS,
        "audit.asked": _l("%(who)s asked for a new judgement"),
        "data.exported": _l("%(who)s downloaded everything of the organisation"),
        "document.downloaded": _l("%(who)s downloaded the file “%(name)s”"),
        "link.opened": _l("%(who)s opened a personal link"),
        "evaluations.removed": _l("%(who)s removed how days stood that are older than you keep"),
        "tellings.removed": _l("%(who)s removed what webhooks were told long ago"),
        "report.broken_off": _l("%(who)s broke off the download of “%(name)s”, or it failed"),
        "report.asked": _l("%(who)s asked for the report “%(name)s”"),
        "report.exported": _l("%(who)s downloaded the report “%(name)s”"),
        "report.file_removed": _l("%(who)s removed the file of the report “%(name)s”, made long ago"),
        "report.made": _l("%(who)s made the report “%(name)s” that was asked for"),
        "report.refused": _l("%(who)s made no report: the right to it had ended"),
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
