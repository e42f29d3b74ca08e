"""An instruction as the pieces it was made of: what differs between two, and the draft of an old one. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from core.i18n import Language
from plans import handbook
from plans.staff.queries import Instruction, Line, other_language
from plans.versions.comparing import Difference, PartChange, RowChange
from plans.versions.comparing import Line as ChangedLine
from plans.versions.rooms import Part
from plans.versions.telling import PART_TITLES

# How each line of an instruction begins.
LINE = re.compile(r"(?:^|\n)- ")
NAMES = {Language.DUTCH: _l("Dutch"), Language.ENGLISH: _l("English")}


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of an instruction in own words. own, translation: "" where there are none, as the answers keep them."""

    own: str = ""
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an instruction is made of: the policy, and its lines by handbook id in the handbook's order.

    language: in which `own` is written; `translation` is the other one.
    """

    language: Language
    policy: Piece = Piece()
    lines: Mapping[str, Piece] = field(default_factory=dict)


def draft_now(policy: Mapping[str, Any], lines: Sequence[Line], language: Language) -> Draft:
    """Return the draft as it stands. policy: values of the answer; language: of the organisation."""
    return Draft(
        language,
        Piece(str(policy.get("text") or ""), str(policy.get("translation") or "")),
        {line.item.id: Piece(line.own_text, line.own_translation) for line in lines if line.included},
    )


def draft_of(found: Instruction, language: Language) -> Draft:
    """Return the draft from which a published instruction would be made again, word for word. language: as draft_now().

    What is told in the handbook's own words, or has no translation, stays so.
    """
    own_in = language if language in found.texts else found.language
    other = other_language(own_in)
    policy, own = _split(found.texts[own_in], len(found.parts))
    policy_told, told = _split(found.texts[other], len(found.parts)) if other in found.texts else (policy, own)
    lines = {}
    for item_id, text, translated in zip(found.parts, own, told, strict=True):
        titles = _titles(item_id)
        kept = "" if text == titles[own_in] else text
        same = other not in found.texts or translated == (kept or titles[other])
        lines[item_id] = Piece(kept, "" if same else translated)
    return Draft(own_in, Piece(policy, "" if policy_told == policy else policy_told), lines)


def told(draft: Draft, language: Language) -> tuple[str, dict[str, str]]:
    """Return the policy and each line as an instruction made of this draft says them in `language`."""
    translated = language is not draft.language
    policy = (draft.policy.translation or draft.policy.own) if translated else draft.policy.own
    lines = {}
    for item_id, piece in draft.lines.items():
        own = piece.translation or piece.own if translated else piece.own
        lines[item_id] = own or _titles(item_id)[language]
    return policy, lines


def compare(before: Draft, after: Draft) -> tuple[PartChange, ...]:
    """Return what staff read differently, in each language; nothing when they read the same."""
    languages = (before.language, other_language(before.language))
    old, new = ({one: told(draft, one) for one in languages} for draft in (before, after))
    rows = []
    policy = [(NAMES[one], old[one][0], new[one][0]) for one in languages]
    if any(was != now for _label, was, now in policy):
        rows.append(_row("policy", _l("What staff do"), "", Difference.CHANGED, policy))
    order = [item.id for item in handbook.of_section(handbook.Section.STAFF)]
    both = {*before.lines, *after.lines}
    for item_id in (*(one for one in order if one in both), *sorted(both - set(order))):
        pairs = [(NAMES[one], old[one][1].get(item_id, ""), new[one][1].get(item_id, "")) for one in languages]
        if any(was != now for _label, was, now in pairs):
            kinds = {(True, False): Difference.REMOVED, (False, True): Difference.ADDED}
            kind = kinds.get((item_id in before.lines, item_id in after.lines), Difference.CHANGED)
            title = handbook.by_id()[item_id].title if item_id in handbook.by_id() else item_id
            rows.append(_row(item_id, _l("Lines of the instruction"), title, kind, pairs))
    return (PartChange(Part.STAFF, PART_TITLES[Part.STAFF], tuple(rows)),) if rows else ()


def _row(key: str, heading: Any, name: str, kind: Difference, pairs: Sequence[tuple[Any, str, str]]) -> RowChange:
    lines = tuple(ChangedLine(str(label), was, now) for label, was, now in pairs if was != now)
    return RowChange("instruction_version", key, kind, str(heading), name, lines)


def _split(text: str, lines: int) -> tuple[str, list[str]]:
    """Return the policy and the last `lines` lines of an instruction. A dash within the policy stays there."""
    starts = [found.start() for found in LINE.finditer(text)][-lines:] if lines else []
    if not lines or len(starts) < lines:
        # The policy alone, or a text that no draft makes: nothing is lost, all of it is policy.
        return text, ["" for _line in range(lines)]
    ends = [*starts[1:], len(text)]
    pieces = [text[start:end].strip("\n").removeprefix("- ") for start, end in zip(starts, ends, strict=True)]
    return text[: starts[0]].rstrip("\n"), pieces


def _titles(item_id: str) -> dict[Language, str]:
    found = handbook.by_id().get(item_id)
    return {one: found.title_in(one) if found else item_id for one in Language}
