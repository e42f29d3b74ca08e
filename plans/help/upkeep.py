"""Why the items of the upkeep are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

UPKEEP: Help = {
    "upkeep.review": Why(
        _l("A plan grows old by itself: people leave, systems change. Reading it through once a year keeps it true."),
        _l("Read by the whole team on 14 April 2026. Two telephone numbers and one system changed."),
    ),
    "upkeep.business-change": Why(
        _l("A new branch, system or supplier changes what must be rescued. Report it here and the plan follows."),
        _l("On 1 September 2026 we opened a second shop, with its own till and internet connection."),
    ),
    "upkeep.contacts": Why(
        _l(
            "A wrong telephone number costs the most time at the worst moment. Confirm each contact a few times a year."
        ),
        _l("Fatima calls through the list every first Monday of January and July."),
    ),
    "upkeep.licences": Why(
        _l("Licences are renewed, moved and ended. A list that is right saves money and stops surprises."),
        _l("Each quarter Henk compares the list with the invoices of our IT supplier."),
    ),
    "upkeep.responsible": Why(
        _l("What everybody looks after is done by nobody. One member of the team keeps the plan up to date."),
        _l("Fatima El Amrani; it is part of her job description."),
    ),
    "upkeep.tailored": Why(
        _l(
            "A plan copied from a book does not fit. It does when each item has been answered, or left out for a "
            "good reason."
        ),
        _l("We have no fax: left out, because all orders come in by telephone and through the website."),
    ),
}
