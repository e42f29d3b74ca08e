"""Tables of the continuity scheme."""

from continuity.models.certificates import CertificateToken, CoverCertificate
from continuity.models.clients import (
    Acceptance,
    Addressee,
    Authority,
    Client,
    ConditionCheck,
    DeedState,
    DeedVersion,
)
from continuity.models.declarations import CoverClaim, Declaration, DeclarationKind, DeedInvitation
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
from continuity.models.openings import HandoverOpening, OpeningGround, OpeningState
from continuity.models.registrations import (
    Agreement,
    AgreementKind,
    Counterparty,
    FeeEvery,
    NoticeUnit,
    Registration,
    SchemeContact,
    SchemeParty,
    SchemeState,
    SchemeType,
)
from continuity.models.steps import By, CaseStage, SchemeStep, TriggerCase, TriggerKind, TriggerProof, TriggerSetting
from continuity.models.upkeep import CheckKind, HandoverCheck, SupplierReminder

__all__ = [
    "Acceptance",
    "Addressee",
    "Agreement",
    "AgreementKind",
    "Authority",
    "By",
    "CaseStage",
    "CertificateToken",
    "ChangeKind",
    "CheckKind",
    "Client",
    "ConditionCheck",
    "Counterparty",
    "CoverCertificate",
    "CoverClaim",
    "Declaration",
    "DeclarationKind",
    "DeedInvitation",
    "DeedState",
    "DeedVersion",
    "DeliveryWay",
    "FeeEvery",
    "HandoverCheck",
    "HandoverDelivery",
    "HandoverItem",
    "HandoverKind",
    "HandoverOpening",
    "HandoverProof",
    "KeyState",
    "NoticeUnit",
    "OfficerKey",
    "OpeningGround",
    "OpeningState",
    "ProofKind",
    "Registration",
    "SchemeContact",
    "SchemeParty",
    "SchemeState",
    "SchemeStep",
    "SchemeType",
    "SealedTo",
    "SupplierReminder",
    "TriggerCase",
    "TriggerKind",
    "TriggerProof",
    "TriggerSetting",
    "TrustedKey",
]
