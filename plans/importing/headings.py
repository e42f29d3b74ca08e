"""Headings as people write them above a column, per column of the registers: data, and how two are compared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from plans.registers.cells import folded

# Targets that are no column of a register by themselves.
NOT_USED = ""
INTO_NOTE = "into_note"
IMEI_OR_SERIAL = "imei_or_serial"
EXTERNAL = "external"
SORT = "sort"
# Of a workbook that was downloaded to be changed and uploaded again (plans/importing/returning.py). What a record was
# stands in the cell of its key; files of before have a column of its own for it.
ROW_KEY = "row_key"
ROW_STATE = "row_state"
KEY_HEADING, STATE_HEADING = "Waarborg key", "Waarborg state"


def said(words: str) -> tuple[str, ...]:
    """Return words that stand in one text, parted by semicolons."""
    return tuple(word.strip() for word in words.split(";"))


@dataclass(frozen=True, slots=True)
class Words:
    """Headings of one target. whole: the heading says it all; parts: columns that together make up the value,
    in the order of the file; adds: parts count beside a whole column too, else only without one.
    """

    whole: tuple[str, ...]
    parts: tuple[str, ...] = ()
    adds: bool = False


_SERIAL = said("serienummer; serienr; serie nr; serie; s/n; sn; serial; serial number; service tag")
_PERSON = said("voornaam; tussenvoegsel; tussenvoegsels; achternaam; first name; last name; surname")
_MAKE = said("merk; model; type; merk/type; merk en type; fabrikant; make; brand; manufacturer")
_CONFIRMED = said("gecontroleerd; gecontroleerd op; bevestigd op; nagekeken; checked on; confirmed on; last checked")
_UNTIL = said(
    "verloopt; verloopdatum; vervaldatum; geldig tot; einddatum; expires; expiration date; expiry "
    "date; valid until; end date; verlengen; contract tot; contract until; renewal date"
)

GENERAL: Mapping[str, Words] = MappingProxyType(
    {
        "name": Words(said("naam; name; omschrijving; description; volledige naam; full name"), _PERSON),
        "job_title": Words(said("functie; functietitel; rol; job title; title; function; role")),
        "department": Words(said("afdeling; team; department; dept")),
        "phone": Words(
            said(
                "telefoon; telefoonnummer; tel; telnr; mobiel; mobiele telefoon; mobiel nummer; 06; gsm; "
                "phone; phone number; telephone; mobile; cell; storingsnummer"
            )
        ),
        "phone_2": Words(
            said(
                "telefoon 2; tweede telefoon; vast; vast nummer; telefoon thuis; telefoon werk; phone 2; "
                "second telephone; home phone; work phone; landline"
            )
        ),
        "email": Words(said("e-mail; email; mail; e-mailadres; mailadres; emailadres; email address")),
        "is_staff": Words(said("medewerker; in dienst; personeel; works here; staff; employee")),
        "language": Words(said("taal; voorkeurstaal; language; preferred language")),
        EXTERNAL: Words(said("extern; extern?; externe partij; external; external?")),
        SORT: Words(said("soort; type apparaat; soort apparaat; device type; kind")),
        "confirmed_on": Words(_CONFIRMED),
        "note": Words(
            said(
                "opmerking; opmerkingen; notitie; notities; toelichting; bijzonderheden; note; notes; remark; "
                "remarks; comment; comments; asset notes"
            )
        ),
        "kind": Words(said("soort; soort partij; rol; functie; categorie; kind; category; role")),
        "contact_name": Words(said("contactpersoon; contact; vragen naar; contact person; contact name")),
        "kvk": Words(said("kvk; kvk-nummer; kvk nummer; handelsregister; chamber of commerce")),
        "reference": Words(
            said(
                "klantnummer; polisnummer; relatienummer; contractnummer; customer number; policy number; "
                "reference; kenmerk"
            )
        ),
        "report_within_hours": Words(
            said("melden binnen; meldtermijn; meldtermijn polis; melden binnen uren; report within; reporting term")
        ),
        "head_id": Words(said("hoofd; afdelingshoofd; leidinggevende; manager; head; verantwoordelijke")),
        "deputy_id": Words(said("plaatsvervanger; vervanger; deputy; substitute")),
        "impact_4_hours": Words(said("uitval 4 uur; uitval van 4 uur; eerste 4 uur; outage of 4 hours; first 4 hours")),
        "impact_day": Words(said("uitval dag; uitval van een dag; outage of a day; a day")),
        "impact_3_days": Words(said("uitval 3 dagen; uitval van 3 dagen; outage of 3 days")),
        "impact_week": Words(said("uitval week; uitval van een week; outage of a week")),
        "impact_longer": Words(said("langere uitval; uitval langer; longer outage")),
        "uses_no_systems": Words(said("werkt zonder systemen; works without systems")),
        "needs_no_data": Words(said("werkt zonder gegevens; works without data")),
        "recovery_priority": Words(said("prioriteit; volgorde; herstelprioriteit; priority; recovery priority")),
        "rto_hours": Words(said("rto; terug binnen; hersteltijd; maximale uitval; back within")),
        "rpo_hours": Words(said("rpo; maximaal gegevensverlies; maximaal verlies")),
        "supplier_id": Words(said("leverancier; supplier; vendor")),
        "scheme_service": Words(
            said("dienst onder een continuiteitsregeling; continuiteitsregeling; service under a continuity scheme")
        ),
        "in_use_on": Words(said("in gebruik sinds; in gebruik; ingebruikname; in use since")),
        "attractive": Words(said("aantrekkelijk; interessant voor criminelen; attractive")),
        "personal": Words(said("persoonsgegevens; avg; personal data; gdpr")),
        "protection": Words(said("bescherming; beveiliging; maatregelen; protection; security")),
        "specification": Words(
            said(
                "specificatie; specificaties; type / specificaties; specs; specification; configuratie; "
                "configuration; snelheid; speed"
            ),
            (
                *_MAKE,
                *said("model number; processor; cpu; geheugen; ram; memory; schijf; opslag; disk; storage"),
                *said("besturingssysteem; os; operating system"),
            ),
            adds=True,
        ),
        "serial_number": Words(_SERIAL),
        "imei": Words(said("imei; imei nummer; imeinummer; imei number")),
        IMEI_OR_SERIAL: Words(said("imei / serie; imei / serienummer; imei of serienummer; imei/sn; imei or serial")),
        "location": Words(
            said("locatie; plaats; staat in; vestiging; ruimte; kamer; location; site; room; waar; where")
        ),
        "holder": Words(
            said(
                "gebruiker; in gebruik bij; medewerker; eigenaar; uitgegeven aan; user; assigned to; owner; "
                "holder; checked out to"
            ),
            (*said("checked out to: first name; checked out to: last name"), *_PERSON),
        ),
        "supplier": Words(said("leverancier; gekocht bij; supplier; vendor; provider; aanbieder")),
        "administrator": Words(said("beheerder; beheer; beheerd door; administrator; admin; managed by")),
        "ip_address": Words(said("ip; ip-adres; ip adres; ip address; ip nummer")),
        "mac_address": Words(said("mac; mac-adres; mac address; fysiek adres")),
        "vat": Words(said("btw; btw-nummer; vat; vat number")),
        "iban": Words(said("iban; rekeningnummer; bankrekening; bank account")),
        "phone_number": Words(
            said("telefoonnummer; nummer; telefoon; mobiel nummer; 06-nummer; tel; telnr; phone number; number; phone")
        ),
        "website": Words(said("website; url; webadres; adres; inlogpagina; web; site")),
        "wifi": Words(said("wifi; wi-fi; wifi naam; ssid; wifi network")),
        "line_use": Words(said("gebruik; soort lijn; gebruikt voor; used for; what it is")),
        "quantity": Words(said("aantal; stuks; quantity; qty; count; amount")),
        "licence_key": Words(
            said(
                "licentiesleutel; licentiecode; sleutel; productcode; productsleutel; licence key; license "
                "key; product key; key"
            )
        ),
        "expires_on": Words(_UNTIL),
        "perpetual": Words(said("onbepaald; eeuwig; perpetual; lifetime")),
        "yearly_cost": Words(
            said(
                "kosten per jaar; jaarkosten; prijs per jaar; bedrag per jaar; cost per year; yearly cost; "
                "annual cost; price per year"
            )
        ),
        "acquired_on": Words(
            said(
                "aangeschaft op; aangeschaft; aanschafdatum; gekocht op; koopdatum; aankoopdatum; aanschaf; "
                "purchase date; purchased on; acquired on; bought on"
            )
        ),
        "warranty_until": Words(
            said("garantie tot; garantie; einde garantie; garantiedatum; warranty until; warranty; warranty expires")
        ),
        "holds_business_data": Words(
            said(
                "zakelijke gegevens; zakelijke gegevens?; bedrijfsgegevens; zakelijk; business data; holds "
                "business data"
            )
        ),
        "second_step": Words(
            said("tweede stap; tweestapsverificatie; tweefactor; 2fa; mfa; second step; two-step verification")
        ),
        "second_step_spare": Words(said("herstelcodes; reserve; terugvalcodes; recovery codes; backup codes; spare")),
        ROW_KEY: Words((KEY_HEADING,)),
        ROW_STATE: Words((STATE_HEADING,)),
        INTO_NOTE: Words(said("functie; asset tag; inventarisnummer; asset nummer; categorie; category")),
    }
)

_DEVICE = Words((*GENERAL["name"].whole, *said("toestel; apparaat; device; merk/type; merk en type")), (*_MAKE,))
_COMPUTER = Words(
    said(
        "naam; name; computernaam; computer; pc; pc-naam; werkplek; hostname; apparaat; device; "
        "device name; toestel; omschrijving"
    )
)
# What a heading means in one register only. Keys: the register's slug and the target.
PARTICULAR: Mapping[tuple[str, str], Words] = MappingProxyType(
    {
        ("contacts", "name"): Words(
            said("naam; name; contact; medewerker; persoon; full name; volledige naam"), _PERSON
        ),
        ("parties", "name"): Words(said("naam; name; bedrijf; organisatie; company; leverancier; partij; supplier")),
        ("departments", "name"): Words(said("afdeling; naam; department; name; team")),
        ("systems", "name"): Words(said("systeem; applicatie; programma; naam; system; application; name")),
        ("systems", "note"): Words((*GENERAL["note"].whole, *said("omschrijving; description"))),
        ("data-sets", "name"): Words(said("gegevens; dataset; gegevensverzameling; naam; data set; data; name")),
        ("office-pcs", "name"): _COMPUTER,
        ("servers", "name"): Words((*_COMPUTER.whole, *said("server; servernaam; nas"))),
        ("backup-units", "name"): Words((*_COMPUTER.whole, *said("back-up; backup; wat; what it is; medium"))),
        ("telephone-system", "name"): Words(said("wat; naam; toestel; centrale; name; omschrijving; what")),
        ("telephone-lines", "name"): Words(said("wat; naam; lijn; name; omschrijving; line; what")),
        ("internet", "name"): Words(said("wat; naam; verbinding; abonnement; name; connection; what")),
        ("licences", "name"): Words(
            said(
                "product; software; programma; licentie; naam; item name; license name; licence; name; "
                "product name; applicatie"
            )
        ),
        ("licences", "licence_key"): Words((*GENERAL["licence_key"].whole, *said("serial number; serienummer"))),
        ("licences", "quantity"): Words(
            (*GENERAL["quantity"].whole, *said("seats; aantal gebruikers; gebruikers; users"))
        ),
        ("cloud-services", "quantity"): Words(
            (*GENERAL["quantity"].whole, *said("aantal gebruikers; gebruikers; users; seats"))
        ),
        ("cloud-services", "name"): Words(said("dienst; clouddienst; service; cloud service; product; naam; name")),
        ("ip-addresses", "name"): Words(said("apparaat; waarvoor; naam; omschrijving; device; used for; name; host")),
        ("mobile-phones", "name"): _DEVICE,
        ("tablets", "name"): _DEVICE,
        ("printers", "name"): Words((*_DEVICE.whole, *said("printer; scanner")), _DEVICE.parts),
    }
)

# Words in the name of a sheet or in the title above it, per layout.
SHEET_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "office-pcs": said("pc; pcs; computers; werkplekken; laptops; hardware; assets; workstations; desktops"),
        "servers": said("servers; nas"),
        "backup-units": said("back-up; backup; backups; back-ups"),
        "telephony": said("telefonie; telephony"),
        "telephone-system": said("telefooncentrale; telefoontoestellen; centrale"),
        "telephone-lines": said("telefoonlijnen; lijnen; lines"),
        "internet": said("internet; glasvezel; verbindingen"),
        "licences": said("licenties; licences; licenses; software; softwarelicenties"),
        "ip-addresses": said("ip; ip-adressen; netwerk"),
        "mobile-devices": said("mobiel; mobile; mobiele telefoons; mobiele apparaten"),
        "mobile-phones": said("mobiel; mobile; mobiele telefoons; smartphones"),
        "cloud-services": said("cloud; clouddiensten; saas"),
        "tablets": said("tablets; ipads"),
        "printers": said("printers; scanners; kopieerapparaten"),
        "people": said("contacten; contacts; wie bel je; telefoonlijst; adreslijst"),
        "contacts": said("contacten; contacts; medewerkers; personeel; users; staff; telefoonlijst; wie bel je"),
        "parties": said("externe partijen; leveranciers; suppliers; partijen; vendors"),
        "departments": said("afdelingen; departments"),
        "systems": said("systemen; applicaties; systems; applications"),
        "data-sets": said("gegevens; datasets; data sets"),
    }
)


@lru_cache(maxsize=4096)
@lru_cache(maxsize=4_096)
def normal(heading: str) -> str:
    """Return a heading for comparing: no case, accents, dots, other marks or plural."""
    bare = re.sub(r"['’`]s\b", "", folded(heading)).replace(".", "")
    return " ".join(_singular(word) for word in re.sub(r"[^a-z0-9]+", " ", bare).split())


def _singular(word: str) -> str:
    if len(word) > 5 and word.endswith("en"):
        stem = word[:-2]
        return stem[:-1] if stem[-1] == stem[-2] else stem
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def words_of(slug: str, target: str) -> Words:
    """Return the headings of `target` in the register called `slug`; none when nobody thought of any."""
    return PARTICULAR.get((slug, target)) or GENERAL.get(target) or Words(())
