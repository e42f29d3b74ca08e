"""What may happen to a supplier, in the words that every page uses."""

from flask_babel import lazy_gettext as _l

from continuity.models import TriggerKind

KIND_LABELS = {
    TriggerKind.DECLARED_BANKRUPT: _l("Declared bankrupt"),
    TriggerKind.CEASED: _l("Stopped without handing over"),
    TriggerKind.END_OF_MAINTENANCE: _l("Announced the end of maintenance"),
    TriggerKind.SUSPENSION_OF_PAYMENTS: _l("Suspension of payments"),
    TriggerKind.TAKE_OVER: _l("Taken over by another company"),
    TriggerKind.UNPAID_UPSTREAM: _l("Does not pay the upstream supplier"),
    TriggerKind.SILENCE: _l("Stays silent about the handovers"),
}
