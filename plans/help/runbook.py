"""Why the items of the recovery runbook are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

RUNBOOK: Help = {
    "runbook.team": Why(
        _l(
            "In a crisis a small fixed group works best: technology, privacy, the work floor and management "
            "around one table."
        ),
        _l("IT administrator: Jeroen of our IT supplier. Privacy: Fatima. Bakery: Henk. Management: Anneke."),
    ),
    "runbook.first-contact": Why(
        _l("Everybody must know whom to call first. And whom when that person is on holiday."),
        _l("Henk Bakker; when he does not answer, Fatima El Amrani."),
    ),
    "runbook.external-voice": Why(
        _l("If five people tell five stories outside, nobody believes you any more. One voice keeps trust."),
        _l("Anneke de Wit speaks to the press and to neighbours. All others refer to her."),
    ),
    "runbook.informing": Why(
        _l("Staff, customers and the media each want to hear something else. Share it out, and nobody is forgotten."),
        _l(
            "Staff: Henk, by group message. Customers: Fatima, by a notice on the door and on the website. Media:"
            " Anneke."
        ),
    ),
    "runbook.tasks-known": Why(
        _l(
            "A task that somebody reads for the first time during a fire takes too long. Let each member say "
            "beforehand that they know theirs."
        ),
        _l("Jeroen: takes the network down, finds out what happened and reports every two hours."),
    ),
    "runbook.activation": Why(
        _l("Somebody has to say: now the plan holds. Otherwise everybody waits for each other."),
        _l("Anneke de Wit decides. If she cannot be reached within half an hour, Henk Bakker does."),
    ),
    "runbook.internal-officers": Why(
        _l("Besides the team you may need others, such as who has the keys or knows the old system."),
        _l("Piet Smit, because he has the keys to the cellar and knows where the mains switch is."),
    ),
    "runbook.external-parties": Why(
        _l("You call these four for help. Looking for an insurer or lawyer at night costs the hours that count."),
        _l("Our IT supplier, our insurer, the fitter of the building and the lawyer of the trade association."),
    ),
    "runbook.external-phones": Why(
        _l("A name without a number is no use when your computer is off. The list is made of your external parties."),
        _l("Our IT supplier: 088 123 45 67, day and night. Insurer, emergency desk: 0800 1234."),
    ),
    "runbook.fallback-location": Why(
        _l(
            "When you cannot enter the building, the work goes on elsewhere. An agreement beforehand saves a day "
            "of telephoning."
        ),
        _l("Two desks in the office of the bakery in the next village. Agreed with the owner on 3 March 2026."),
    ),
    "runbook.reachability": Why(
        _l(
            "Customers who cannot reach you go to somebody else. Calls and mail often work on if you know how to "
            "redirect them."
        ),
        _l("The provider forwards our number to 06 12345678 through its web page. Mail works in any browser."),
    ),
    "runbook.replacement-hardware": Why(
        _l("After a big failure, new devices have delivery times. An agreement puts you in front of the queue."),
        _l("Our IT supplier lends us three laptops within one working day, by the agreement of 12 January 2026."),
    ),
    "runbook.recovery": Why(
        _l("Recovery is quicker with a list. First what other systems need, then in order of importance."),
        _l("1. Internet and network. 2. Restore the server from the back-up. 3. Till. 4. Orders. 5. Bookkeeping."),
    ),
}
