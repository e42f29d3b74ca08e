"""Changes to sealed deliveries: keeping one, and the codes by which officers show that their keys fit."""

import hmac
from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.handovers.services import DeliveryValues, deliver
from continuity.models import DeliveryWay, HandoverDelivery, HandoverItem, SealedTo
from continuity.officers.services import FEWEST_OFFICERS, digest_of
from continuity.sealing.envelope import Envelope, look_over
from core import db
from core.files import files
from tenants import trail

TAR = "application/x-tar"


def seal(
    item: HandoverItem, values: DeliveryValues, data: bytes, officers: Mapping[str, str], *, seen: int
) -> HandoverDelivery:
    """Keep a sealed delivery, after looking over that it is sealed to these officers. Nobody here can open it.

    officers: the names by the fingerprints that this supplier compared and that are in use. seen: the number of the
    newest delivery when the page was opened. Raises Refused when there are fewer than two officers, or the file is not
    sealed to each pair of them; EditConflict when there is a newer delivery.
    Source: scheme.logins; rules 3.6 H3, H6, H8.
    """
    if len(officers) < FEWEST_OFFICERS:
        raise Refused(_l("Nothing can be sealed before you compared the keys of at least two officers."))
    envelope = look_over(data, frozenset(officers))
    row = deliver(item, values, seen=seen)
    row.way, row.file_type, row.file_size = DeliveryWay.SEALED, TAR, len(envelope.data)
    row.file_sha256 = files().put(row.tenant_id, envelope.data)
    _address(row, envelope, officers)
    trail.record(
        "handover.sealed",
        "handover_delivery",
        row.id,
        number=row.number,
        sha256=envelope.sha256,
        officers=[officers[one] for one in sorted(officers)],
    )
    db.session().flush()
    return row


def _address(row: HandoverDelivery, envelope: Envelope, officers: Mapping[str, str]) -> None:
    for fingerprint, probe in envelope.probes.items():
        addressed = SealedTo(
            delivery_id=row.id,
            name=officers[fingerprint],
            fingerprint=fingerprint,
            probe=probe.sealed,
            probe_hash=probe.digest,
        )
        db.session().add(addressed)


def show_key_fits(row: SealedTo, code: str, *, at: datetime) -> None:
    """Note that an officer opened the code of a delivery with their own key.

    Raises Refused when it is another code, their key was taken out of use, or they showed it already.
    Source: rules 3.6 H5, H6.
    """
    if row.ended_at is not None:
        raise Refused(_l("This key was taken out of use already."))
    if row.opened_at is not None:
        raise Refused(_l("You showed already that your key fits this delivery."))
    if not hmac.compare_digest(digest_of(code), row.probe_hash):
        raise Refused(_l("This is not the code that was sealed to your key."), "code")
    row.opened_at = at
    db.session().flush()
