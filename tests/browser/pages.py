"""Every page people can open, as a table: read by the tests and by the camera."""

from dataclasses import dataclass

from tests.browser.scene import Who


@dataclass(frozen=True, slots=True)
class Follow:
    """Open the first link of the page whose address ends like `pattern`: rows have ids nobody knows beforehand."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Under:
    """Open the address that lies `path` under the present one, where the page links to it only in some states."""

    path: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Choose a file of tests/samples in the page's form."""

    file: str


@dataclass(frozen=True, slots=True)
class Send:
    """Press the main button of the page's form, filled in as it stands."""


@dataclass(frozen=True, slots=True)
class Named:
    """Fill the page's form in with how `who` signs in."""

    who: Who


@dataclass(frozen=True, slots=True)
class Page:
    """One page. name: the endpoint it shows, with a word behind a dot-dot where one endpoint has several faces.

    path: where to begin, `{o}` stands for the address of the person's organisation, `{asked}` and the like for the
    secret of a mailed link; steps: the way on from there;
    status: what the server answers in the end.
    """

    name: str
    path: str
    who: Who = Who.OWNER
    steps: tuple[Follow | Under | Upload | Named | Send, ...] = ()
    status: int = 200

    @property
    def endpoint(self) -> str:
        """Return the endpoint this page belongs to."""
        return self.name.partition("..")[0]

    @property
    def is_sent(self) -> bool:
        """Tell whether the way to this page leads through a form: its address alone does not show it."""
        return any(isinstance(step, Send) for step in self.steps)


UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"
ROOM = (Follow(f"/room/{UUID}"),)
ASKED = Follow(f"/requests/{UUID}")
REGISTRATION = Follow(f"/continuity/{UUID}")
AGREEMENTS = (REGISTRATION, Follow("/agreements"))
DEEDS = (REGISTRATION, Follow("/deeds"))
DEED = Follow(f"/deeds/{UUID}")
CLIENTS = (REGISTRATION, Follow("/clients"))
STANDING = Follow(f"/clients/{UUID}/standing")
HANDOVERS = (REGISTRATION, Follow("/handovers"))
HANDOVER = Follow(f"/handovers/{UUID}")
WAY = Follow(f"/plan/versions/{UUID}")
REGISTRANT = Follow(f"/registrants/{UUID}")
COVER = Follow(f"/{UUID}/cover")
COVERED = Follow(f"/clients/{UUID}/cover")
OPENING = Follow(f"/openings/{UUID}")
TO_OPEN = (REGISTRANT, Follow(f"/deliveries/{UUID}"))
UPLOADED = (Upload("inventaris-bakkerij-de-halm.xlsx"), Send())
CLIENT_LIST = (Upload("klantenlijst-netvast.xlsx"), Send())
CHOSEN = (*UPLOADED, Follow(f"/import/{UUID}/1"))

PAGES = (
    Page("tenants.set_up", "/set-up", Who.FIRST),
    Page("tenants.set_up..wrong", "/set-up", Who.FIRST, (Send(),), status=422),
    Page("tenants.sign_in", "/sign-in", Who.NOBODY),
    Page("tenants.sign_in..wrong", "/sign-in", Who.NOBODY, steps=(Send(),), status=422),
    Page("sign_in.second_factor", "/sign-in", Who.NOBODY, (Named(Who.OFFICER), Send())),
    Page("sign_in.second_factor..wrong", "/sign-in", Who.NOBODY, (Named(Who.OFFICER), Send(), Send()), status=422),
    Page("sign_in.prove", "/prove"),
    Page("sign_in.prove..app", "/prove", Who.SUPPLIER),
    Page("sign_in.prove..wrong", "/prove", steps=(Send(),), status=422),
    Page("security.overview", "/security/"),
    Page("security.overview..app", "/security/", Who.SUPPLIER),
    Page("security.second_factor", "/security/second-factor"),
    Page("security.app_add", "/security/app"),
    Page("security.app_add..wrong", "/security/app", steps=(Send(),), status=422),
    Page("security.passkey_add", "/security/passkeys/new"),
    Page("security.recovery_codes", "/security/recovery-codes", Who.SUPPLIER),
    Page("security.recovery_codes..shown", "/security/recovery-codes", Who.SUPPLIER, (Send(),)),
    Page("security.recovery_codes..none", "/security/recovery-codes"),
    Page("security.password", "/security/password"),
    Page("security.password..wrong", "/security/password", steps=(Send(),), status=422),
    Page("tenants.places", "/organisations"),
    Page("organisation.settings", "{o}/settings"),
    Page("organisation.settings_edit", "{o}/settings/edit"),
    Page("error..not_found", "{o}/nothing-here", status=404),
    Page("error..form", "/fails/400", status=400),
    Page("error..not_yours", "{o}/settings/edit", Who.READER, status=403),
    Page("error..gone", "/fails/410", Who.NOBODY, status=410),
    Page("error..too_large", "/fails/413", status=413),
    Page("error..unreadable", "/fails/415", status=415),
    Page("error..unfit", "/fails/422", status=422),
    Page("error..too_often", "/fails/429", Who.NOBODY, status=429),
    Page("error..our_mistake", "/fails/500", status=500),
    Page("takeout.show", "{o}/takeout/"),
    Page("leaving.leave", "{o}/leave/"),
    Page("leaving.leave..relied_on", "{o}/leave/", Who.SUPPLIER),
    Page("person_data.show", "/account/data/"),
    Page("person_data.erase", "/account/data/erase"),
    Page("person_data.erase..member", "/account/data/erase", Who.READER),
    Page("erasing.contact", "{o}/registers/contacts", steps=(Follow(f"contacts/{UUID}"), Follow(f"/erase/{UUID}"))),
    Page("operator.organisations", "/operator/", Who.OFFICER),
    Page("operator.accounts", "/operator/accounts", Who.OFFICER),
    Page("operator.health", "/operator/health", Who.OFFICER),
    Page("people.index", "{o}/people/"),
    Page("people.index..reader", "{o}/people/", Who.READER),
    Page("people.invite", "{o}/people/invite"),
    Page("people.invite..wrong", "{o}/people/invite", steps=(Send(),), status=422),
    Page("people.engage", "{o}/people/engage"),
    Page("people.engage..wrong", "{o}/people/engage", steps=(Send(),), status=422),
    Page("people.member_edit", "{o}/people/", steps=(Follow(f"/members/{UUID}"),)),
    Page("sign_on.settings", "{o}/sign-on/"),
    Page("webhooks.index", "{o}/webhooks/"),
    Page("webhooks.show", "{o}/webhooks/", steps=(Follow(f"/webhooks/{UUID}"),)),
    Page("webhooks.add", "{o}/webhooks/new"),
    Page("webhooks.add..wrong", "{o}/webhooks/new", steps=(Send(),), status=422),
    Page("tokens.index", "{o}/tokens/"),
    Page("tokens.make", "{o}/tokens/new"),
    Page("tokens.make..wrong", "{o}/tokens/new", steps=(Send(),), status=422),
    Page("sign_on.settings..wrong", "{o}/sign-on/", steps=(Send(),), status=422),
    Page("account.email", "/account/email"),
    Page("account.email..wrong", "/account/email", steps=(Send(),), status=422),
    Page("account.email_confirm..dead", "/account/email/none", status=410),
    Page("reset.ask", "/reset", Who.NOBODY),
    Page("reset.ask..wrong", "/reset", Who.NOBODY, steps=(Send(),), status=422),
    Page("reset.sent", "/reset/sent", Who.NOBODY),
    Page("reset.choose..dead", "/reset/none", Who.NOBODY, status=410),
    Page("invitations.accept..dead", "/invitation/none", Who.NOBODY, status=410),
    Page("oidc.choose", "/sign-in/organisation", Who.NOBODY),
    Page("oidc.choose..nobody", "/sign-in/organisation?q=nowhere", Who.NOBODY),
    Page("oidc.begin..nobody", "/sign-in/organisation/nowhere", Who.NOBODY, status=422),
    Page("oidc.back..wrong", "/sign-in/return", Who.NOBODY, status=422),
    Page("audits.home", "{o}/"),
    Page("audits.home..supplier", "{o}/", Who.SUPPLIER),
    Page("audits.home..foundation", "{o}/", Who.OFFICER),
    Page("audits.findings", "{o}/findings"),
    Page("audits.findings..none", "{o}/findings?q=zzzz"),
    Page("audits.findings..closed", "{o}/findings?state=closed"),
    Page("audits.findings..then", "{o}/findings?as_of={then}"),
    Page("audits.findings..unkept", "{o}/findings?as_of=2020-02-29"),
    Page("audits.expiries", "{o}/expiries"),
    Page("audits.rules", "{o}/rules"),
    Page("audits.rules..section", "{o}/rules?section=backup"),
    Page("audits.rules_set", "{o}/rules/here"),
    Page("audits.coverage", "{o}/coverage"),
    Page("audits.coverage..items", "{o}/coverage?standard=2024-2690&view=items", Who.SUPPLIER),
    Page("audits.coverage..item", "{o}/coverage?item=backup.air-gapped"),
    Page("trends.index", "{o}/trends"),
    Page("trends.index..none", "{o}/trends", Who.OFFICER),
    Page("trends.portfolio", "{o}/portfolio/trends", Who.SUPPLIER),
    Page("engagements.index", "/engagements/", Who.AUDITOR),
    Page("engagements.index..none", "/engagements/"),
    Page("room.show", "/engagements/", Who.AUDITOR, ROOM),
    Page("room.show..unkept", "/engagements/", Who.AUDITOR, (*ROOM, Under("?as_of=2020-01-01"))),
    Page("room.ask", "/engagements/", Who.AUDITOR, (*ROOM, Follow("/ask"))),
    Page("room.ask..wrong", "/engagements/", Who.AUDITOR, (*ROOM, Follow("/ask"), Send()), status=422),
    Page("room.asked", "/engagements/", Who.AUDITOR, (*ROOM, ASKED)),
    Page("audits.findings..auditor", "{o}/findings", Who.AUDITOR),
    Page("requests.index", "{o}/requests/"),
    Page("requests.index..none", "{o}/requests/", Who.SUPPLIER),
    Page("requests.show", "{o}/requests/", steps=(ASKED,)),
    Page("requests.show..reader", "{o}/requests/", Who.READER, (ASKED,)),
    Page("reports.index", "{o}/reports/"),
    Page("reports.index..supplier", "{o}/reports/", Who.SUPPLIER),
    Page("made.index", "{o}/reports/made/"),
    Page("made.index..none", "{o}/reports/made/", Who.SUPPLIER),
    Page("made.show", "{o}/reports/made/", steps=(Follow(f"/made/{UUID}"),)),
    Page("report_schedules.index", "{o}/reports/schedules/"),
    Page("report_schedules.index..none", "{o}/reports/schedules/", Who.SUPPLIER),
    Page("plans.overview", "{o}/plan/"),
    Page("plans.path", "{o}/plan/path"),
    Page("plans.starters", "{o}/plan/starters"),
    Page("plans.starter", "{o}/plan/starters/garage"),
    Page("plans.proposals", "{o}/plan/proposals", Who.OFFICER),
    Page("plans.proposals..none", "{o}/plan/proposals", Who.SUPPLIER),
    Page("plans.own_list", "{o}/plan/runbook/own"),
    Page("plans.own_edit", "{o}/plan/runbook/own", steps=(Follow(f"/own/{UUID}"),)),
    Page("plans.item..own", "{o}/plan/runbook/own", steps=(Follow(r"/own-[0-9a-f]+"),)),
    Page("plans.path_on", "{o}/plan/path/on"),
    Page("registers.show..step", "{o}/registers/departments?path=processes.department-heads"),
    Page("registers.systems_used..step", "{o}/registers/systems-used?path=processes.systems-used"),
    Page("plans.item..step", "{o}/plan/payments/unchecked-limit?path=on"),
    Page("plans.section", "{o}/plan/backup"),
    Page("plans.section..reader", "{o}/plan/runbook", Who.READER),
    Page("plans.item", "{o}/plan/backup/offsite-plan"),
    Page("plans.item..proposed", "{o}/plan/testing/walk-in"),
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
    Page("plans.recovery_day", "{o}/plan/runbook/recovery/day-plan"),
    Page("plans.copies", "{o}/plan/backup/copies"),
    Page("plans.copies..none", "{o}/plan/backup/copies", Who.SUPPLIER),
    Page("plans.copy", "{o}/plan/backup/copies", steps=(Follow(f"/copies/{UUID}"),)),
    Page("plans.copy..reader", "{o}/plan/backup/copies", Who.READER, steps=(Follow(f"/copies/{UUID}"),)),
    Page("plans.copy_add", "{o}/plan/backup/copies/new"),
    Page("plans.copy_add..wrong", "{o}/plan/backup/copies/new", steps=(Send(),), status=422),
    Page("plans.copy_edit", "{o}/plan/backup/copies", steps=(Follow(f"/copies/{UUID}"), Under("/edit"))),
    Page("plans.programme_year", "{o}/plan/testing/programme"),
    Page("plans.programme_year..none", "{o}/plan/testing/programme", Who.SUPPLIER),
    Page("plans.planned", "{o}/plan/testing/programme", steps=(Follow(f"/programme/{UUID}"),)),
    Page("plans.result", "{o}/plan/testing/restore", steps=(Follow(f"/results/{UUID}"),)),
    Page("plans.follow_ups", "{o}/plan/testing/follow-ups"),
    Page("plans.follow_ups..none", "{o}/plan/testing/follow-ups", Who.SUPPLIER),
    Page("plans.follow_up", "{o}/plan/testing/follow-ups", steps=(Follow(f"/follow-ups/{UUID}"),)),
    Page("plans.proven", "{o}/plan/testing/proven"),
    Page("plans.proven..reader", "{o}/plan/testing/proven", Who.READER),
    Page("plans.signs", "{o}/plan/runbook/activation/signs"),
    Page("plans.payment_agreements", "{o}/plan/payments/agreements"),
    Page("plans.item..draft", "{o}/plan/payments/email-order?draft=yes"),
    Page("plans.instruction", "{o}/plan/staff/policy", steps=(Follow(f"/staff/policy/versions/{UUID}"),)),
    Page("plans.compare_instructions", "{o}/plan/staff/policy", steps=(Follow(r"/versions/compare\?from=.*"),)),
    Page(
        "plans.take_back_instruction",
        "{o}/plan/staff/policy",
        steps=(Follow(f"/staff/policy/versions/{UUID}"), Follow("/take-back")),
    ),
    Page("plans.business_change", "{o}/plan/upkeep/business-change", steps=(Follow(f"/changes/{UUID}"),)),
    Page("plans.item..look", "{o}/plan/processes/priorities"),
    Page("plans.confirmations", "{o}/plan/upkeep/confirmations/contact"),
    Page("plans.confirmations..firms", "{o}/plan/upkeep/confirmations/party"),
    Page("plans.licence_keepers", "{o}/plan/upkeep/confirmations/licences"),
    Page("plans.signs..none", "{o}/plan/runbook/activation/signs", Who.SUPPLIER),
    Page("plans.sign_edit", "{o}/plan/runbook/activation/signs", steps=(Follow(f"/signs/{UUID}"),)),
    Page("plans.audiences", "{o}/plan/runbook/informing/audiences"),
    Page("plans.audience_edit", "{o}/plan/runbook/informing/audiences", steps=(Follow(f"/audiences/{UUID}"),)),
    Page("links_out.index", "{o}/links/"),
    Page("links_out.index..none", "{o}/links/", Who.SUPPLIER),
    Page("links_out.index..reader", "{o}/links/", Who.READER),
    Page("personal.show", "/link/{task}", Who.NOBODY),
    Page("personal.show..dead", "/link/none", Who.NOBODY, status=410),
    Page("plans.step_edit", "{o}/plan/runbook/recovery", steps=(Follow(f"/steps/{UUID}"),)),
    Page("plans.versions", "{o}/plan/versions"),
    Page("plans.version", "{o}/plan/versions", steps=(WAY,)),
    Page("plans.version..used", "{o}/plan/versions", steps=(WAY, WAY)),
    Page("plans.compare_versions", "{o}/plan/versions/compare", steps=(Send(),)),
    Page("plans.take_back", "{o}/plan/versions", steps=(WAY, WAY, Follow("/take-back/runbook"))),
    Page("plans.intervals", "{o}/plan/intervals"),
    Page("calamity.index", "{o}/calamity/"),
    Page("calamity.index..none", "{o}/calamity/", Who.SUPPLIER),
    Page("calamity.activate", "{o}/calamity/activate/real"),
    Page("calamity.activate..exercise", "{o}/calamity/activate/exercise"),
    Page("calamity.activate..reader", "{o}/calamity/activate/real", Who.READER),
    Page("calamity.run", "{o}/calamity/now", Who.SUPPLIER),
    Page("calamity.write", "{o}/calamity/now", Who.SUPPLIER, (Under("/write/log"),)),
    Page("calamity.write..wrong", "{o}/calamity/now", Who.SUPPLIER, (Under("/write/log"), Send()), status=422),
    Page("calamity.run_sheet", "{o}/calamity/now", Who.SUPPLIER, (Follow("/sheet"),)),
    Page("calamity.close", "{o}/calamity/now", Who.SUPPLIER, (Follow("/close"),)),
    Page("calamity.sheet", "{o}/calamity/sheet"),
    Page("calamity.report", "{o}/calamity/", steps=(Follow(f"/calamity/{UUID}/report"),)),
    Page("calamity.lesson_add", "{o}/calamity/", steps=(Follow(f"/calamity/{UUID}/report"), Follow("/lessons"))),
    Page("calamity.lesson", "{o}/calamity/", steps=(Follow(f"/lessons/{UUID}"),)),
    Page("papers.index", "{o}/papers/"),
    Page("papers.index..reader", "{o}/papers/", Who.READER),
    Page("papers.kit", "{o}/papers/kit"),
    Page("papers.kit..wrong", "{o}/papers/kit", steps=(Send(),), status=422),
    Page("papers.copy_add", "{o}/papers/", steps=(Follow(f"/papers/{UUID}/copies/new"),)),
    Page("papers.copy_add..wrong", "{o}/papers/", steps=(Follow("/copies/new"), Send()), status=422),
    Page("paper_check.scan..unknown", "/p/nobodys", Who.NOBODY, status=404),
    Page("certificate.show", "/c/{certificate}", Who.NOBODY),
    Page("certificate.show..unknown", "/c/nobodys", Who.NOBODY, status=404),
    Page("registers.index", "{o}/registers/"),
    Page("registers.show", "{o}/registers/contacts"),
    Page("registers.show..systems", "{o}/registers/systems"),
    Page("registers.show..reader", "{o}/registers/contacts", Who.READER),
    Page("registers.add", "{o}/registers/contacts/new"),
    Page("registers.add..wrong", "{o}/registers/contacts/new", steps=(Send(),), status=422),
    Page("registers.edit", "{o}/registers/contacts", steps=(Follow(f"contacts/{UUID}"),)),
    Page("registers.edit..reader", "{o}/registers/contacts", Who.READER, steps=(Follow(f"contacts/{UUID}"),)),
    Page(
        "registers.show..filtered", "{o}/registers/office-pcs?q=kantoor&within=location&columns=name,location,supplier"
    ),
    Page("registers.show..ticked", "{o}/registers/office-pcs?tick=all"),
    Page("registers.bulk", "{o}/registers/office-pcs?tick=all", steps=(Send(),)),
    Page("registers.bulk..fill", "{o}/registers/office-pcs?tick=all", steps=(Send(), Send())),
    Page("registers.bulk..preview", "{o}/registers/office-pcs?tick=all", steps=(Send(), Send(), Send())),
    Page("registers.changes", "{o}/registers/changes"),
    Page("registers.changes..reader", "{o}/registers/changes", Who.READER),
    Page("registers.systems_used", "{o}/registers/systems-used"),
    Page("registers.data_needed", "{o}/registers/data-needed"),
    Page("registers.priorities", "{o}/registers/priorities"),
    Page("trail.index", "{o}/trail/"),
    Page("trail.index..filtered", "{o}/trail/?sort=people&since=2020-01-01"),
    Page("trail.index..nothing", "{o}/trail/?who=niemand"),
    Page("importing.start", "{o}/import/"),
    Page("importing.start..wrong", "{o}/import/", steps=(Send(),), status=422),
    Page("importing.paste", "{o}/import/paste/office-pcs"),
    Page("importing.paste..wrong", "{o}/import/paste/office-pcs", steps=(Send(),), status=422),
    Page("importing.sheets", "{o}/import/", steps=UPLOADED),
    Page("importing.sheet", "{o}/import/", steps=CHOSEN),
    Page("importing.preview", "{o}/import/", steps=(*CHOSEN, Send())),
    Page("importing.preview..returned", "{o}/import/", steps=(Upload("licenties-libreoffice.xlsx"), Send())),
    Page("importing.result", "{o}/import/", steps=(*CHOSEN, Send(), Send())),
    Page("continuity.overview", "{o}/continuity/", Who.SUPPLIER),
    Page("continuity.overview..bakery", "{o}/continuity/"),
    Page("continuity.register", "{o}/continuity/new", Who.SUPPLIER),
    Page("continuity.register..wrong", "{o}/continuity/new", Who.SUPPLIER, (Send(),), status=422),
    Page("continuity.register_step", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Under("/register/scope"))),
    Page("continuity.register_step..type", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Under("/register/type"))),
    Page(
        "continuity.register_step..duties", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Under("/register/duties"))
    ),
    Page("continuity.registration", "{o}/continuity/", Who.SUPPLIER, steps=(REGISTRATION,)),
    Page("continuity.registration_edit", "{o}/continuity/", Who.SUPPLIER, steps=(REGISTRATION, Follow("/edit"))),
    Page(
        "continuity.counterparty_edit", "{o}/continuity/", Who.SUPPLIER, steps=(REGISTRATION, Follow("/counterparty"))
    ),
    Page("continuity.money", "{o}/continuity/", Who.SUPPLIER, steps=(REGISTRATION, Follow("/money"))),
    Page("continuity.agreements", "{o}/continuity/", Who.SUPPLIER, steps=AGREEMENTS),
    Page("continuity.deeds", "{o}/continuity/", Who.SUPPLIER, steps=DEEDS),
    Page("continuity.clients", "{o}/continuity/", Who.SUPPLIER, steps=CLIENTS),
    Page("continuity.cover", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, COVER)),
    Page("continuity.client_cover", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, COVER, COVERED)),
    Page("lapsing.registration", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Follow("/lapses"))),
    Page("lapsing.portfolio", "{o}/portfolio/lapses", Who.SUPPLIER),
    Page("continuity.handovers", "{o}/continuity/", Who.SUPPLIER, steps=HANDOVERS),
    Page("continuity.contact_edit", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Under("/contacts/company"))),
    Page("continuity.agreement_add", "{o}/continuity/", Who.SUPPLIER, (*AGREEMENTS, Follow(r"/new(\\?.*)?"))),
    Page("continuity.agreement_edit", "{o}/continuity/", Who.SUPPLIER, (*AGREEMENTS, Follow(f"/agreements/{UUID}"))),
    Page("continuity.deed_add", "{o}/continuity/", Who.SUPPLIER, (*DEEDS, Follow("/new"))),
    Page("continuity.deed", "{o}/continuity/", Who.SUPPLIER, (*DEEDS, DEED)),
    Page("continuity.deed_edit", "{o}/continuity/", Who.SUPPLIER, (*DEEDS, DEED, Under("/edit"))),
    Page("continuity.client_add", "{o}/continuity/", Who.SUPPLIER, (*CLIENTS, Follow("/new"))),
    Page("continuity.client_edit", "{o}/continuity/", Who.SUPPLIER, (*CLIENTS, Follow(f"/clients/{UUID}"))),
    Page("continuity.client", "{o}/continuity/", Who.SUPPLIER, (*CLIENTS, STANDING)),
    Page("continuity.clients_import", "{o}/continuity/", Who.SUPPLIER, (*CLIENTS, Follow("/clients/list"))),
    Page(
        "continuity.clients_import..wrong",
        "{o}/continuity/",
        Who.SUPPLIER,
        (*CLIENTS, Follow("/clients/list"), Send()),
        status=422,
    ),
    Page(
        "continuity.clients_import..preview",
        "{o}/continuity/",
        Who.SUPPLIER,
        (*CLIENTS, Follow("/clients/list"), Upload("klantenlijst-netvast.xlsx"), Send()),
    ),
    Page("deed_answer.show", "/deed/{deed}/", Who.NOBODY),
    Page("deed_answer.show..coded", "/deed/{deed_coded}/", Who.NOBODY),
    Page("deed_answer.show..wrong", "/deed/{deed_coded}/", Who.NOBODY, (Send(),), status=422),
    Page("deed_answer.show..accepted", "/deed/{deed_accepted}/", Who.NOBODY),
    Page("deed_answer.show..ended", "/deed/{deed_ended}/", Who.NOBODY),
    Page("deed_answer.show..dead", "/deed/none/", Who.NOBODY, status=410),
    Page("deed_answer.no", "/deed/{deed_coded}/no", Who.NOBODY),
    Page("foundation.late", "{o}/registrants/{late}", Who.OFFICER),
    Page("foundation.late_decide", "{o}/registrants/{late}", Who.OFFICER, (Follow(f"/late/{UUID}"),)),
    Page("cover_claims.choose", "/deed/{deed_accepted}/organisation"),
    Page("cover_claims.confirm", "{o}/deed/{deed_accepted}"),
    Page("continuity.acceptance", "{o}/continuity/", Who.SUPPLIER, (*CLIENTS, Follow(f"/deeds/{UUID}"))),
    Page("continuity.handover_add", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/new"))),
    Page("continuity.handover", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, HANDOVER)),
    Page("continuity.handover_edit", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, HANDOVER, Follow("/edit"))),
    Page("continuity.handover_deliver", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/deliver"))),
    Page("continuity.officers", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/officers"))),
    Page("continuity.handover_seal", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/seal"))),
    Page("continuity.handovers_changed", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/changes"))),
    Page("continuity.delivery", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, HANDOVER, Follow(f"/deliveries/{UUID}"))),
    Page(
        "foundation.prove",
        "{o}/registrants/",
        Who.OFFICER,
        (REGISTRANT, Follow(f"/deliveries/{UUID}"), Under("/proofs")),
    ),
    Page("foundation.open_ask", "{o}/registrants/", Who.OFFICER, (*TO_OPEN, Under("/open"))),
    Page("continuity.openings", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/openings"))),
    Page("continuity.opening", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/openings"), OPENING)),
    Page("foundation.key_fits", "{o}/registrants/", Who.OFFICER, (*TO_OPEN, Under("/key"))),
    Page("officers.reseal", "{o}/officers/reseal", Who.OFFICER),
    Page("continuity.reseal", "{o}/continuity/", Who.SUPPLIER, (*HANDOVERS, Follow("/reseal"))),
    Page("officers.key_cards", "{o}/officers/cards", Who.OFFICER),
    Page("officers.index", "{o}/officers/", Who.OFFICER),
    Page("officers.key_add", "{o}/officers/new", Who.OFFICER),
    Page("officers.key_add..wrong", "{o}/officers/new", Who.OFFICER, (Send(),), status=422),
    Page("officers.key_end", "{o}/officers/", Who.OFFICER, (Follow("/end"),)),
    Page("foundation.room", "{o}/registrants/room", Who.OFFICER),
    Page("foundation.registrants", "{o}/registrants/", Who.OFFICER),
    Page("foundation.registrant", "{o}/registrants/", Who.OFFICER, steps=(REGISTRANT,)),
    Page("foundation.cover", "{o}/registrants/", Who.OFFICER, (REGISTRANT, COVER)),
    Page("foundation.client_cover", "{o}/registrants/", Who.OFFICER, (REGISTRANT, COVER, COVERED)),
    Page("foundation.confirm", "{o}/registrants/", Who.OFFICER, (REGISTRANT, Follow(f"/deliveries/{UUID}"))),
    Page("foundation.bankruptcy", "{o}/registrants/", Who.OFFICER, (REGISTRANT, Under("/bankruptcy"))),
    Page(
        "foundation.bankruptcy_withdraw",
        "{o}/registrants/",
        Who.OFFICER,
        (REGISTRANT, Under("/bankruptcy/withdrawal")),
        status=409,  # none was recorded
    ),
    Page("foundation.scheme", "{o}/registrants/", Who.OFFICER, (REGISTRANT, Follow("/scheme"))),
    Page("foundation.scheme_step", "{o}/registrants/", Who.OFFICER, (REGISTRANT, Follow("/scheme"), Follow("/step"))),
    Page(
        "foundation.set_triggers", "{o}/registrants/", Who.OFFICER, (REGISTRANT, Follow("/scheme"), Follow("/triggers"))
    ),
    Page(
        "foundation.trigger_decide",
        "{o}/registrants/",
        Who.OFFICER,
        (REGISTRANT, Under("/bankruptcy/decision")),
        status=409,  # nothing was filed
    ),
    Page("continuity.scheme_state", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Follow("/state"))),
    Page("continuity.scheme_end", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Follow("/state"), Under("/end"))),
    Page("registers.impact", "{o}/registers/departments", steps=(Follow(f"/departments/{UUID}/impact"),)),
    Page("registers.dependency_map", "{o}/registers/dependency-map"),
    Page("registers.recovery_order", "{o}/registers/recovery-order"),
    Page("registers.system_needs", "{o}/registers/recovery-order", steps=(Follow(f"/systems/{UUID}/needs"),)),
    Page("portfolio.index", "{o}/portfolio/", Who.SUPPLIER),
    Page("portfolio.index..none", "{o}/portfolio/?q=zzzz", Who.SUPPLIER),
    Page("portfolio.index..inside", "/o/bakkerij-de-halm/", Who.SUPPLIER),
    Page("clients.index", "{o}/clients/", Who.SUPPLIER),
    Page("clients.invite", "{o}/clients/invite", Who.SUPPLIER),
    Page("clients.invite..wrong", "{o}/clients/invite", Who.SUPPLIER, (Send(),), status=422),
    Page("clients.preview", "{o}/clients/invite", Who.SUPPLIER, CLIENT_LIST),
    Page("grants.index", "{o}/grants/"),
    Page("grants.index..nobody", "{o}/grants/", Who.SUPPLIER),
    Page("grants.give", "{o}/grants/give"),
    Page("grants.give..wrong", "{o}/grants/give?supplier=nobody-here", status=422),
    Page("grants.give..found", "{o}/grants/give?supplier=netvast-it"),
    Page("grants.change", "{o}/grants/", steps=(Follow(f"/grants/{UUID}"),)),
    Page("client_invitations.show", "/client-invitation/{asked}"),
    Page("reminders.choices", "/account/reminders/"),
    Page("reminders.choices..bounced", "/account/reminders/", Who.READER),
    Page("reminding.index", "{o}/reminders/"),
    Page("reminders.answer", "/reminders/{reminded}", Who.NOBODY),
    Page("client_invitations.show..new", "/client-invitation/{asked_new}", Who.NOBODY),
    Page("client_invitations.show..dead", "/client-invitation/none", Who.NOBODY, status=410),
    Page("client_invitations.organisation", "/client-invitation/{asked}/organisation"),
    Page("client_invitations.answer", "{o}/client-invitation/{asked}"),
)
BY_NAME = {page.name: page for page in PAGES}
