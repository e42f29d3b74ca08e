"""The rule of the items that an organisation added itself."""

from collections.abc import Iterator
from datetime import date

from audits.judging.judgement import Check, Judgement, Subject, TenantFacts, aged, missing
from audits.rules.answers import left_out, waived
from core.i18n import N_
from plans.facts import OwnItemFact
from plans.models import OwnKind
from plans.own_items.ids import ANSWER, RULE

UNANSWERED = N_("“%(title)s” has not been answered yet.")


def own_item(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want an answer to each own item, no older than the item says; a day counts from that day, else the answer's.

    Judged as own.item, each by itself. Source: the handbook's last paragraph; upkeep.tailored.
    """
    for own in facts.plan.own_items:
        waiver = left_out(facts, own.item_id, today)
        if waiver:
            yield waived(waiver, _on(own), today)
        else:
            yield from _answered(facts, own, today)


def _answered(facts: TenantFacts, own: OwnItemFact, today: date) -> Iterator[Judgement]:
    answer = facts.plan.answers.get(own.item_id)
    if answer is None or not answer.text(ANSWER):
        yield missing(UNANSWERED, _on(own), title=own.title)
    elif own.interval_days is not None:
        yield aged(
            _on(own),
            answer.day(ANSWER) if own.kind is OwnKind.DAY else answer.answered_on,
            own.interval_days,
            today,
            absent=UNANSWERED,
            soon=N_("“%(title)s” counts until %(until)s. Answer it again before then."),
            lapsed=N_("“%(title)s” counted until %(until)s. Answer it again."),
            params={"title": own.title},
        )


def _on(own: OwnItemFact) -> Subject:
    return Subject("own_item", own.id, own.title)


CHECKS: dict[str, Check] = {RULE: own_item}
