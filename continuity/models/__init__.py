"""Tables of the continuity scheme."""

from continuity.models.certificates import CertificateToken, CoverCertificate
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

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementKind",
    "By",
    "CaseStage",
    "CertificateToken",
    "ChangeKind",
    "Client",
    "Counterparty",
    "CoverCertificate",
    "DeedVersion",
    "DeliveryWay",
    "FeeEvery",
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
    "TriggerCase",
    "TriggerKind",
    "TriggerProof",
    "TriggerSetting",
    "TrustedKey",
]
