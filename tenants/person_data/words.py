"""What the page about a person's own data calls the values that stand in the database as one word of code."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ROLES: Mapping[str, Any] = {"owner": _l("Owner"), "editor": _l("Editor"), "reader": _l("Reader")}
LANGUAGES: Mapping[str, Any] = {"nl": _l("Dutch"), "en": _l("English")}
FREQUENCIES: Mapping[str, Any] = {"daily": _l("Every working day"), "weekly": _l("Every week"), "never": _l("Never")}
PURPOSES: Mapping[str, Any] = {
    "invitation": _l("Invitation"),
    "client": _l("Invitation of a supplier"),
    "reset": _l("Choose a new password"),
    "email_change": _l("Change of your e-mail address"),
    "plan": _l("Question about the plan"),
    "scheme": _l("Question about a continuity scheme"),
    "deed": _l("Accept a deed"),
    "reminder": _l("Reminder"),
}
MAIL_STATES: Mapping[str, Any] = {
    "waiting": _l("Waits"),
    "sent": _l("Sent"),
    "failed": _l("Is tried again"),
    "given_up": _l("Given up"),
}
EVENTS: Mapping[str, Any] = {
    "access.denied": _l("Refused at a page"),
    "account.disabled": _l("Account disabled"),
    "account.enabled": _l("Account enabled"),
    "account.made": _l("Account made"),
    "email.changed": _l("E-mail address changed"),
    "factor.added": _l("Second step added"),
    "factor.removed": _l("Second step removed"),
    "factor.reset": _l("Second step reset"),
    "identity.linked": _l("Sign-in by an organisation linked"),
    "identity.unlinked": _l("Sign-in by an organisation unlinked"),
    "operator.added": _l("Made operator"),
    "operator.disabled_account": _l("Disabled an account as operator"),
    "operator.enabled_account": _l("Enabled an account as operator"),
    "operator.judged_everybody": _l("Had every organisation judged again"),
    "operator.removed": _l("Operator no more"),
    "password.changed": _l("Password changed"),
    "recovery_codes.renewed": _l("Recovery codes renewed"),
    "session.ended": _l("Signed out elsewhere"),
    "sign_in": _l("Signed in"),
    "sign_in.failed": _l("Signing in failed"),
    "sign_out": _l("Signed out"),
    "step_up": _l("Showed again who you are"),
    "step_up.failed": _l("Showing again who you are failed"),
}
DETAILS: Mapping[str, Any] = {
    "account": _l("Account"),
    "address": _l("Network address"),
    "by": _l("By"),
    "email": _l("E-mail address"),
    "ended": _l("How many"),
    "factor": _l("Kind"),
    "how": _l("How"),
    "mark": _l("Mark"),
    "organisation": _l("Organisation"),
    "role": _l("Role"),
    "status": _l("Answer"),
    "strong": _l("Second step"),
    "via": _l("Via"),
    "wanted": _l("What was asked for"),
    "where": _l("Organisation"),
}
WAYS: Mapping[str, Any] = {
    "password": _l("Password"),
    "code": _l("Code"),
    "passkey": _l("Passkey"),
    "organisation": _l("Sign-in by your organisation"),
    "totp": _l("Authenticator app"),
}

_INVITATION, _ADDRESS, _ACCOUNT = _l("Invitation"), _l("Change of your e-mail address"), _l("Your account")
_DEED, _OPENING, _EVIDENCE = _l("Accept a deed"), _l("Sealed handovers"), _l("Questions of an auditor")
_REQUEST = _l("Request for continuity")
_PLAN, _SCHEME, _REPORT = _l("Question about the plan"), _l("Question about a continuity scheme"), _l("Report")
LETTERS: Mapping[str, Any] = {
    "auditor_invitation": _INVITATION,
    "client_invitation": _INVITATION,
    "member_invitation": _INVITATION,
    "deed_code": _DEED,
    "deed_decided": _DEED,
    "deed_invitation": _DEED,
    "deed_receipt": _DEED,
    "email_changed": _ADDRESS,
    "email_confirmation": _ADDRESS,
    "email_taken": _ADDRESS,
    "evidence_answered": _EVIDENCE,
    "evidence_asked": _EVIDENCE,
    "evidence-told": _EVIDENCE,
    "handovers_late": _OPENING,
    "identity_linked": _ACCOUNT,
    "no_account": _l("Choose a new password"),
    "opening_asked": _OPENING,
    "opening_done": _OPENING,
    "password_changed": _ACCOUNT,
    "personal_contact": _PLAN,
    "personal_copy": _PLAN,
    "personal_instruction": _PLAN,
    "personal_party": _PLAN,
    "personal_payments": _PLAN,
    "personal_task": _PLAN,
    "personal_willing": _SCHEME,
    "reminders": _l("Reminders"),
    "report": _REPORT,
    "report_ready": _REPORT,
    "scheduled-report": _REPORT,
    "client_moved": _REQUEST,
    "request_asked": _REQUEST,
    "request_fee": _REQUEST,
    "request_granted": _REQUEST,
    "request_officers": _REQUEST,
    "request_open": _l("That you can ask for continuity"),
    "request_over": _REQUEST,
    "request_refused": _REQUEST,
    "request_reminder": _REQUEST,
    "request_served": _REQUEST,
    "request_taken_back": _REQUEST,
    "requests_waiting": _REQUEST,
    "reseal_asked": _OPENING,
    "scheme_end_officers": _SCHEME,
    "scheme_ends": _SCHEME,
    "scheme_goes_on": _SCHEME,
    "reset": _l("Choose a new password"),
    "term_reminder": _l("What must be reported in a calamity"),
    "trail-anchor": _l("Anchor of the trail"),
    "waiver_proposed": _PLAN,
    "webhook": _l("Webhooks"),
    "webhook_off": _l("Webhooks"),
}

# By part and column. A value that has no words is told as it stands.
WORDS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("user", "language"): LANGUAGES,
    ("reminder_choice", "frequency"): FREQUENCIES,
    ("account_event", "action"): EVENTS,
    ("membership", "role"): ROLES,
    ("mailed_link", "purpose"): PURPOSES,
    ("outbox_mail", "kind"): LETTERS,
    ("outbox_mail", "state"): MAIL_STATES,
}
