"""What stands in the database that the browser looks at: the sample, and what only people add."""

from datetime import timedelta

import sqlalchemy as sa

import sample
from audits.made import making, schedules
from audits.made.models import Cadence
from audits.made.ordering import order
from audits.made.rights import Shows
from audits.made.schedules import ScheduleValues
from audits.sweeping import sweep
from audits.webhooks import services as webhooks
from audits.webhooks.models import HookEvent
from audits.webhooks.services import WebhookValues
from core import clock, db
from core.i18n import Language
from core.ids import new_id
from plans.calamity import services as calamity
from plans.calamity.deciders import Account
from plans.calamity.frozen import unpacked
from plans.calamity.services import Activation, Closing
from plans.calamity.targets import Written
from plans.models import Asset, AssetKind, EntryKind, System
from plans.runbook import services as runbook
from plans.runbook.services import StepValues
from plans.starters import services as starting
from plans.starters.catalogue import starter
from sample.days import Days
from sample.history import look_back
from sample.organisations import BAKERY, FOUNDATION, SUPPLIER, Organisation
from tenants import services
from tenants.models import (
    Alarm,
    Capacity,
    Operator,
    Role,
    TenantKind,
)
from tenants.scope import Actor, close_scope, open_scope, scoped, whole
from tenants.services import TenantValues
from tenants.tokens import services as tokens
from tenants.tokens.scopes import TokenScope
from tenants.tokens.services import TokenValues
from tests.browser.people import SignIn, Who

PASSWORD = "brood op de plank"


def fill() -> dict[Who, SignIn]:
    """Fill the database of the open application; return how each signs in."""
    made = sample.fill_example(today=clock.today(), password=PASSWORD)
    look_back(made.tenant_ids, Days(clock.today()))
    sweep.run(made.tenant_ids)
    seats: dict[Who, tuple[Organisation, Role | Capacity]] = {
        Who.OWNER: (BAKERY, Role.OWNER),
        Who.READER: (BAKERY, Role.READER),
        Who.SUPPLIER: (SUPPLIER, Role.OWNER),
        Who.OFFICER: (FOUNDATION, Role.OWNER),
        Who.AUDITOR: (BAKERY, Capacity.AUDITOR),
    }
    _propose()
    _connect(made.of(BAKERY.slug, Role.OWNER).email)
    _order()
    # Who keeps the foundation keeps the installation as well.
    db.begin(writes=True)
    keeper = services.user_by_email(made.of(FOUNDATION.slug, Role.OWNER).email)
    assert keeper is not None
    db.session().add(Operator(user_id=keeper.id, starts_at=clock.now(), ends_at=None))
    # Mail to whoever reads only came back.
    reader = services.user_by_email(made.of(BAKERY.slug, Role.READER).email)
    assert reader is not None
    reader.bounced_at, reader.bounce_status = clock.now() - timedelta(days=2), "5.2.2"
    db.commit()
    people = {
        who: SignIn(made.of(organisation.slug, role).email, PASSWORD, organisation.slug)
        for who, (organisation, role) in seats.items()
    }
    return people | {Who.NEWCOMER: _begin()}


def _begin() -> SignIn:
    """Add a firm in which nothing stands yet, and its owner."""
    email, slug, at = "eva@zonnehoek.example", "bakkerij-zonnehoek", clock.now()
    db.begin(writes=True)
    firm = services.add_tenant(TenantValues("Bakkerij Zonnehoek", TenantKind.BUSINESS), slug=slug, at=at)
    tenant_id, owner_id = firm.id, services.add_user(email, "Eva Zon", PASSWORD, at=at).id
    db.commit()
    with scoped(whole(tenant_id)):
        services.add_member(tenant_id, owner_id, Role.OWNER, at=at)
        # Of this it is asked how one signs in.
        db.session().add(Asset(kind=AssetKind.INTERNET, name="Glasvezel winkel", supplier="Provider"))
    sweep.run([tenant_id])
    return SignIn(email, PASSWORD, slug)


def _connect(email: str) -> None:
    """Give the bakery a program with a token, and one that is told what is found."""
    owner, place = services.user_by_email(email), services.tenant_by_slug(BAKERY.slug)
    assert owner is not None
    assert place is not None
    owner_id, tenant_id, at = owner.id, place.id, clock.now()
    db.rollback()
    with scoped(whole(tenant_id)):
        scopes = frozenset({TokenScope.FINDINGS_READ, TokenScope.INVENTORY_READ, TokenScope.INVENTORY_WRITE})
        tokens.make(TokenValues("Dashboard van Kabelrijk", scopes, 90), new_id(), owner_id, at=at)
        old = new_id()
        tokens.make(TokenValues("Proef met de kassa", scopes, 30), old, owner_id, at=at)
        tokens.revoke(old, at=at)
        values = WebhookValues(
            "Meldkamer van Kabelrijk",
            "https://meldkamer.kabelrijk.example/waarborg",
            frozenset(HookEvent) - {HookEvent.TEST},
        )
        hook_id = new_id()
        webhooks.make(values, hook_id, owner_id, at=at)
        hook = webhooks.webhook(hook_id)
        assert hook is not None
        webhooks.try_out(hook, at=at)


def _propose() -> None:
    """Give the foundation a plan of its own that is nothing but proposals."""
    foundation, branch = services.tenant_by_slug(FOUNDATION.slug), starter("office")
    assert foundation is not None
    tenant_id = foundation.id
    db.rollback()
    with scoped(whole(tenant_id)):
        adding = starting.Adding("Fenna Dijkstra", clock.today(), Language.DUTCH)
        starting.add_lines(branch, [line.key for line in branch.lines], adding)


def _order() -> None:
    """Let the bakery wait for one report, and have another one made."""
    bakery = services.tenant_by_slug(BAKERY.slug)
    owner = services.user_by_email(BAKERY.people[0].email)
    assert bakery is not None
    assert owner is not None
    tenant_id, owner_id = bakery.id, owner.id
    actor = Actor(owner_id, owner.name, Capacity.OWNER.value)
    db.rollback()
    with scoped(whole(tenant_id, actor)):
        shows = Shows(plan=True, continuity=True, trail=False)
        order("findings", clock.today(), Language.DUTCH, shows, at=clock.now())
    making.make_due()
    with scoped(whole(tenant_id, actor)):
        order("pack", clock.today(), Language.DUTCH, shows, at=clock.now())
        values = ScheduleValues("findings", Cadence.MONTHLY, Language.DUTCH, frozenset({owner_id}))
        schedules.add(values, {owner_id}, today=clock.today())


def exercise() -> None:
    """Let the supplier be in the middle of an exercise."""
    supplier = services.tenant_by_slug(SUPPLIER.slug)
    assert supplier is not None
    db.rollback()
    db.begin(writes=True)
    open_scope(whole(supplier.id))
    systems = db.session().scalars(sa.select(System.id).order_by(System.rto_hours)).all()
    for text, system_id in (("Bel Datahuis Breda.", None), ("Start de reserve in Breda.", systems[0]), ("Test.", None)):
        runbook.add_step(StepValues(text, system_id, 30))
    at = clock.now()
    who = Account(SUPPLIER.people[0].name, SUPPLIER.people[0].email, Capacity.OWNER)
    begun = calamity.activate(Activation(Alarm.EXERCISE, at - timedelta(minutes=50)), who=who, at=at)
    for kind, target, text in (
        (EntryKind.STEP_DONE, "1", ""),
        (EntryKind.CALL_MISSED, unpacked(begun.frozen).calls[0].who, ""),
        (EntryKind.DECISION, "", "Wij gaan op papier verder."),
        (EntryKind.APPLIES, "cbw", "Wij beheren servers van klanten."),
        (EntryKind.TERM_DONE, "cbw-early", "NCSC-2026-0417"),
        (EntryKind.APPLIES_NOT, "avg", "Er is niets gelekt."),
    ):
        calamity.write_down(begun.id, Written(kind, at, target, text), by=who.name, at=at)
    db.commit()
    close_scope()


def reported() -> None:
    """Let the foundation have had a calamity of which something is still to be reported."""
    foundation = services.tenant_by_slug(FOUNDATION.slug)
    assert foundation is not None
    db.rollback()
    db.begin(writes=True)
    open_scope(whole(foundation.id))
    at = clock.now()
    who = Account(FOUNDATION.people[0].name, FOUNDATION.people[0].email, Capacity.OWNER)
    begun = calamity.activate(Activation(Alarm.REAL, at - timedelta(hours=30)), who=who, at=at)
    for kind, target, text in (
        (EntryKind.APPLIES, "avg", "De laptop met de contactpersonen is gestolen."),
        (EntryKind.APPLIES, "cbw", "Wij vallen onder de wet."),
        (EntryKind.TERM_DONE, "cbw-notification", "NCSC-2026-0417"),
        (EntryKind.APPLIES_NOT, "avg-persons", "De schijf is versleuteld."),
    ):
        calamity.write_down(begun.id, Written(kind, at, target, text), by=who.name, at=at)
    calamity.close(begun.id, Closing(at, "Alles draait weer.", left=True), who=who, today=clock.today(), at=at)
    db.commit()
    close_scope()
