"""What the trail calls accounts, people and how they stand in an organisation, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "account": _l("Account"),
        "client_invitation": _l("Invitation of a client"),
        "engagement": _l("Engagement of an auditor"),
        "invitation": _l("Invitation"),
        "management_grant": _l("Access of a reseller"),
        "membership": _l("Member"),
        "sign_on_provider": _l("Sign-in provider"),
        "tenant": _l("Organisation"),
    }
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "accepted_at": _l("Accepted on"),
        "auditor_id": _l("Auditor"),
        "client_id": _l("Client"),
        "email": _l("E-mail address"),
        "ends_at": _l("Until"),
        "given_by": _l("Given by"),
        "invited_by": _l("Invited by"),
        "language": _l("Language"),
        "level": _l("How far it reaches"),
        "manager_id": _l("Reseller"),
        "role": _l("Role"),
        "starts_at": _l("From"),
        "user_id": _l("Person"),
        "zone": _l("Time zone"),
    }
)
EVENTS: Mapping[str, Any] = MappingProxyType(
    {
        "access.denied": _l("%(who)s was refused"),
        "account.disabled": _l("%(who)s: the account was closed off"),
        "account.enabled": _l("%(who)s: the account was opened again"),
        "account.made": _l("%(who)s made an account"),
        "email.changed": _l("%(who)s changed the e-mail address they sign in with"),
        "factor.added": _l("%(who)s added a second factor"),
        "factor.removed": _l("%(who)s removed a second factor"),
        "factor.reset": _l("%(who)s: the second factors were reset"),
        "invitation.accepted": _l("%(who)s accepted an invitation"),
        "keys.rotated": _l("%(who)s finished the change of the data key"),
        "keys.rotation_begun": _l("%(who)s began to change the data key"),
        "organisation.changed": _l("%(who)s changed the organisation"),
        "organisation.left": _l("%(who)s ended the use of Waarborg"),
        "password.changed": _l("%(who)s changed their password"),
        "recovery_codes.renewed": _l("%(who)s made new recovery codes"),
        "role.changed": _l("%(who)s changed the role of a member"),
        "session.ended": _l("%(who)s ended sessions"),
        "sign_in": _l("%(who)s signed in"),
        "sign_in.failed": _l("Somebody tried to sign in as %(who)s, and failed"),
        "sign_out": _l("%(who)s signed out"),
        "step_up": _l("%(who)s proved who they are once more"),
        "step_up.failed": _l("%(who)s tried to prove who they are, and failed"),
    }
)
