"""Why the items of the opening questions are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

SELF_CHECK: Help = {
    "self-check.secured": Why(
        _l(
            "An honest first look shows where to begin. You answer it again each year, so you can see whether "
            "things get better."
        ),
        _l("Partly. Everybody signs in with a code on the phone, but the old cash register still runs on Windows 7."),
    ),
    "self-check.weakest-point": Why(
        _l("Trouble usually comes in at the weakest place. Whoever knows that place can repair it first."),
        _l("Only Henk knows how the ordering system works. The router in the shop has not been updated since 2022."),
    ),
    "self-check.attractive-data": Why(
        _l("Thieves look for data that they can sell or use for blackmail. Name what they would want from you."),
        _l("Customer accounts with addresses and order history, the payroll, and our recipes."),
    ),
    "self-check.extra-protection": Why(
        _l("What attracts others most deserves a better lock than the rest. Tell how each of these is protected."),
        _l(
            "The payroll is kept at the accountant's; signing in takes a password and a code, and two people can "
            "reach it."
        ),
    ),
}
