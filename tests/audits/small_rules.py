"""A few small rules over contacts, so that tests of the engine can steer every judgement."""

from collections.abc import Iterator
from datetime import date, timedelta

from audits.judging.judgement import Check, Judgement, Rule, Subject, TenantFacts, lapse, missing
from audits.sweeping.sweep import RuleSet

VALID_DAYS = 100
PHONE = "processes.department-heads"
FRESH = "upkeep.contacts"


def phones(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a phone number of everybody."""
    for contact in facts.plan.contacts.values():
        if not contact.phone:
            yield missing(
                "%(name)s has no phone number.", Subject("contact", contact.id, contact.name), name=contact.name
            )


def fresh(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want everybody confirmed in the last VALID_DAYS days."""
    for contact in facts.plan.contacts.values():
        if contact.confirmed_on is not None:
            until = contact.confirmed_on + timedelta(days=VALID_DAYS)
            yield lapse(
                Subject("contact", contact.id, contact.name), until, today, soon="Until %(until)s.", lapsed="Lapsed."
            )


def breaks_on_trouble(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Break off for an organisation that has a contact called Trouble."""
    for contact in facts.plan.contacts.values():
        if contact.name == "Trouble":
            raise ZeroDivisionError("a mistake in a rule")
    yield from ()


def rule_set(name: str = "small", **checks: Check) -> RuleSet:
    """Return a rule set of the two rules above, or of `checks`: {rule code with _ for -}."""
    chosen = {code.replace("__", ".").replace("_", "-"): check for code, check in checks.items()}
    return RuleSet(name, tuple(Rule(code, check) for code, check in (chosen or {PHONE: phones, FRESH: fresh}).items()))
