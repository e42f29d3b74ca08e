"""Which rows the arguments of an address name: a route with an argument that is not told here fails the build."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from audits.made.models import MadeReport, ReportSchedule
from audits.paper.models import KitCopy, Paper, PaperKind
from audits.room.models import EvidenceFile, EvidenceRequest
from audits.webhooks.models import Webhook
from continuity.models import (
    Agreement,
    Client,
    ClientChange,
    ClientRequest,
    CoverCertificate,
    CoverClaim,
    Declaration,
    DeedVersion,
    ExitTask,
    HandoverDelivery,
    HandoverItem,
    HandoverOpening,
    OfficerKey,
    Registration,
    SchemeChange,
)
from core import db
from plans.importing.models import ImportBatch
from plans.models import (
    ActivationSign,
    Audience,
    BusinessChange,
    Calamity,
    Contact,
    Correction,
    Department,
    InstructionVersion,
    Lesson,
    PlanProposal,
    RecoveryStep,
    System,
    TestResult,
    Waiver,
)
from plans.models.backup import BackupCopy, CopySighting
from plans.models.own import OwnItem
from plans.models.testing import FollowUp, PlannedTest, TestEvidence
from plans.registers.undo.models import RegisterChange
from tenants.models import (
    ApiToken,
    ClientInvitation,
    ClientList,
    Engagement,
    Invitation,
    ManagementGrant,
    Membership,
    PlanLink,
)
from tenants.owned import TenantOwned
from tenants.scope import scoped, whole
from tests.access.world import Place, World

Values = Mapping[str, object]
# The organisation's own objects, by the name of the argument.
NAMED: Mapping[str, type[TenantOwned]] = {
    "registration_id": Registration,
    "agreement_id": Agreement,
    "client_id": Client,
    "deed_id": DeedVersion,
    "declaration_id": Declaration,
    "claim_id": CoverClaim,
    "item_id": HandoverItem,
    "delivery_id": HandoverDelivery,
    "key_id": OfficerKey,
    "opening_id": HandoverOpening,
    "certificate_id": CoverCertificate,
    "contact_id": Contact,
    "waiver_id": Waiver,
    "own_id": OwnItem,
    "step_id": RecoveryStep,
    "batch_id": ImportBatch,
    "change_id": RegisterChange,
    "membership_id": Membership,
    "invitation_id": Invitation,
    "engagement_id": Engagement,
    "paper_id": Paper,
    "copy_id": KitCopy,
    "backup_id": BackupCopy,
    "sighting_id": CopySighting,
    "planned_id": PlannedTest,
    "result_id": TestResult,
    "evidence_id": TestEvidence,
    "follow_up_id": FollowUp,
    "link_id": PlanLink,
    "sign_id": ActivationSign,
    "audience_id": Audience,
    "instruction_id": InstructionVersion,
    "way_id": PlanProposal,
    "calamity_id": Calamity,
    "lesson_id": Lesson,
    "reported_id": BusinessChange,
    "correction_id": Correction,
    "grant_id": ManagementGrant,
    "list_id": ClientList,
    "client_invitation_id": ClientInvitation,
    "request_id": EvidenceRequest,
    "client_request_id": ClientRequest,
    "held_id": ClientChange,
    "held_part_id": SchemeChange,
    "task_id": ExitTask,
    "file_id": EvidenceFile,
    "token_id": ApiToken,
    "webhook_id": Webhook,
    "report_id": MadeReport,
    "schedule_id": ReportSchedule,
}
# What an argument may say besides: words of the address, not objects.
WORDS: Mapping[str, object] = {
    "register": "contacts",
    "column": "job_title",
    "seat": "it-admin",
    "direction": "up",
    "whom": "contact",
    "verdict": "accept",
    "decision": "accept",
    "sighted": "there",
    "way": "away",
    "about": "log",
    "position": 0,
    "client": "home",
    "starter": "garage",
    "token": "unknown",
}
# Arguments that mean something else on one page.
ON_PAGE: Mapping[tuple[str, str], object] = {
    ("continuity.register_step", "step"): "scope",
    ("continuity.deed_close", "step"): "end",
    ("continuity.client_ask", "step"): "send",
    ("continuity.declaration_file", "part"): "receipt",
    ("continuity.contact_edit", "name"): "company",
    ("foundation.request_step", "name"): "fee",
    ("continuity.archive", "name"): "agreements",
    ("continuity.restore", "name"): "agreements",
    ("plans.take_back", "part"): "payments",
    ("plans.take_back_now", "part"): "payments",
    ("plans.own_edit", "section"): "runbook",
    ("plans.own_change", "section"): "runbook",
    ("plans.own_end", "section"): "runbook",
    ("plans.own_again", "section"): "runbook",
    ("plans.put_away", "kind"): "result",
    ("plans.put_back", "kind"): "result",
    ("calamity.activate", "kind"): "real",
    ("plans.add_result", "section"): "testing",
    ("plans.add_result", "name"): "restore",
}
ROW_OF: Mapping[str, type[TenantOwned]] = {
    "continuity.archive": Agreement,
    "continuity.restore": Agreement,
    "plans.put_away": TestResult,
    "plans.put_back": TestResult,
    "registers": Contact,
    "registers.system_needs": System,
    "registers.save_system_needs": System,
    "registers.impact": Department,
    "registers.save_impact": Department,
}
"""Rows that an argument `row_id` names, by endpoint or blueprint."""
ITEM = {"section": "backup", "name": "offsite-data"}


class UnknownArgument(LookupError):
    """A route has an argument of which the tests do not know what it names."""


@dataclass(frozen=True, slots=True)
class Way:
    """One route with the arguments that name an organisation's own objects. names_rows: some argument is a key."""

    endpoint: str
    path: str
    methods: frozenset[str]
    names_rows: bool


Find = Callable[[type[TenantOwned], Values], UUID | None]


def ways(app: Flask, address: Place, world: World, *, foreign: bool = False, rows_of: Place | None = None) -> list[Way]:
    """Return every route of the organisation `address`, its arguments naming its own objects.

    foreign: they name those of its double instead; rows_of: those of this organisation instead.
    Raises UnknownArgument when a route has an argument that NAMED, WORDS and ON_PAGE do not tell.
    """
    found = []
    for reach, side in ((False, address), (True, world.supplier)):
        owner = rows_of or (world.double_of(side) if foreign else side)
        with app.test_request_context(), scoped(whole(owner.id), writes=False):
            rules = (rule for rule in app.url_map.iter_rules() if "slug" in rule.arguments)
            found += [_way(app, rule, address) for rule in rules if _reaches_out(rule) == reach]
    return sorted(found, key=lambda way: (way.endpoint, way.path))


def _reaches_out(rule: Rule) -> bool:
    """Tell whether the objects of this page belong to a registrant, not to the foundation in the address."""
    return str(rule.endpoint).startswith("foundation.")


def _way(app: Flask, rule: Rule, address: Place) -> Way:
    values: dict[str, object] = {"slug": address.slug}
    # A registration first: the objects below it have to be its own.
    for name in sorted(rule.arguments - {"slug"}, key=lambda one: one != "registration_id"):
        values[name] = _value(rule.endpoint, name, values)
    adapter = app.url_map.bind("localhost")
    methods = frozenset((rule.methods or set()) - {"HEAD", "OPTIONS"})
    path = adapter.build(rule.endpoint, values, method=sorted(methods)[0])
    return Way(rule.endpoint, path, methods, any(isinstance(value, UUID) for value in values.values()))


def _value(endpoint: str, name: str, values: Values) -> object:
    if (endpoint, name) in ON_PAGE:
        return ON_PAGE[endpoint, name]
    if name in NAMED:
        return _row(NAMED[name], values, endpoint)
    if name == "row_id":
        return _row(ROW_OF.get(endpoint) or ROW_OF[endpoint.partition(".")[0]], values, endpoint)
    if name in WORDS:
        return WORDS[name]
    if name in ITEM and endpoint.startswith("plans."):
        return ITEM[name]
    raise UnknownArgument(f"{endpoint}: tell in tests/access/objects.py what {name!r} names")


# Of some kinds not every row has each of its pages: no file, no photo, ended.
WITH_ALL: Mapping[type[TenantOwned], Callable[[], sa.ColumnElement[bool]]] = {
    Agreement: lambda: Agreement.file_sha256 != "",
    Engagement: lambda: Engagement.id.in_(sa.select(EvidenceRequest.engagement_id)),
    ManagementGrant: lambda: ManagementGrant.ends_at.is_(None),
    BackupCopy: lambda: BackupCopy.id.in_(sa.select(CopySighting.copy_id).where(CopySighting.photo_id.is_not(None))),
    CopySighting: lambda: CopySighting.photo_id.is_not(None),
    FollowUp: lambda: FollowUp.closed_on.is_(None),
    TestResult: lambda: TestResult.id.in_(sa.select(TestEvidence.test_result_id)),
    Paper: lambda: Paper.kind == PaperKind.KIT,
    Client: lambda: Client.id.in_(sa.select(CoverCertificate.client_id)),
}


def _row(model: type[TenantOwned], values: Values, endpoint: str) -> UUID:
    """Return the key of a row; below a registration, one that belongs to it when it can."""
    query: sa.Select[UUID] = sa.select(model.id).order_by(model.id)
    if "registration_id" in values and hasattr(model, "registration_id"):
        query = query.where(model.registration_id == values["registration_id"])
    if model in WITH_ALL:
        query = query.where(WITH_ALL[model]())
    if model is HandoverItem and "delivery_id" in values:
        query = query.where(
            HandoverItem.id.in_(
                sa.select(HandoverDelivery.handover_item_id).where(HandoverDelivery.id == values["delivery_id"])
            )
        )
    if model is Registration:
        query = _registration_with_everything()
    found = db.session().scalars(query.limit(1)).first()
    if found is None:
        raise UnknownArgument(f"{endpoint}: the world of tests/access has no {model.__name__}")
    return found


def _registration_with_everything() -> sa.Select[UUID]:
    """Choose a registration below which every kind of object exists."""
    below: Iterable[type[TenantOwned]] = chain((Agreement, Client, DeedVersion, HandoverItem, ClientRequest))
    query: sa.Select[UUID] = sa.select(Registration.id).order_by(Registration.id)
    for model in below:
        found = sa.exists().where(model.registration_id == Registration.id)  # type: ignore[attr-defined]
        query = query.where(found if model is not Agreement else found.where(Agreement.file_sha256 != ""))
    return query
