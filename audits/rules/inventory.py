"""Rules of the inventory: a table of what each record of a class must tell, and two classes that are counted.

Every class is looked at again within an interval: things are bought, moved and thrown away without anybody typing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain

from audits.judging.judgement import Check, Gap, Judgement, Subject, TenantFacts, aged, lapse, missing
from audits.judging.severity import Severity
from audits.rules.second_step import signing_in
from core.i18n import N_
from plans import intervals
from plans.facts import AssetFact
from plans.intervals import Interval
from plans.models import AssetKind, LineUse
from plans.registers.cells.addresses import read_ip
from plans.registers.cells.bad import BadCell
from plans.registers.second_step import KINDS as WITH_ACCOUNTS


@dataclass(frozen=True, slots=True)
class Required:
    """What a record must tell, and what to say while it does not. Messages may use %(name)s."""

    told: Callable[[AssetFact], bool]
    message: str


@dataclass(frozen=True, slots=True)
class Register:
    """A class of the inventory: what to say without any record, and while several requirements of one record fail."""

    kind: AssetKind
    empty: str
    required: tuple[Required, ...]
    several: str = ""


def _text(column: str) -> Callable[[AssetFact], bool]:
    return lambda record: bool(getattr(record, column).strip())


def _named_or_specified(record: AssetFact) -> bool:
    return bool(record.name.strip()) or record.has_specification


def valid_address(text: str) -> bool:
    """Tell whether a text is an IPv4 or IPv6 address or network that the register would take."""
    try:
        return bool(read_ip(text))
    except BadCell:
        return False


SPECIFICATION = Required(lambda record: record.has_specification, N_("%(name)s has no specification."))
SERIAL = Required(lambda record: record.has_serial_number, N_("%(name)s has no serial number."))
SERIAL_OR_IMEI = Required(
    lambda record: record.has_serial_number or record.has_imei, N_("%(name)s has no serial number or IMEI.")
)
HOLDER = Required(_text("holder"), N_("It is not told who uses %(name)s."))
LOCATION = Required(lambda record: record.has_location, N_("It is not told where %(name)s is."))
SUPPLIER = Required(_text("supplier"), N_("%(name)s has no supplier."))
PROVIDER = Required(_text("supplier"), N_("%(name)s has no provider."))
ADMINISTRATOR = Required(_text("administrator"), N_("%(name)s has no administrator."))
WHAT = Required(_named_or_specified, N_("It is not told what this back-up unit is."))
END = Required(
    lambda record: record.perpetual or record.expires_on is not None,
    N_("%(name)s has no expiry date and is not marked as perpetual."),
)
ADDRESS = Required(
    lambda record: valid_address(record.ip_address), N_("%(name)s has no valid IPv4 or IPv6 address or network.")
)
NO_SPECIFICATION_OR_SERIAL = N_("%(name)s has no specification and no serial number.")

REGISTERS = (
    Register(
        AssetKind.OFFICE_PC,
        N_("No office PC has been recorded yet."),
        (SPECIFICATION, SERIAL),
        NO_SPECIFICATION_OR_SERIAL,
    ),
    Register(
        AssetKind.SERVER, N_("No server has been recorded yet."), (SPECIFICATION, SERIAL), NO_SPECIFICATION_OR_SERIAL
    ),
    Register(
        AssetKind.BACKUP_UNIT,
        N_("No back-up unit, file or online account has been recorded yet."),
        (WHAT, LOCATION),
        N_("It is not told what this back-up unit is and where it is."),
    ),
    Register(AssetKind.INTERNET, N_("No internet connection has been recorded yet."), (PROVIDER,)),
    Register(
        AssetKind.LICENCE,
        N_("No software licence has been recorded yet."),
        (SUPPLIER, END),
        N_("%(name)s has no supplier and no expiry date, and is not marked as perpetual."),
    ),
    Register(AssetKind.IP_ADDRESS, N_("No IP address has been recorded yet."), (ADDRESS,)),
    Register(
        AssetKind.MOBILE_PHONE,
        N_("No mobile phone has been recorded yet."),
        (HOLDER, SERIAL_OR_IMEI),
        N_("It is not told who uses %(name)s, and it has no serial number or IMEI."),
    ),
    Register(
        AssetKind.CLOUD_SERVICE,
        N_("No cloud service has been recorded yet."),
        (SUPPLIER, ADMINISTRATOR),
        N_("%(name)s has no supplier and no administrator."),
    ),
    Register(
        AssetKind.TABLET,
        N_("No tablet has been recorded yet."),
        (HOLDER, SERIAL),
        N_("It is not told who uses %(name)s, and it has no serial number."),
    ),
    Register(AssetKind.PRINTER, N_("No printer, scanner, copier or fax has been recorded yet."), (LOCATION,)),
)


def recorded(facts: TenantFacts, today: date, *, register: Register) -> Iterator[Judgement]:
    """Want at least one record, and everything required told of each.

    Source: inventory.office-pcs and every other class of the table REGISTERS.
    """
    records = facts.plan.assets.get(register.kind, ())
    if not records:
        yield missing(register.empty)
    for record in records:
        lacking = [required for required in register.required if not required.told(record)]
        if lacking:
            yield _on(record, register.several if len(lacking) > 1 else lacking[0].message)


def licences(facts: TenantFacts, today: date, *, register: Register) -> Iterator[Judgement]:
    """Want a supplier and an end of every licence; tell which end soon. One that ended asks for attention.

    Source: inventory.licences.
    """
    yield from recorded(facts, today, register=register)
    for record in facts.plan.assets.get(register.kind, ()):
        if record.expires_on and not record.perpetual:
            yield lapse(
                Subject("asset", record.id, record.name, "expires_on"),
                record.expires_on,
                today,
                soon=N_("The licence %(name)s is valid until %(until)s."),
                lapsed=N_("The licence %(name)s was valid until %(until)s. Renew it, or put the record away."),
                params={"name": record.name},
                worst=Severity.WARNING,
            )


def telephone_system(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the type of the exchange recorded and the handsets counted.

    Source: inventory.telephone-system.
    """
    records = facts.plan.assets.get(AssetKind.TELEPHONE_SYSTEM, ())
    if not records:
        yield missing(N_("No telephone exchange and no handsets have been recorded yet."))
        return
    if not any(record.line_use is LineUse.EXCHANGE for record in records):
        yield missing(N_("The type of telephone exchange has not been recorded yet."), Subject(part=LineUse.EXCHANGE))
    if not any(record.line_use is LineUse.HANDSET for record in records):
        yield missing(N_("The handsets have not been counted yet."), Subject(part=LineUse.HANDSET))
    for record in records:
        if record.line_use is LineUse.EXCHANGE and not _named_or_specified(record):
            yield _on(record, N_("The type of this telephone exchange is not told."))
        elif record.line_use is LineUse.HANDSET and record.quantity is None:
            yield _on(record, NOT_COUNTED)
        elif record.line_use not in (LineUse.EXCHANGE, LineUse.HANDSET):
            yield _on(record, N_("Choose whether %(name)s is an exchange or handsets."), Severity.WARNING)


LINE_USES = {
    LineUse.VOICE: N_("The lines for calls have not been counted yet (0 when there are none)."),
    LineUse.FAX: N_("The lines for fax have not been counted yet (0 when there are none)."),
    LineUse.ALARM: N_("The lines for the alarm centre have not been counted yet (0 when there are none)."),
}
NOT_COUNTED = N_("It is not told how many there are of %(name)s.")


def telephone_lines(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the lines counted for each use: calls, fax and alarm. None at all is a count.

    Source: inventory.telephone-lines.
    """
    records = facts.plan.assets.get(AssetKind.TELEPHONE_LINE, ())
    if not records:
        yield missing(N_("No telephone line has been recorded yet."))
        return
    for use, message in LINE_USES.items():
        if not any(record.line_use is use for record in records):
            yield missing(message, Subject(part=use))
    for record in records:
        if record.line_use not in LINE_USES:
            yield _on(record, N_("It is not told whether %(name)s is for calls, fax or alarm."))
        elif record.quantity is None:
            yield _on(record, NOT_COUNTED)


NEVER_LOOKED = N_("It has not been noted yet that these records are right: %(count)s of %(total)s.")
LOOK_SOON = N_("Look whether these records are still right: the last look counts until %(until)s.")
LOOK_AGAIN = N_("Look whether these records are still right: the last look counted until %(until)s.")


def looked_at(facts: TenantFacts, today: date, *, kind: AssetKind, check: Check) -> Iterator[Judgement]:
    """Judge a class, and want each of its records found right within the inventory interval, the class as a whole.

    Source: decisions on what the handbook leaves open (default ages); rules 3.9.
    """
    records = facts.plan.assets.get(kind, ())
    told = check(facts, today)
    return chain(told, (_looked(records, facts.plan.intervals, today),)) if records else told


def _looked(records: Sequence[AssetFact], own: Mapping[str, int], today: date) -> Judgement:
    days = [record.confirmed_on for record in records if record.confirmed_on]
    subject = Subject(part="looked")
    if len(days) < len(records):
        count = len(records) - len(days)
        return missing(NEVER_LOOKED, subject, severity=Severity.WARNING, count=count, total=len(records))
    # One day that has yet to come must not hide that another is long past, so the earliest is judged.
    return aged(
        subject,
        min(days),
        intervals.days(own, Interval.INVENTORY),
        today,
        absent=NEVER_LOOKED,
        soon=LOOK_SOON,
        lapsed=LOOK_AGAIN,
        worst=Severity.WARNING,
    )


def _on(record: AssetFact, message: str, severity: Severity = Severity.FAULT) -> Gap:
    return missing(message, Subject("asset", record.id, record.name), severity=severity, name=record.name)


_RECORDED: dict[str, Check] = {
    **{f"inventory.{register.kind}": partial(recorded, register=register) for register in REGISTERS},
    "inventory.licences": partial(
        licences, register=next(found for found in REGISTERS if found.kind is AssetKind.LICENCE)
    ),
    "inventory.telephone-system": telephone_system,
    "inventory.telephone-lines": telephone_lines,
}


def _whole(code: str, check: Check) -> Check:
    """Return what judges a class as a whole. Licences are confirmed one by one, and more often: upkeep.licences."""
    kind = AssetKind(code.partition(".")[2])
    if kind is AssetKind.LICENCE:
        return check
    looked = partial(looked_at, kind=kind, check=check)
    return partial(signing_in, kind=kind, check=looked) if kind in WITH_ACCOUNTS else looked


CHECKS: dict[str, Check] = {code: _whole(code, check) for code, check in _RECORDED.items()}
