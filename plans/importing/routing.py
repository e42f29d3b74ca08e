"""Which register a row belongs to and what its own words tell about it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from plans.importing.headings import EXTERNAL, SORT
from plans.importing.layouts import MOBILE_DEVICES, PEOPLE, TELEPHONY, Layout
from plans.models import AssetKind, LineUse, PartyKind
from plans.registers.cells import NO_WORDS, YES_WORDS, folded
from plans.registers.columns import register
from plans.registers.shape import Register, Value


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a row goes. guessed: values told by its words, by column name; sure: False where no word told anything."""

    register: Register
    guessed: Mapping[str, Value] = field(default_factory=dict)
    sure: bool = True


# Read from the top; the first line with a word that the text holds decides. "lijn alarmcentrale" is an alarm line.
TELEPHONY_WORDS: tuple[tuple[tuple[str, ...], AssetKind, LineUse | None], ...] = (
    (("alarm", "meldkamer"), AssetKind.TELEPHONE_LINE, LineUse.ALARM),
    (("fax",), AssetKind.TELEPHONE_LINE, LineUse.FAX),
    (
        ("glasvezel", "internet", "adsl", "vdsl", "dsl", "kabelmodem", "fiber", "fibre", "wifi", "4g", "5g"),
        AssetKind.INTERNET,
        None,
    ),
    (
        ("toestel", "handset", "headset", "telefoontoestel", "desk phone"),
        AssetKind.TELEPHONE_SYSTEM,
        LineUse.HANDSET,
    ),
    (("centrale", "pbx", "exchange"), AssetKind.TELEPHONE_SYSTEM, LineUse.EXCHANGE),
    (("lijn", "spraak", "voice", "sip", "isdn", "line", "nummer"), AssetKind.TELEPHONE_LINE, LineUse.VOICE),
)
TABLET_WORDS = ("tablet", "ipad", "galaxy tab")
PHONE_WORDS = ("telefoon", "phone", "mobiel", "mobile", "gsm")
PARTY_WORDS: tuple[tuple[tuple[str, ...], PartyKind], ...] = (
    (
        ("it-", "ict", "systeembeheer", "beheerder", "automatiser", "helpdesk", "administrator"),
        PartyKind.IT_ADMINISTRATOR,
    ),
    (("verzeker", "assuradeur", "polis", "insur"), PartyKind.INSURER),
    (("advoca", "jurist", "juridisch", "lawyer", "attorney", "notaris"), PartyKind.LAWYER),
    (
        ("facilit", "schoonma", "beveilig", "installat", "elektric", "loodgiet", "monteur", "facility"),
        PartyKind.FACILITY,
    ),
    (("leveranc", "supplier", "vendor", "provider"), PartyKind.SUPPLIER),
)


class Answer(StrEnum):
    """What a yes/no cell says."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


def yes_or_no(text: str) -> Answer:
    """Return what a yes/no cell says; an empty one says no."""
    said = folded(text)
    if said in YES_WORDS:
        return Answer.YES
    return Answer.NO if not said or said in NO_WORDS else Answer.UNCLEAR


def route(layout: Layout, texts: Mapping[str, str]) -> Routed:
    """Return where a row of a sheet with `layout` goes. texts: what stands in its cells, by target."""
    if layout is TELEPHONY:
        return _telephony(folded(texts.get("name", "")))
    if layout is MOBILE_DEVICES:
        return _mobile(folded(texts.get(SORT, "")), folded(texts.get("name", "")))
    if layout is PEOPLE:
        external = yes_or_no(texts.get(EXTERNAL, "")) is Answer.YES
        return _party(texts, "job_title") if external else Routed(register("contacts"))
    only = layout.registers[0]
    return _party(texts, "kind") if only.slug == "parties" else Routed(only)


def _telephony(name: str) -> Routed:
    for words, kind, use in TELEPHONY_WORDS:
        if _holds(name, words):
            return Routed(register(kind), {"line_use": use} if use else {})
    return Routed(register(AssetKind.TELEPHONE_SYSTEM), sure=False)


def _mobile(sort: str, name: str) -> Routed:
    for text in (sort, name):
        if _holds(text, TABLET_WORDS):
            return Routed(register(AssetKind.TABLET))
        if _holds(text, PHONE_WORDS):
            return Routed(register(AssetKind.MOBILE_PHONE))
    return Routed(register(AssetKind.MOBILE_PHONE), sure=False)


def _party(texts: Mapping[str, str], told_in: str) -> Routed:
    parties = register("parties")
    told = folded(texts.get("kind") or texts.get(told_in, ""))
    for text in (told, folded(texts.get("name", ""))):
        for words, kind in PARTY_WORDS:
            if _holds(text, words):
                return Routed(parties, {"kind": kind})
    return Routed(parties, {"kind": PartyKind.OTHER}, sure=False)


def _holds(text: str, words: tuple[str, ...]) -> bool:
    # A word may stand at the end of a longer one (telefooncentrale) or begin one (toestellen), except a short
    # one: "ict" stands in "district" as well.
    return any(word in text if len(word) > 3 else re.search(rf"\b{re.escape(word)}", text) for word in words)
