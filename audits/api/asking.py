"""What programs ask for in an address, and the kinds of fields that they send. Imported with schemas.py."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import RAISE, Schema, fields, post_load, validate

from audits.api import findings, inventory, paging
from audits.judging.severity import Severity

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class YesNo(fields.Boolean):
    """True or false, and nothing that only looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class YesNoText(fields.Boolean):
    """True or false as an address says it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(truthy={"true"}, falsy={"false"}, **more)


class Day(fields.Date):
    """A calendar day as 2027-01-31."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if not isinstance(value, str) or len(value) != len("2027-01-31"):
            raise self.make_error("invalid", input=value, obj_type="date")
        found = super()._deserialize(value, attr, data, **more)
        assert isinstance(found, date)
        return found


def one_of(words: Iterable[str], **more: Any) -> fields.String:
    """Return a field that holds one of these words."""
    return fields.String(validate=validate.OneOf(list(words)), **more)


class Strict(Schema):
    """What is sent holds nothing unknown: a slip in a name is told rather than passed over."""

    class Meta:
        """How unknown names are taken."""

        unknown = RAISE


class PartQuery(Strict):
    """Which part of a list."""

    limit = fields.Integer(load_default=paging.USUAL, validate=validate.Range(1, paging.MOST))
    cursor = fields.String(load_default="", validate=validate.Length(max=paging.LONGEST))

    @post_load
    def made(self, data: dict[str, Any], **_more: Any) -> Any:
        """Return what was asked."""
        return paging.Part(**data)


def _part(data: dict[str, Any]) -> paging.Part:
    return paging.Part(data.pop("limit"), data.pop("cursor"))


class FindingQuery(PartQuery):
    """Which findings."""

    state = one_of(findings.FindingState, load_default=findings.FindingState.OPEN.value)
    severity = one_of(Severity)
    section = fields.String(validate=validate.Regexp(r"^[a-z_-]{1,40}$"))
    # Further back or ahead some zone has no such moment in UTC.
    changed_since = fields.AwareDateTime(validate=validate.Range(EARLIEST, LATEST))

    @post_load
    def made(self, data: dict[str, Any], **_more: Any) -> findings.FindingWish:
        """Return what was asked."""
        severity = data.pop("severity", None)
        return findings.FindingWish(
            _part(data),
            findings.FindingState(data.pop("state")),
            Severity(severity) if severity else None,
            **data,
        )


class ExpiryQuery(PartQuery):
    """Which expiries, by their last valid day, inclusive."""

    up_to = Day()
    since = Day()

    @post_load
    def made(self, data: dict[str, Any], **_more: Any) -> findings.ExpiryWish:
        """Return what was asked."""
        return findings.ExpiryWish(_part(data), **data)


class AssetQuery(PartQuery):
    """Which records of the inventory."""

    register = one_of(inventory.REGISTER_NAMES)
    archived = YesNoText()

    @post_load
    def made(self, data: dict[str, Any], **_more: Any) -> inventory.AssetWish:
        """Return what was asked."""
        return inventory.AssetWish(_part(data), **data)
