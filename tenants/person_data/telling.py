"""What is held about a person, in words for a page and as JSON to take along."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from core.i18n import moment_text
from tenants.person_data.queries import Part

TITLES = {
    "user": _l("Your account"),
    "operator": _l("Operating the installation"),
    "login_session": _l("Where you signed in"),
    "half_sign_in": _l("Sign-ins that waited for the second step"),
    "totp_factor": _l("Authenticator app"),
    "recovery_code": _l("Recovery codes"),
    "passkey": _l("Passkeys"),
    "linked_identity": _l("Sign-in by your organisation"),
    "account_event": _l("What happened to your account"),
    "membership": _l("Organisations you belong or belonged to"),
    "engagement": _l("Audits"),
    "mailed_link": _l("Links that were mailed to you"),
    "outbox_mail": _l("Mail to you"),
}
# On the page; the JSON has all.
MOST_SHOWN = 50
HIDDEN = frozenset({"id", "user_id", "auditor_id", "tenant_id", "organisation_id", "seq", "request_id", "erased_by"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A part as the page shows it. rows: texts, as many in each as there are headings; more: left out here."""

    title: Any
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int


def shown(parts: Sequence[Part]) -> list[Shown]:
    """Return the parts that hold anything, newest lines first."""
    found = []
    for part in parts:
        if part.lines:
            headings = tuple(name for name in part.lines[0] if name not in HIDDEN)
            lines = list(reversed(part.lines))[:MOST_SHOWN]
            rows = tuple(tuple(_text(line[name]) for name in headings) for line in lines)
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


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {told}" for name, told in value.items())
    return "" if value is None else str(value)
