"""Why the items of the business processes are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

PROCESSES: Help = {
    "processes.department-heads": Why(
        _l("In an emergency you want one person per department whom you can call and who may decide."),
        _l("Bakery: Henk Bakker, 06 12345678. Shop: Fatima El Amrani, 06 87654321."),
    ),
    "processes.personal-data": Why(
        _l("After a data leak you have 72 hours to report it. Then it must be clear who does that."),
        _l("Fatima El Amrani keeps the register of personal data and reports leaks to the supervisor."),
    ),
    "processes.systems-used": Why(
        _l(
            "When a system fails you want to know at once who cannot work. And when a department stops: which "
            "systems it needs."
        ),
        _l("The shop uses the till, the ordering system and the telephone. The bakery uses only the ordering system."),
    ),
    "processes.data-needed": Why(
        _l("Some data must be there within the hour, other data can wait. It differs by department."),
        _l("The shop needs today's orders and the price list. Administration needs the customer accounts."),
    ),
    "processes.priorities": Why(
        _l("Everything at once is impossible. Whoever chooses the order now need not quarrel about it later."),
        _l("First the till, back within 4 hours. Then the orders, 8 hours. Bookkeeping can wait for 3 days."),
    ),
}
