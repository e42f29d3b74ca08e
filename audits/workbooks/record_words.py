"""What the choices of the plan and the scheme are called; a test holds that no choice that is kept lacks its word."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.trail.words import kind_label
from continuity.acceptance.words import ADDRESSEE_LABELS, AUTHORITY_LABELS, DECLARATION_LABELS
from continuity.deed import states as deeds
from continuity.handovers.forms import CHANGE_LABELS as HANDOVER_CHANGES
from continuity.models import (
    CaseStage,
    ChangeStage,
    CheckKind,
    DeliveryWay,
    KeyState,
    NoticeStage,
    ProofKind,
)
from continuity.openings import states as openings
from continuity.registrants.said import PART_LABELS
from continuity.registrants.state_forms import PROOF_LABELS
from continuity.registrations import states as schemes
from continuity.registrations.words import KIND_LABELS as TRIGGER_LABELS
from continuity.requests import states as requests
from continuity.scheme import (
    AGREEMENT_LABELS,
    FEE_LABELS,
    HANDOVER_LABELS,
    NOTICE_LABELS,
    PARTY_LABELS,
    TYPE_LABELS,
)
from plans.backup.forms import CLOUD_LABELS, MADE_LABELS, SIGHTED_LABELS
from plans.calamity.telling import ENTRY_LABELS
from plans.calamity.telling import KIND_LABELS as ALARM_LABELS
from plans.handbook import SECTION_TITLES
from plans.keeping import HOLDS_LABELS, KEEPING_LABELS
from plans.models import LineKind, ProposalState, WaiverState
from plans.own_items.kinds import KIND_LABELS as OWN_LABELS
from plans.registers.columns import REGISTERS
from plans.testing.forms import OUTCOME_LABELS
from plans.testing.programme_forms import SAMPLE_LABELS
from plans.upkeep.touched import CHANGE_LABELS
from tenants.personal_links.matters import TOPIC_LABELS

# What no page names but here; those of other modules follow. Pairs: choices of different kinds may be spelled alike.
_OWN: tuple[tuple[Enum, Any], ...] = (
    (ChangeStage.MADE, _l("Counted at once")),
    (ChangeStage.HELD, _l("Waits for the foundation")),
    (ChangeStage.TAKEN, _l("Taken over")),
    (ChangeStage.LEFT, _l("Not taken over")),
    (ChangeStage.LET_THROUGH, _l("Counts: it was a false alarm")),
    (CaseStage.SIGNAL, _l("A signal, kept in mind")),
    (CaseStage.FILED, _l("Proof filed, waits for a second officer")),
    (CaseStage.ACTIVATED, _l("Approved by two officers")),
    (CaseStage.REFUSED, _l("Refused")),
    (CaseStage.ALARM_ASKED, _l("Said to be a false alarm, waits for a second officer")),
    (CaseStage.FALSE_ALARM, _l("A false alarm")),
    (CaseStage.CLOSED, _l("Closed")),
    (ProposalState.IN_REVIEW, _l("In review")),
    (ProposalState.APPROVED, _l("Approved, not yet in use")),
    (ProposalState.RETURNED, _l("Back to draft")),
    (ProposalState.IN_USE, _l("In use")),
    (WaiverState.PROPOSED, _l("Waits for an owner")),
    (WaiverState.APPROVED, _l("Approved")),
    (WaiverState.REFUSED, _l("Refused")),
    (WaiverState.WITHDRAWN, _l("Withdrawn")),
    (NoticeStage.GIVEN, _l("The end is announced")),
    (NoticeStage.TAKEN_BACK, _l("Taken back: the scheme goes on")),
    (NoticeStage.ENDED, _l("The scheme has ended")),
    (CheckKind.COMPLETE, _l("It is complete")),
    (CheckKind.READABLE, _l("It can be read")),
    (CheckKind.KEY_FITS, _l("The key fits")),
    (ProofKind.LOGIN, _l("Signed in with it")),
    (ProofKind.TAKEOVER, _l("Took the service over in an exercise")),
    (DeliveryWay.SEALED, _l("Sealed to two officers together")),
    (DeliveryWay.STORED, _l("Kept here as a file")),
    (DeliveryWay.OUTSIDE, _l("Handed over outside Waarborg")),
    (KeyState.PENDING, _l("Not proved yet")),
    (KeyState.ACTIVE, _l("In use")),
    (KeyState.RETIRED, _l("Out of use")),
    (KeyState.LOST, _l("Lost")),
)
_MAPPINGS: tuple[Mapping[Any, Any], ...] = (
    ADDRESSEE_LABELS,
    AGREEMENT_LABELS,
    ALARM_LABELS,
    AUTHORITY_LABELS,
    CHANGE_LABELS,
    CLOUD_LABELS,
    DECLARATION_LABELS,
    deeds.STATE_LABELS,
    ENTRY_LABELS,
    FEE_LABELS,
    HANDOVER_CHANGES,
    HANDOVER_LABELS,
    HOLDS_LABELS,
    KEEPING_LABELS,
    MADE_LABELS,
    NOTICE_LABELS,
    openings.GROUND_LABELS,
    openings.STATE_LABELS,
    OUTCOME_LABELS,
    OWN_LABELS,
    PARTY_LABELS,
    PART_LABELS,
    PROOF_LABELS,
    requests.ASKED_LABELS,
    requests.CAME_IN_LABELS,
    requests.ROLE_LABELS,
    requests.STATE_LABELS,
    SAMPLE_LABELS,
    schemes.ROLE_LABELS,
    schemes.STATE_LABELS,
    SECTION_TITLES,
    SIGHTED_LABELS,
    TOPIC_LABELS,
    TRIGGER_LABELS,
    TYPE_LABELS,
)
_PAIRS: tuple[tuple[Any, Any], ...] = (
    *_OWN,
    *(pair for told in _MAPPINGS for pair in told.items()),
    *((register.asset_kind, register.title) for register in REGISTERS if register.asset_kind is not None),
    *((one.value, one.label) for register in REGISTERS for each in register.columns for one in each.choices),
)
_WORDS: Mapping[tuple[type, str], Any] = MappingProxyType({(type(one), one.value): label for one, label in _PAIRS})


def word(choice: Enum) -> str:
    """Return what a choice is called in the reader's language; its code where nobody gave it a word."""
    if isinstance(choice, LineKind):
        return kind_label(choice.value)
    return str(_WORDS.get((type(choice), choice.value), choice.value))


def has_word(choice: Enum) -> bool:
    """Tell whether a choice has a word."""
    return isinstance(choice, LineKind) or (type(choice), choice.value) in _WORDS
