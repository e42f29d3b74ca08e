"""Every page people can open, as a table: read by the tests and by the camera."""

from dataclasses import dataclass

from tests.browser.scene import Who


@dataclass(frozen=True, slots=True)
class Page:
    """One page. name: the endpoint it shows, with a word behind a dot-dot where one endpoint has several faces.

    path: `{o}` stands for the address of the person's organisation; follow: from there, one after the other, the
    first link whose address ends like this pattern (rows have ids nobody knows beforehand); send: press the main
    form's button as it stands, to see the page with what is wrong; status: what the server answers.
    """

    name: str
    path: str
    who: Who = Who.OWNER
    follow: tuple[str, ...] = ()
    send: bool = False
    status: int = 200

    @property
    def endpoint(self) -> str:
        """Return the endpoint this page belongs to."""
        return self.name.partition("..")[0]


UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"
REGISTRATION = (f"/continuity/{UUID}",)

PAGES = (
    Page("tenants.sign_in", "/sign-in", Who.NOBODY),
    Page("tenants.sign_in..wrong", "/sign-in", Who.NOBODY, send=True, status=422),
    Page("tenants.places", "/organisations"),
    Page("organisation.settings", "{o}/settings"),
    Page("organisation.settings_edit", "{o}/settings/edit"),
    Page("error..not_found", "{o}/nothing-here", status=404),
    Page("audits.home", "{o}/"),
    Page("audits.home..supplier", "{o}/", Who.SUPPLIER),
    Page("audits.home..foundation", "{o}/", Who.OFFICER),
    Page("audits.findings", "{o}/findings"),
    Page("audits.findings..none", "{o}/findings?q=zzzz"),
    Page("audits.findings..closed", "{o}/findings?state=closed"),
    Page("audits.expiries", "{o}/expiries"),
    Page("audits.rules", "{o}/rules"),
    Page("reports.index", "{o}/reports/"),
    Page("plans.overview", "{o}/plan/"),
    Page("plans.section", "{o}/plan/backup"),
    Page("plans.section..reader", "{o}/plan/runbook", Who.READER),
    Page("plans.item", "{o}/plan/backup/offsite-plan"),
    Page("plans.item..choice", "{o}/plan/self-check/secured"),
    Page("plans.item..amount", "{o}/plan/payments/unchecked-limit"),
    Page("plans.item..data_sets", "{o}/plan/self-check/attractive-data"),
    Page("plans.item..register", "{o}/plan/inventory/servers"),
    Page("plans.item..matrix", "{o}/plan/processes/systems-used"),
    Page("plans.item..seats", "{o}/plan/runbook/team"),
    Page("plans.item..tasks", "{o}/plan/runbook/tasks-known"),
    Page("plans.item..steps", "{o}/plan/runbook/recovery"),
    Page("plans.item..parties", "{o}/plan/runbook/external-parties"),
    Page("plans.item..policy", "{o}/plan/staff/policy"),
    Page("plans.item..line", "{o}/plan/staff/do-report-odd"),
    Page("plans.item..test", "{o}/plan/testing/restore"),
    Page("plans.item..sla", "{o}/plan/testing/sla"),
    Page("plans.item..change", "{o}/plan/upkeep/business-change"),
    Page("plans.item..reader", "{o}/plan/runbook/team", Who.READER),
    Page("plans.versions", "{o}/plan/versions"),
    Page("plans.intervals", "{o}/plan/intervals"),
    Page("registers.index", "{o}/registers/"),
    Page("registers.show", "{o}/registers/contacts"),
    Page("registers.show..systems", "{o}/registers/systems"),
    Page("registers.show..reader", "{o}/registers/contacts", Who.READER),
    Page("registers.add", "{o}/registers/contacts/new"),
    Page("registers.add..wrong", "{o}/registers/contacts/new", send=True, status=422),
    Page("registers.edit", "{o}/registers/contacts", follow=(f"contacts/{UUID}",)),
    Page("registers.edit..reader", "{o}/registers/contacts", Who.READER, follow=(f"contacts/{UUID}",)),
    Page("registers.systems_used", "{o}/registers/systems-used"),
    Page("registers.data_needed", "{o}/registers/data-needed"),
    Page("registers.priorities", "{o}/registers/priorities"),
    Page("importing.start", "{o}/import/"),
    Page("continuity.overview", "{o}/continuity/", Who.SUPPLIER),
    Page("continuity.overview..bakery", "{o}/continuity/"),
    Page("continuity.register", "{o}/continuity/new", Who.SUPPLIER),
    Page("continuity.register_as", "{o}/continuity/new/hosting", Who.SUPPLIER),
    Page("continuity.registration", "{o}/continuity/", Who.SUPPLIER, follow=REGISTRATION),
    Page("continuity.registration_edit", "{o}/continuity/", Who.SUPPLIER, follow=(*REGISTRATION, "/edit")),
    Page("continuity.counterparty", "{o}/continuity/", Who.SUPPLIER, follow=(*REGISTRATION, "/counterparty")),
    Page("continuity.money", "{o}/continuity/", Who.SUPPLIER, follow=(*REGISTRATION, "/money")),
    Page("continuity.agreements", "{o}/continuity/", Who.SUPPLIER, follow=(*REGISTRATION, "/agreements")),
    Page("continuity.deeds", "{o}/continuity/", Who.SUPPLIER, follow=(*REGISTRATION, "/deeds")),
    Page("continuity.clients", "{o}/continuity/", Who.SUPPLIER, follow=(*REGISTRATION, "/clients")),
    Page("continuity.handovers", "{o}/continuity/", Who.SUPPLIER, follow=(*REGISTRATION, "/handovers")),
    Page("foundation.registrants", "{o}/registrants/", Who.OFFICER),
    Page("foundation.registrant", "{o}/registrants/", Who.OFFICER, follow=(f"/registrants/{UUID}",)),
)
BY_NAME = {page.name: page for page in PAGES}
