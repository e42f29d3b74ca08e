"""Judge again only by the rules that could find something else; what the others found stands.

A rule is a pure function of the facts it reads (audits/rules/reads.py) and a day. Where no table behind those facts
changed since an organisation was judged, and the day on which its judgements could differ has not come, it finds what
it found then, which was kept with the day (audits/asof). So a save asks for a few tables and rules, not for all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from audits.asof import keeping
from audits.asof.keeping import Standing
from audits.judging.engine import Judgements, judge, waiver_edges
from audits.judging.judgement import SCHEME_FACTS, Rule, TenantFacts
from audits.sweeping.states import State
from audits.sweeping.waiting import Mark
from continuity import loading as continuity_loading
from plans import loading as plan_loading
from plans.facts import PlanFacts
from plans.loading import ENTERED
from tenants.prepared import tables_of

# What every judging reads beside its rules: what is left out today, and what is a proposal yet.
ALWAYS = frozenset({"waivers", "proposals"})


@dataclass(frozen=True, slots=True)
class Again:
    """What was found of an organisation before, and the rules that may find something else. registered: as it was;
    outside: whether it has no scheme still; entered: at which items anything was, by the facts that tell it and did not
    change.
    """

    found: Judgements
    rules: tuple[Rule, ...]
    registered: bool
    outside: bool
    entered: Mapping[str, Sequence[str]]

    @property
    def reads(self) -> frozenset[str]:
        """Return the facts that must be loaded for it: fields of PlanFacts, and SCHEME_FACTS."""
        return ALWAYS.union(*(self._loads(rule.reads) for rule in self.rules if rule.reads is not None))

    def _loads(self, reads: frozenset[str]) -> frozenset[str]:
        # Whoever asks at which items anything was entered asks nothing else of the facts that tell it.
        return reads - self.entered.keys() if ENTERED in reads else reads

    def judge(self, facts: TenantFacts, today: date, rules: Sequence[Rule]) -> Judgements:
        """Judge by what must be judged again, and return what judging by all of `rules` would find.

        The very judgements that were found before, where nothing else was.
        """
        anew = judge(facts, today, self.rules)
        again = {rule.code for rule in self.rules}
        before = self.found
        if (
            anew.gaps == tuple([one for one in before.gaps if one[0] in again])
            and anew.holds == tuple([one for one in before.holds if one[0] in again])
        ):  # fmt: skip
            return before
        place = {rule.code: at for at, rule in enumerate(rules)}
        gaps = [*anew.gaps, *(one for one in before.gaps if one[0] not in again)]
        holds = [*anew.holds, *(one for one in before.holds if one[0] not in again)]
        gaps.sort(key=lambda one: place[one[0]])
        holds.sort(key=lambda one: place[one[0]])
        days = [gap.changes_on for _, gap in gaps if gap.changes_on is not None]
        days += [held.changes_on for _, held in holds]
        days += waiver_edges(facts.plan.waivers, today)
        return Judgements(tuple(gaps), tuple(holds), min(days, default=None))


def look(
    tenant_ids: Collection[int],
    before: Mapping[int, State],
    seen: Mapping[int, Mark],
    days: Mapping[int, date],
    standing: Mapping[int, Standing],
    rule_set: str,
    rules: Sequence[Rule],
) -> dict[int, Again]:
    """Return those of the open scope's organisations `tenant_ids` of which a part needs judging, each with that part.

    before, seen, days, standing: how each was judged last, its mark, the day to judge and what was kept of it. The
    others are to be judged by every rule: no mark tells what changed, or something counts that stands before every
    rule.
    """
    known = {
        one: standing[one]
        for one in tenant_ids
        if one in before and _told_what(before[one], seen.get(one), days[one], standing[one], rule_set)
    }
    if not known or any(rule.reads is None for rule in rules):
        return {}
    found = keeping.found_then(known)
    plans = plan_loading.load_some(dict.fromkeys(found, ALWAYS))
    chosen: dict[int, Again] = {}
    for one, judgements in found.items():
        mark, state = seen.get(one), before[one]
        changed = _fields(mark.tables) if mark else frozenset[str]()
        if changed.isdisjoint(ALWAYS) and not _turned(plans[one], state.judged_on, days[one]):
            again = _rules(judgements, changed, days[one], rules)
            entered = {field: told for field, told in (state.entered or {}).items() if field not in changed}
            outside = not state.registered and SCHEME_FACTS not in changed
            chosen[one] = Again(judgements, again, bool(state.registered), outside, entered)
    return chosen


def _told_what(state: State, mark: Mark | None, day: date, standing: Standing, rule_set: str) -> bool:
    """Tell whether all that changed since an organisation was judged is known by name."""
    return (
        bool(state.told)
        and state.registered is not None
        and state.judged_on <= day
        and (state.rule_set, standing.last and standing.last.rule_set) == (rule_set, rule_set)
        and (mark is None or mark.tells_all)
    )


def _turned(plan: PlanFacts, judged_on: date, day: date) -> bool:
    """Tell whether something stands before the rules themselves: a waiver that came or went, or a proposal."""
    return bool(plan.proposals) or any(edge <= day for edge in waiver_edges(plan.waivers, judged_on))


def _rules(found: Judgements, changed: frozenset[str], day: date, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    come = {code for code, gap in found.gaps if gap.changes_on is not None and gap.changes_on <= day}
    come |= {code for code, held in found.holds if held.changes_on <= day}
    return tuple(rule for rule in rules if rule.code in come or not changed.isdisjoint(rule.reads or ()))


@cache
def _behind() -> dict[str, frozenset[str]]:
    """Return by table the facts that are read from it."""
    tables = {**plan_loading.tables(), SCHEME_FACTS: tables_of(continuity_loading.SELECTS)}
    every = frozenset().union(*tables.values())
    return {name: frozenset(field for field, names in tables.items() if name in names) for name in every}


@cache
def _fields(tables: str) -> frozenset[str]:
    """Return the facts that are read from any of these tables. tables: as in a mark."""
    behind = _behind()
    return frozenset().union(*(behind.get(name, ()) for name in tables.split()))
