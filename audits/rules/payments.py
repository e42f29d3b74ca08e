"""Rules of the payments section."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from audits.judging.judgement import WHOLE_PLAN, Check, Judgement, Subject, TenantFacts, aged, missing
from audits.judging.severity import Severity
from audits.rules.answers import Needed, answered, chosen
from core.i18n import N_
from plans import intervals
from plans.fields import YES
from plans.intervals import Interval
from plans.payments.agreements import AGREEMENTS, FOUR_EYES, UNCHECKED_LIMIT, digest_of, is_agreed

ACCOUNT_CHANGE, ADDRESS_BOOK = "payments.account-change", "payments.address-book"
APPROVAL = Subject(part="approval")
CHANGED = N_("The agreements about payments changed after the approval of %(day)s. Let a director approve them again.")
PROTOCOL = Needed("protocol", N_("The protocol has not been written yet."))


def unchecked_limit(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the amount up to which staff pay without a check, and a director's approval of all six agreements.

    Source: payments.unchecked-limit; rules 3.9 C7.
    """
    yield from answered(facts, UNCHECKED_LIMIT, Needed("amount", N_("No amount has been filled in yet.")))
    yield from _approved(facts, today)


def _approved(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the agreements approved as they are now. As long as one is missing there is nothing to approve."""
    agreed = {item_id: facts.plan.answers[item_id].values for item_id in AGREEMENTS if item_id in facts.plan.answers}
    if not all(is_agreed(agreed.get(item_id)) for item_id in AGREEMENTS):
        return
    newest = max(facts.plan.approvals, key=lambda found: found.number, default=None)
    if newest is not None and newest.digest != digest_of(agreed):
        yield missing(CHANGED, APPROVAL, day=newest.approved_on)
        return
    yield aged(
        APPROVAL,
        newest.approved_on if newest else None,
        intervals.days(facts.plan.intervals, Interval.PAYMENT_APPROVAL),
        today,
        absent=N_("No director has approved the agreements about payments yet."),
        soon=N_("Let a director approve the agreements about payments again: the approval counts until %(until)s."),
        lapsed=N_("Let a director approve the agreements about payments again: the approval counted until %(until)s."),
    )


def four_eyes(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the amount from which two people look; warn when payments in between are checked by nobody.

    Source: payments.four-eyes.
    """
    yield from answered(facts, FOUR_EYES, Needed("amount", N_("No amount has been filled in yet.")))
    four, unchecked = facts.plan.answers.get(FOUR_EYES), facts.plan.answers.get(UNCHECKED_LIMIT)
    amount, limit = four.amount("amount") if four else None, unchecked.amount("amount") if unchecked else None
    if amount is not None and limit is not None and amount > limit:
        yield missing(
            N_(
                "Two pairs of eyes are asked for from %(amount)s, but staff pay without a check only up to %(limit)s: "
                "agree on what lies between."
            ),
            WHOLE_PLAN,
            severity=Severity.WARNING,
            amount=amount,
            limit=limit,
        )


def address_book(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the question answered, and an address book set up at the bank.

    Source: payments.address-book.
    """
    yield from answered(
        facts,
        ADDRESS_BOOK,
        Needed("only_address_book", N_("It is not told whether you pay only to accounts in the address book.")),
        Needed("bank_book", N_("It is not told whether an address book is set up at the bank.")),
    )
    if chosen(facts, ADDRESS_BOOK, "bank_book") not in ("", YES):
        yield missing(N_("No address book is set up at the bank."), Subject(part="bank_book"))


def protocol(facts: TenantFacts, today: date, *, item_id: str) -> Iterator[Judgement]:
    """Want the protocol written.

    Source: payments.unknown-account, payments.email-order.
    """
    yield from answered(facts, item_id, PROTOCOL)


def account_change(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the protocol written, and the sender called on a number already known.

    Source: payments.account-change.
    """
    calls_back = Needed("calls_back", N_("It is not told whether you call the sender on a number you already know."))
    yield from answered(facts, ACCOUNT_CHANGE, PROTOCOL, calls_back)
    if chosen(facts, ACCOUNT_CHANGE, "calls_back") not in ("", YES):
        yield missing(
            N_("The protocol does not say that the sender is called on a number you already know."),
            Subject(part="calls_back"),
        )


CHECKS: dict[str, Check] = {
    UNCHECKED_LIMIT: unchecked_limit,
    FOUR_EYES: four_eyes,
    ADDRESS_BOOK: address_book,
    "payments.unknown-account": partial(protocol, item_id="payments.unknown-account"),
    ACCOUNT_CHANGE: account_change,
    "payments.email-order": partial(protocol, item_id="payments.email-order"),
}
