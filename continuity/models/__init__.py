"""Tables of the continuity scheme."""

from continuity.models.clients import Acceptance, Client, DeedVersion
from continuity.models.handovers import (
    ChangeKind,
    DeliveryWay,
    HandoverDelivery,
    HandoverItem,
    HandoverKind,
    HandoverProof,
    ProofKind,
    SealedTo,
)
from continuity.models.officers import KeyState, OfficerKey, TrustedKey
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
    "ChangeKind",
    "Client",
    "Counterparty",
    "DeedVersion",
    "DeliveryWay",
    "HandoverDelivery",
    "HandoverItem",
    "HandoverKind",
    "HandoverProof",
    "KeyState",
    "OfficerKey",
    "ProofKind",
    "Registration",
    "SchemeContact",
    "SchemeParty",
    "SchemeType",
    "SealedTo",
    "TrustedKey",
]
