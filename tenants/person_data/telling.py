"""What is held about a person, in words for a page and as JSON to take along."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import moment_text
from tenants.person_data.queries import Part
from tenants.person_data.words import DETAILS, WAYS, WORDS

TITLES = {
    "user": _l("Your account"),
    "operator": _l("Operating the installation"),
    "login_session": _l("Where you signed in"),
    "half_sign_in": _l("Sign-ins that waited for the second step"),
    "totp_factor": _l("Authenticator app"),
    "recovery_code": _l("Recovery codes"),
    "passkey": _l("Passkeys"),
    "linked_identity": _l("Sign-in by your organisation"),
    "reminder_choice": _l("Reminders"),
    "account_event": _l("What happened to your account"),
    "membership": _l("Organisations you belong or belonged to"),
    "engagement": _l("Audits"),
    "mailed_link": _l("Links that were mailed to you"),
    "outbox_mail": _l("Mail to you"),
}
HEADINGS = {
    "action": _l("What happened"),
    "added_at": _l("Added on"),
    "address": _l("Network address"),
    "agent": _l("Browser"),
    "at": _l("When"),
    "bounce_status": _l("Why mail came back"),
    "bounced_at": _l("Mail came back on"),
    "calendar_made_at": _l("Calendar made on"),
    "changes": _l("Details"),
    "continuity": _l("Continuity scheme"),
    "created_at": _l("Since"),
    "disabled_at": _l("Disabled on"),
    "email": _l("E-mail address"),
    "ended_at": _l("Ended on"),
    "ended_by": _l("Ended by"),
    "ends_at": _l("Until"),
    "erased_at": _l("Erased on"),
    "expires_at": _l("Works until"),
    "frequency": _l("How often"),
    "given_by": _l("Given by"),
    "issuer": _l("Provider"),
    "kind": _l("Kind"),
    "language": _l("Language"),
    "linked_at": _l("Linked on"),
    "made_at": _l("Made on"),
    "name": _l("Name"),
    "organisation": _l("Organisation"),
    "plan": _l("Calamity plan"),
    "proved_at": _l("Proved on"),
    "purpose": _l("Purpose"),
    "queued_at": _l("Written on"),
    "recipient": _l("To"),
    "reference": _l("Assignment"),
    "role": _l("Role"),
    "seen_at": _l("Last seen"),
    "starts_at": _l("From"),
    "state": _l("State"),
    "strong": _l("Second step"),
    "subject": _l("Known there as"),
    "used_at": _l("Used on"),
}
# On the page; the JSON has all.
MOST_SHOWN = 50
HIDDEN = frozenset(
    {"actor", "id", "user_id", "auditor_id", "tenant_id", "organisation_id", "seq", "request_id", "erased_by"}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A part as the page shows it. rows: texts, as many in each as there are headings; more: left out here."""

    title: Any
    headings: tuple[Any, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int


def shown(parts: Sequence[Part]) -> list[Shown]:
    """Return the parts that hold anything, newest lines first."""
    found = []
    for part in parts:
        if part.lines:
            names = tuple(name for name in part.lines[0] if name not in HIDDEN)
            lines = list(reversed(part.lines))[:MOST_SHOWN]
            rows = tuple(tuple(_text(line[name], WORDS.get((part.name, name), {})) for name in names) for line in lines)
            headings = tuple(HEADINGS[name] for name in names)
            found.append(Shown(TITLES[part.name], headings, rows, len(part.lines) - len(rows)))
    return found


def as_json(parts: Sequence[Part], *, at: datetime) -> bytes:
    """Return everything as JSON in UTF-8. at: aware UTC."""
    told: dict[str, Any] = {"made_at": at.isoformat()}
    told |= {
        part.name: [{name: _plain(value) for name, value in line.items()} for line in part.lines] for part in parts
    }
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, (UUID, StrEnum)) else value


def _text(value: Any, words: Mapping[str, Any]) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, dict):
        return ", ".join(f"{DETAILS.get(name, name)}: {_detail(told)}" for name, told in value.items())
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return "" if value is None else str(words.get(str(value), value))


def _detail(value: Any) -> str:
    if isinstance(value, list):
        return " → ".join(str(one) for one in value)
    return _text(value, WAYS)
