"""Pages of the audit: home, findings, rules and standards, the room of an auditor, reports, a reseller's clients."""

from tests.browser.page import UUID, Follow, Page, Send, Under
from tests.browser.people import Who

ROOM = (Follow(f"/room/{UUID}"),)
ASKED = Follow(f"/requests/{UUID}")

AUDIT_PAGES = (
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
    Page("trail.index", "{o}/trail/"),
    Page("trail.index..filtered", "{o}/trail/?sort=people&since=2020-01-01"),
    Page("trail.index..nothing", "{o}/trail/?who=niemand"),
    Page("portfolio.index", "{o}/portfolio/", Who.SUPPLIER),
    Page("portfolio.index..none", "{o}/portfolio/?q=zzzz", Who.SUPPLIER),
    Page("portfolio.index..inside", "/o/bakkerij-de-halm/", Who.SUPPLIER),
)
