"""Every table of every floor: who imports this has declared them all."""

import audits.asof.models
import audits.made.models
import audits.models
import audits.paper.models
import audits.reminders.models
import audits.room.models
import audits.webhooks.models
import continuity.models
import core.background.work
import core.mail.outbox
import plans.importing.models
import plans.models
import plans.registers.undo.models
import tenants.models

__all__ = ["audits", "continuity", "core", "plans", "tenants"]
