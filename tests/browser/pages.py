"""Every page people can open, as a table: read by the tests and by the camera. Those of the scheme stand here."""

from tests.browser.audit_pages import AUDIT_PAGES
from tests.browser.page import UUID, Follow, Page, Send, Under, Upload
from tests.browser.people import Who
from tests.browser.people_pages import PEOPLE_PAGES
from tests.browser.plan_pages import PLAN_PAGES
from tests.browser.request_states import OWN_STATES, STATES

REGISTRATION = Follow(f"/continuity/{UUID}")
AGREEMENTS = (REGISTRATION, Follow("/agreements"))
DEEDS = (REGISTRATION, Follow("/deeds"))
DEED = Follow(f"/deeds/{UUID}")
CLIENTS = (REGISTRATION, Follow("/clients"))
STANDING = Follow(f"/clients/{UUID}/standing")
HANDOVERS = (REGISTRATION, Follow("/handovers"))
HANDOVER = Follow(f"/handovers/{UUID}")
REGISTRANT = Follow(f"/registrants/{UUID}")
COVER = Follow(f"/{UUID}/cover")
COVERED = Follow(f"/clients/{UUID}/cover")
OPENING = Follow(f"/openings/{UUID}")
TO_OPEN = (REGISTRANT, Follow(f"/deliveries/{UUID}"))

REQUESTS_IN_STATES = (
    *(
        Page(f"request_link.show..{state}", f"/deed/{{request_link_{state}}}/continuity/", Who.NOBODY)
        for state in STATES
    ),
    *(Page(f"own_requests.show..{state}", f"{{o}}/{{own_request_{state}}}") for state in OWN_STATES),
    *(
        Page(f"foundation.client_request..{state}", f"{{o}}/registrants/{{request_{state}}}", Who.OFFICER)
        for state in STATES
    ),
)
SCHEME_PAGES = (
    Page("certificate.show", "/c/{certificate}", Who.NOBODY),
    Page("certificate.show..unknown", "/c/nobodys", Who.NOBODY, status=404),
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
    Page("deed_answer.show..ends", "/deed/{deed_ends}/", Who.NOBODY),
    Page("deed_answer.show..dead", "/deed/none/", Who.NOBODY, status=410),
    Page("deed_answer.no", "/deed/{deed_coded}/no", Who.NOBODY),
    Page("deed_answer.show..bankrupt", "/deed/{request_link_new}/", Who.NOBODY),
    Page("request_link.show", "/deed/{request_link}/continuity/", Who.NOBODY),
    Page("request_link.show..owes", "/deed/{request_link_owes}/continuity/", Who.NOBODY),
    Page("request_link.show..new", "/deed/{request_link_new}/continuity/", Who.NOBODY),
    Page("request_link.show..coded", "/deed/{request_link_coded}/continuity/", Who.NOBODY),
    Page("request_link.show..wrong", "/deed/{request_link_coded}/continuity/", Who.NOBODY, (Send(),), status=422),
    Page("request_link.take_back", "/deed/{request_link_owes}/continuity/withdrawal", Who.NOBODY),
    Page("request_link.take_back..served", "/deed/{request_link}/continuity/withdrawal", Who.NOBODY),
    Page("own_requests.show", "{o}/{own_request}"),
    Page("own_requests.take_back", "{o}/{own_request}withdrawal"),
    Page("foundation.silent", "{o}/registrants/{silent}", Who.OFFICER),
    Page("request_link.address", "/deed/{request_link_new}/continuity/address", Who.NOBODY),
    Page("request_link.address..coded", "/deed/{request_link_coded}/continuity/address", Who.NOBODY),
    Page("foundation.own_contact", "{o}/registrants/{own_contact}", Who.OFFICER),
    Page("foundation.held_changes", "{o}/registrants/{held}", Who.OFFICER),
    Page("foundation.held_change", "{o}/registrants/{held_one}", Who.OFFICER),
    Page("foundation.held_part", "{o}/registrants/{held_part}", Who.OFFICER),
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
    Page("foundation.terms", "{o}/registrants/terms", Who.OFFICER),
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
    Page(
        "foundation.scheme_notice", "{o}/registrants/", Who.OFFICER, (REGISTRANT, Follow("/scheme"), Under("/notice"))
    ),
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
    Page("foundation.client_requests", "{o}/registrants/requests", Who.OFFICER),
    Page("foundation.client_requests..all", "{o}/registrants/requests?show=all", Who.OFFICER),
    Page("foundation.client_request", "{o}/registrants/{request_served}", Who.OFFICER),
    Page("foundation.client_request..checking", "{o}/registrants/{request_checking}", Who.OFFICER),
    Page("foundation.client_request..owes", "{o}/registrants/{request_owes}", Who.OFFICER),
    Page("foundation.request_record", "{o}/registrants/{request_new}", Who.OFFICER),
    Page("foundation.request_decide", "{o}/registrants/{request_checking}/decision", Who.OFFICER),
    Page("foundation.request_step", "{o}/registrants/{request_owes}/fee", Who.OFFICER),
    Page("foundation.request_step..delivery", "{o}/registrants/{request_owes}/delivery", Who.OFFICER),
    Page("foundation.request_step..closed", "{o}/registrants/{request_owes}/exit", Who.OFFICER),
    Page("foundation.request_task", "{o}/registrants/{request_task}", Who.OFFICER),
    Page("continuity.scheme_state", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Follow("/state"))),
    Page(
        "continuity.scheme_notice", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Follow("/state"), Under("/notice"))
    ),
    Page("continuity.scheme_end", "{o}/continuity/", Who.SUPPLIER, (REGISTRATION, Follow("/state"), Under("/end"))),
)
PAGES = (*PEOPLE_PAGES, *AUDIT_PAGES, *PLAN_PAGES, *SCHEME_PAGES, *REQUESTS_IN_STATES)
BY_NAME = {page.name: page for page in PAGES}
