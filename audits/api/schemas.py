"""What programs send and get, field by field. Imported at the first call: it brings a library along."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from audits.api import inventory, left_out
from audits.api.asking import Day, Strict, YesNo, one_of
from audits.findings.acting import Side
from audits.judging.severity import Severity
from audits.portfolio.legs import JUDGED_STATES, Leg
from continuity.cover import CoverState
from continuity.covering.leg import LegKind
from continuity.covering.leg import LegState as CoverLegState
from plans.handbook import Section
from plans.registers.inventory import INVENTORY
from plans.registers.shape import Column, Kind
from plans.status import Status

AMOUNT = r"^[0-9]{1,9}\.[0-9]{2}$"


def _field(column: Column) -> fields.Field[Any]:
    """Return how programs write a column: null, or left out, is empty."""
    told: dict[str, Any] = {"allow_none": True, "metadata": {"title": column.name.replace("_", " ")}}
    match column.kind:
        case Kind.YES_NO:
            return YesNo(**told)
        case Kind.NUMBER:
            return fields.Integer(strict=True, validate=validate.Range(column.low, column.high), **told)
        case Kind.AMOUNT:
            return fields.String(validate=validate.Regexp(AMOUNT), **told)
        case Kind.DAY | Kind.TERM:
            return Day(**told)
        case Kind.CHOICE:
            return fields.String(**told)
        case _:
            return fields.String(validate=validate.Length(max=column.limit), **told)


def _fields(*, told: bool) -> dict[str, Any]:
    """Return the fields of all registers together. told: only those that are answered."""
    found: dict[str, Any] = {}
    for register in INVENTORY:
        for column in register.columns:
            if column.name not in found and not (told and column.name in inventory.UNTOLD):
                found[column.name] = _field(column)
    return found


# Which of them a record has depends on its register: another one is refused by name.
AssetFields = Strict.from_dict(_fields(told=False), name="AssetFields")
ToldFields = Schema.from_dict(_fields(told=True), name="ToldFields")


class NewAsset(Strict):
    """A record to add."""

    register = one_of(inventory.REGISTER_NAMES, required=True)
    fields_ = fields.Nested(AssetFields, required=True, data_key="fields")
    id = fields.UUID()

    @post_load
    def made(self, data: dict[str, Any], **_more: Any) -> inventory.NewAsset:
        """Return what is to be added."""
        return inventory.NewAsset(data["register"], data["fields_"], data.get("id"))


class Asset(Schema):
    """One record of the inventory. version: also its ETag."""

    id = fields.UUID(required=True)
    register = fields.String(required=True)
    version = fields.Integer(required=True)
    archived = fields.Boolean(required=True)
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.Raw(allow_none=True), required=True, data_key="fields", attribute="fields"
    )


class Subject(Schema):
    """What something is about. id: null where it is the plan as a whole."""

    kind = fields.String(required=True)
    id = fields.UUID(required=True, allow_none=True)
    label = fields.String(required=True)


class Acting(Schema):
    """Who is to act. name: empty where nobody is named; side plan: the organisation itself."""

    side = fields.Enum(Side, by_value=True, required=True)
    name = fields.String(required=True)


class Finding(Schema):
    """One finding. since, until: calendar days of the organisation; acting: None once it is closed."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    severity = fields.Enum(Severity, by_value=True, required=True)
    subject = fields.Nested(Subject, required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    acting = fields.Nested(Acting, required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class Expiry(Schema):
    """Something that is valid up to and including `until`."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    subject = fields.Nested(Subject, required=True)
    until = fields.Date(required=True)


class LeftOut(Schema):
    """An item of the plan, or a part of one, that is left out or proposed to be. part: empty for all of it.

    approved_alone: whether the only owner there was approved what they proposed; null while it waits.
    """

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    part = fields.String(required=True)
    state = fields.Enum(left_out.LeftOutState, by_value=True, required=True)
    reason = fields.String(required=True)
    proposed_by = fields.String(required=True)
    proposed_on = fields.Date(required=True, allow_none=True)
    approved_by = fields.String(required=True, allow_none=True)
    approved_on = fields.Date(required=True, allow_none=True)
    approved_alone = fields.Boolean(required=True, allow_none=True)
    until = fields.Date(required=True)


class CoverLeg(Schema):
    """One of the legs a client's cover stands on."""

    leg = fields.Enum(LegKind, by_value=True, required=True)
    state = fields.Enum(CoverLegState, by_value=True, required=True)
    text = fields.String(required=True)
    until = fields.Date(required=True, allow_none=True)
    next_step = fields.String(required=True, allow_none=True)


class Cover(Schema):
    """Whether one client of one registered service is covered today."""

    registration_id = fields.UUID(required=True)
    service = fields.String(required=True)
    client_id = fields.UUID(required=True)
    client = fields.String(required=True)
    state = fields.Enum(CoverState, by_value=True, required=True)
    covered = fields.Boolean(required=True)
    until = fields.Date(required=True, allow_none=True)
    legs = fields.List(fields.Nested(CoverLeg), required=True)


class ClientLeg(Schema):
    """One of the things a client must have in order."""

    leg = fields.Enum(Leg, by_value=True, required=True)
    state = fields.String(required=True, validate=validate.OneOf(JUDGED_STATES))
    faults = fields.Integer(required=True)


class Client(Schema):
    """How one client stands, as far as it lets its reseller look. client: its short name.

    worst_code: the item or duty of the worst finding, what the first night needs before all others; lapses_on: the next
    last valid day of anything, and lapsing the item or duty of that. Both are null where nothing is found or lapses.
    """

    client = fields.String(required=True)
    name = fields.String(required=True)
    kvk = fields.String(required=True)
    plan_open = fields.Boolean(required=True)
    continuity_open = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(JUDGED_STATES))
    legs = fields.List(fields.Nested(ClientLeg), required=True)
    calamity_now = fields.Boolean(required=True)
    first_night_missing = fields.Integer(required=True)
    faults = fields.Integer(required=True)
    warnings = fields.Integer(required=True)
    worst = fields.Enum(Severity, by_value=True, required=True, allow_none=True)
    worst_code = fields.String(required=True, allow_none=True)
    judged_on = fields.Date(required=True, allow_none=True)
    lapses_on = fields.Date(required=True, allow_none=True)
    lapsing = fields.String(required=True, allow_none=True)


class Numbers(Schema):
    """How many findings are open, of each kind."""

    faults = fields.Integer(required=True)
    warnings = fields.Integer(required=True)
    notices = fields.Integer(required=True)


class StandingLeg(Numbers):
    """One of the things an organisation must have in order."""

    leg = fields.Enum(Leg, by_value=True, required=True)
    state = fields.String(required=True, validate=validate.OneOf(JUDGED_STATES))


class StandingSection(Numbers):
    """A section of the plan. state: of its worst item; items: all of it; done: in order, lapsing soon or left out."""

    section = fields.Enum(Section, by_value=True, required=True)
    title = fields.String(required=True)
    state = fields.Enum(Status, by_value=True, required=True)
    done = fields.Integer(required=True)
    items = fields.Integer(required=True)


class Standing(Numbers):
    """How the organisation stands, as it was judged last; days are its own.

    changes_on: the first day on which this could differ untouched; lapses_on: the next last valid day of anything, and
    lapsing the item or duty of that.
    """

    judged_on = fields.Date(required=True, allow_none=True)
    judged_at = fields.AwareDateTime(required=True, allow_none=True)
    rule_set = fields.String(required=True, allow_none=True)
    changes_on = fields.Date(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(JUDGED_STATES))
    legs = fields.List(fields.Nested(StandingLeg), required=True)
    sections = fields.List(fields.Nested(StandingSection), required=True)
    lapses_on = fields.Date(required=True, allow_none=True)
    lapsing = fields.String(required=True, allow_none=True)


class PartList(Schema):
    """A part of a list. next: the cursor of the part after it, null at the end."""

    next = fields.String(required=True, allow_none=True)


class FindingList(PartList):
    """Findings."""

    items = fields.List(fields.Nested(Finding), required=True)


class ExpiryList(PartList):
    """What lapses."""

    items = fields.List(fields.Nested(Expiry), required=True)


class LeftOutList(PartList):
    """What is left out."""

    items = fields.List(fields.Nested(LeftOut), required=True)


class AssetList(PartList):
    """Records of the inventory."""

    items = fields.List(fields.Nested(Asset), required=True)


class CoverList(PartList):
    """Who is covered."""

    items = fields.List(fields.Nested(Cover), required=True)


class ClientList(PartList):
    """How clients stand."""

    items = fields.List(fields.Nested(Client), required=True)


class Problem(Schema):
    """Why there is no answer (RFC 9457). errors: what is wrong with each field, by where it stands."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.Dict(keys=fields.String())
