"""The twelve registers of the inventory, at their boundaries."""

from datetime import date

import pytest

from plans.models import AssetKind, SecondStep
from tests.audits.rules.build import (
    ASSETS,
    DONE_ON,
    LONG_AGO,
    NEXT_WEEK,
    UNTIL_180,
    asset,
    one_record,
    recording,
)
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, lapsing, rows, tightened, warning
from tests.audits.rules.changing import replace

EXPIRES_ON = date(2028, 2, 29)


def register(kind: AssetKind, *cases: Case) -> tuple[Case, ...]:
    return (COMPLETE, case("no records", recording(kind), fault("has been recorded yet")), *cases)


def specified(kind: AssetKind) -> tuple[Case, ...]:
    (record,) = ASSETS[kind]
    return register(
        kind,
        case("no specification", one_record(kind, has_specification=False), fault("has no specification.")),
        case("no serial number", one_record(kind, has_serial_number=False), fault("has no serial number.")),
        case(
            "neither",
            one_record(kind, has_specification=False, has_serial_number=False),
            fault("no specification and no serial"),
        ),
        case(
            "one gap per record",
            recording(
                kind, record, *(replace(asset(kind, name), has_serial_number=False) for name in ("PC 2", "PC 3"))
            ),
            fault("PC 2 has no serial"),
            fault("PC 3 has no serial"),
        ),
    )


def signing_in(kind: AssetKind) -> tuple[Case, ...]:
    """An account without a second step, and one whose second step may have burned."""
    (record,) = ASSETS[kind]
    untold = replace(record, second_step=None)
    return (
        *(case(f"{one}, and a way in besides", one_record(kind, second_step=one)) for one in SecondStep
          if one is not SecondStep.NONE),
        *(case(f"{one}, and no way in besides", one_record(kind, second_step=one, has_second_step_spare=False),
               warning(f"how you sign in to One of {kind} when the phone or key"))
          for one in (SecondStep.APP, SecondStep.KEY, SecondStep.MESSAGE)),
        case("nothing to sign in to",
             one_record(kind, second_step=SecondStep.NO_ACCOUNT, has_second_step_spare=False)),
        case("the password is enough", one_record(kind, second_step=SecondStep.NONE),
             warning(f"Whoever has the password of One of {kind} is in")),
        case("not told of two: one warning", recording(kind, untold, record, replace(untold, name="Other")),
             warning("asks for a second step: 2 of 3.")),
    )  # fmt: skip


EXCHANGE, HANDSETS = ASSETS[AssetKind.TELEPHONE_SYSTEM]
VOICE, FAX, ALARM = ASSETS[AssetKind.TELEPHONE_LINE]
BOUNDARIES = {
    "inventory.office-pcs": specified(AssetKind.OFFICE_PC),
    "inventory.servers": specified(AssetKind.SERVER),
    "inventory.backup-units": register(
        AssetKind.BACKUP_UNIT,
        *signing_in(AssetKind.BACKUP_UNIT),
        case("no place", one_record(AssetKind.BACKUP_UNIT, has_location=False), fault("where One of backup-units is")),
        case("no name, but specified", one_record(AssetKind.BACKUP_UNIT, name="")),
        case(
            "not told what",
            one_record(AssetKind.BACKUP_UNIT, name="", has_specification=False),
            fault("what this back-up unit is."),
        ),
        case(
            "neither",
            one_record(AssetKind.BACKUP_UNIT, name="", has_specification=False, has_location=False),
            fault("what this back-up unit is and where"),
        ),
    ),
    "inventory.telephone-system": (
        COMPLETE,
        case("no records", recording(AssetKind.TELEPHONE_SYSTEM), fault("have been recorded yet")),
        case("no exchange", recording(AssetKind.TELEPHONE_SYSTEM, HANDSETS), fault("type of telephone exchange")),
        case("no handsets", recording(AssetKind.TELEPHONE_SYSTEM, EXCHANGE), fault("handsets have not been counted")),
        case(
            "handsets without a number",
            recording(AssetKind.TELEPHONE_SYSTEM, EXCHANGE, replace(HANDSETS, quantity=None)),
            fault("how many there are of Handsets"),
        ),
        case("no handset is a count", recording(AssetKind.TELEPHONE_SYSTEM, EXCHANGE, replace(HANDSETS, quantity=0))),
        case(
            "exchange without a type",
            recording(AssetKind.TELEPHONE_SYSTEM, replace(EXCHANGE, name=" ", has_specification=False), HANDSETS),
            fault("type of this telephone exchange"),
        ),
        case(
            "one record more, of no known use",
            recording(AssetKind.TELEPHONE_SYSTEM, EXCHANGE, HANDSETS, asset(AssetKind.TELEPHONE_SYSTEM, "Box")),
            warning("whether Box is an exchange"),
        ),
    ),
    "inventory.telephone-lines": (
        COMPLETE,
        case("no records", recording(AssetKind.TELEPHONE_LINE), fault("No telephone line")),
        case("calls not counted", recording(AssetKind.TELEPHONE_LINE, FAX, ALARM), fault("lines for calls")),
        case("fax not counted", recording(AssetKind.TELEPHONE_LINE, VOICE, ALARM), fault("lines for fax")),
        case("alarm not counted", recording(AssetKind.TELEPHONE_LINE, VOICE, FAX), fault("lines for the alarm")),
        case(
            "a line without a number",
            recording(AssetKind.TELEPHONE_LINE, VOICE, FAX, replace(ALARM, quantity=None)),
            fault("how many there are of Alarm"),
        ),
        case(
            "a line of no known use",
            recording(AssetKind.TELEPHONE_LINE, VOICE, FAX, ALARM, asset(AssetKind.TELEPHONE_LINE, "Line 7")),
            fault("whether Line 7 is for calls"),
        ),
    ),
    "inventory.internet": register(
        AssetKind.INTERNET,
        *signing_in(AssetKind.INTERNET),
        case("no provider", one_record(AssetKind.INTERNET, supplier=""), fault("no provider")),
    ),
    "inventory.licences": register(
        AssetKind.LICENCE,
        case("no supplier", one_record(AssetKind.LICENCE, supplier=""), fault("has no supplier.")),
        case("no end", one_record(AssetKind.LICENCE, perpetual=False), fault("no expiry date and is not marked")),
        case(
            "neither", one_record(AssetKind.LICENCE, supplier="", perpetual=False), fault("no supplier and no expiry")
        ),
        case("perpetual in spite of a date gone by", one_record(AssetKind.LICENCE, expires_on=date(2020, 1, 1))),
        case(
            "the last day of the calendar",
            one_record(AssetKind.LICENCE, perpetual=False, expires_on=date(9999, 12, 31)),
            turns=date(9999, 12, 1),
        ),
        case(
            "the first day of the calendar",
            one_record(AssetKind.LICENCE, perpetual=False, expires_on=date(1, 1, 1)),
            warning("was valid until 0001-01-01"),
            turns=None,
        ),
        *lapsing(
            EXPIRES_ON,
            "is valid until 2028-02-29",
            "was valid until 2028-02-29",
            one_record(AssetKind.LICENCE, perpetual=False, expires_on=EXPIRES_ON),
            worst=warning,
        ),
    ),
    "inventory.ip-addresses": register(
        AssetKind.IP_ADDRESS,
        *(
            case(
                f"{text or 'nothing'} is none",
                one_record(AssetKind.IP_ADDRESS, ip_address=text),
                fault("no valid IPv4"),
            )
            for text in ("", "192.0.2.256", "192.0.2", "router", "192.0.2.0/33", "2001:db8::g")
        ),
        *(
            case(f"{text} is one", one_record(AssetKind.IP_ADDRESS, ip_address=text))
            for text in ("192.0.2.0/24", "2001:db8::1", "2001:db8::/32")
        ),
    ),
    "inventory.mobile-phones": register(
        AssetKind.MOBILE_PHONE,
        case("no user", one_record(AssetKind.MOBILE_PHONE, holder=""), fault("who uses One of mobile-phones.")),
        case("an IMEI will do", one_record(AssetKind.MOBILE_PHONE, has_serial_number=False, has_imei=True)),
        case(
            "no number", one_record(AssetKind.MOBILE_PHONE, has_serial_number=False), fault("no serial number or IMEI")
        ),
        case(
            "neither",
            one_record(AssetKind.MOBILE_PHONE, holder="", has_serial_number=False),
            fault("and it has no serial"),
        ),
    ),
    "inventory.cloud-services": register(
        AssetKind.CLOUD_SERVICE,
        *signing_in(AssetKind.CLOUD_SERVICE),
        case("no supplier", one_record(AssetKind.CLOUD_SERVICE, supplier=""), fault("has no supplier.")),
        case("no administrator", one_record(AssetKind.CLOUD_SERVICE, administrator=""), fault("no administrator")),
        case("neither", one_record(AssetKind.CLOUD_SERVICE, supplier="", administrator=""), fault("supplier and no")),
    ),
    "inventory.tablets": register(
        AssetKind.TABLET,
        case("no user", one_record(AssetKind.TABLET, holder=""), fault("who uses One of tablets.")),
        case(
            "an IMEI will not do",
            one_record(AssetKind.TABLET, has_serial_number=False, has_imei=True),
            fault("no serial number."),
        ),
        case(
            "neither",
            one_record(AssetKind.TABLET, holder="", has_serial_number=False),
            fault("and it has no serial number"),
        ),
    ),
    "inventory.printers": register(
        AssetKind.PRINTER,
        case("no place", one_record(AssetKind.PRINTER, has_location=False), fault("where One of printers is")),
    ),
}


def looked_at(kind: AssetKind) -> tuple[Case, ...]:
    """Return what every part of the inventory but the licences says of who looked at it, as a whole."""
    sound = ASSETS[kind]
    older = replace(sound[0], confirmed_on=LONG_AGO)
    never = replace(sound[0], confirmed_on=None)
    said = len(sound)
    return (
        *lapsing(UNTIL_180, "the last look counts until", "the last look counted until", worst=warning),
        *tightened("inventory", "the last look counts until"),
        case("never looked at", recording(kind, never, *sound[1:]), warning(f"are right: 1 of {said}.")),
        case(
            "one of them long ago",
            recording(kind, older, *sound[1:]),
            warning("Look whether these records are still right"),
            turns=None,
        ),
        case(
            "all next week",
            recording(kind, *(replace(each, confirmed_on=NEXT_WEEK) for each in sound)),
            fault("yet to come"),
            turns=NEXT_WEEK,
        ),
        case(
            "as often as a licence is no matter",
            recording(kind, *(replace(each, confirmed_on=DONE_ON) for each in sound)),
            today=date(2028, 3, 15),
        ),
    )


LOOKED_AT = {code: looked_at(AssetKind(code.partition(".")[2])) for code in BOUNDARIES if code != "inventory.licences"}
BOUNDARIES |= {code: (*BOUNDARIES[code], *cases) for code, cases in LOOKED_AT.items()}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_inventory_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
