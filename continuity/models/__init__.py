"""Tables of the continuity scheme."""

from continuity.models.clients import Acceptance, Client, DeedVersion
from continuity.models.handovers import HandoverDelivery, HandoverItem, HandoverKind
from continuity.models.registrations import (
    Agreement,
    AgreementKind,
    Counterparty,
    Registration,
    SchemeContact,
    SchemeParty,
    SchemeType,
)

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementKind",
    "Client",
    "Counterparty",
    "DeedVersion",
    "HandoverDelivery",
    "HandoverItem",
    "HandoverKind",
    "Registration",
    "SchemeContact",
    "SchemeParty",
    "SchemeType",
]
