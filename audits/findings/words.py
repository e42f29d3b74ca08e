"""What severities, states and objects are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.judging.severity import Severity

SEVERITY_LABELS: Mapping[Severity, Any] = MappingProxyType(
    {Severity.FAULT: _l("Fault"), Severity.WARNING: _l("Warning"), Severity.NOTICE: _l("Notice")}
)
# By the table an object stands in.
SUBJECT_LABELS: Mapping[str, Any] = MappingProxyType(
    {
        "plan": _l("Plan"),
        "asset": _l("Inventory record"),
        "contact": _l("Contact"),
        "external_party": _l("External party"),
        "department": _l("Department"),
        "system": _l("System"),
        "data_set": _l("Data set"),
        "assignment": _l("Seat"),
        "test_result": _l("Test result"),
        "backup_copy": _l("Back-up copy"),
        "planned_test": _l("Planned test"),
        "follow_up": _l("Follow-up"),
        "lesson": _l("Lesson"),
        "recovery_step": _l("Recovery step"),
        "audience": _l("Audience"),
        "business_change": _l("Business change"),
        "own_item": _l("Own question"),
        "instruction_version": _l("Staff instruction"),
        "registration": _l("Registration"),
        "agreement": _l("Agreement"),
        "counterparty": _l("Counterparty"),
        "scheme_contact": _l("Scheme contact"),
        "deed_version": _l("Beneficiary deed"),
        "client": _l("Client"),
        "acceptance": _l("Acceptance"),
        "client_request": _l("Request of a client"),
        "exit_task": _l("Task before the end"),
        "handover_item": _l("Handover"),
        "trusted_key": _l("Copy of an officer's public key"),
    }
)


def called(label: str, kind: str) -> str:
    """Return what people call an object, else what kind of thing it is; "" for the plan as a whole."""
    return label or ("" if kind == "plan" else subject_label(kind))


def subject_label(kind: str) -> str:
    """Return what an object of the table `kind` is called. Raises KeyError for a table no rule judges."""
    return str(SUBJECT_LABELS[kind])
