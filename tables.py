"""Every table of every floor: who imports this has declared them all."""

import audits.models
import audits.reminders.models
import continuity.models
import core.mail.outbox
import plans.models
import tenants.models

__all__ = ["audits", "continuity", "core", "plans", "tenants"]
