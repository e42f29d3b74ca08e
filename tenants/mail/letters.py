"""Letters: what Waarborg writes to people, in their language, as plain text."""

from datetime import date, datetime
from typing import Any

from flask import current_app, render_template

from core import mail
from core.i18n import Language, written_in
from tenants import links
from tenants.models import Role, Topic

# Letters answering "I forgot my password" count as one kind: nobody may see by it whether there is an account.
RESET = "reset"


def member_invitation(
    to: str, language: Language, *, organisation: str, inviter: str, role: Role, link: str, until: datetime, by: int
) -> None:
    """Invite somebody to be a member. by: the organisation on whose account the mail is sent."""
    words = {"organisation": organisation, "inviter": inviter, "role": role, "link": link, "until": until}
    write("member_invitation", to, language, words, organisation_id=by, until=until)


def auditor_invitation(
    to: str,
    language: Language,
    *,
    organisation: str,
    inviter: str,
    reference: str,
    starts_on: date,
    ends_on: date,
    link: str,
    until: datetime,
    by: int,
) -> None:
    """Invite somebody to read as an auditor. by: the organisation on whose account the mail is sent."""
    words = {
        "organisation": organisation,
        "inviter": inviter,
        "reference": reference,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "link": link,
        "until": until,
    }
    write("auditor_invitation", to, language, words, organisation_id=by, until=until)


def client_invitation(
    to: str,
    language: Language,
    *,
    supplier: str,
    client: str,
    inviter: str,
    edits: bool,
    link: str,
    until: datetime,
    by: int,
) -> None:
    """Ask a client to let its IT supplier in. edits: to change things too; by: on whose account the mail is sent."""
    words = {
        "supplier": supplier,
        "client": client,
        "inviter": inviter,
        "edits": edits,
        "link": link,
        "until": until,
    }
    write("client_invitation", to, language, words, organisation_id=by, until=until)


def personal(
    topic: Topic,
    to: str,
    language: Language,
    *,
    name: str,
    label: str,
    organisation: str,
    sender: str,
    link: str,
    until: datetime,
    by: int,
) -> None:
    """Ask somebody without an account one question. label: what it is about; by: on whose account it is sent."""
    words = {
        "name": name,
        "label": label,
        "organisation": organisation,
        "sender": sender,
        "link": link,
        "until": until,
    }
    write(personal_kind(topic), to, language, words, organisation_id=by, until=until)


def personal_kind(topic: Topic) -> str:
    """Return which letter asks about `topic`: its template is named so."""
    return f"personal_{topic.value}"


def reset(to: str, language: Language, *, link: str, until: datetime) -> None:
    """Send the link by which somebody chooses a new password."""
    write("reset", to, language, {"link": link, "until": until}, kind=RESET, until=until)


def no_account(to: str, language: Language, *, until: datetime) -> None:
    """Tell somebody who asked for a new password that this address has no account."""
    write("no_account", to, language, {"until": until}, kind=RESET, until=until)


def email_confirmation(to: str, language: Language, *, name: str, link: str, until: datetime) -> None:
    """Ask at the new address whether it shall become the one to sign in with."""
    write("email_confirmation", to, language, {"name": name, "link": link, "until": until}, until=until)


def email_taken(to: str, language: Language, *, until: datetime) -> None:
    """Tell the person who has this address that somebody wanted to sign in with it."""
    write("email_taken", to, language, {"link": links.address("tenants.sign_in")}, until=until)


def email_changed(to: str, language: Language, *, name: str) -> None:
    """Tell the old address that another one was put in its place."""
    write("email_changed", to, language, {"name": name})


def password_changed(to: str, language: Language, *, name: str) -> None:
    """Tell somebody that their password was changed."""
    write("password_changed", to, language, {"name": name, "link": links.address("reset.ask")})


def identity_linked(to: str, language: Language, *, name: str, organisation: str) -> None:
    """Tell somebody that they can now sign in by their organisation's own provider."""
    write("identity_linked", to, language, {"name": name, "organisation": organisation})


def write(
    letter: str,
    to: str,
    language: Language,
    words: dict[str, Any],
    *,
    kind: str = "",
    organisation_id: int | None = None,
    until: datetime | None = None,
    among_many: bool = False,
) -> mail.OutboxMail:
    """Write the letter of this name from its template, whose first line is the subject, and queue it.

    words: what the template names; organisation_id: on whose account it is sent; until: not sent after;
    among_many: whoever writes many flushes them together.
    Raises NotAnAddress.
    """
    # A name with a line end in it would otherwise write a line of the letter by itself.
    one_line = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in words.items()}
    with written_in(language):
        page = render_template(f"mail/{letter}.txt", home=current_app.config["SETTINGS"].base_url, **one_line)
    subject, _, text = page.strip().partition("\n")
    return mail.queue(
        to=to,
        subject=subject,
        text=text.strip() + "\n",
        language=language,
        kind=kind or letter,
        tenant_id=organisation_id,
        useful_until=until,
        among_many=among_many,
    )
