"""Why the items of the tests are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

TESTING: Help = {
    "testing.sla": Why(
        _l("In an agreement you can read how fast your supplier must come. Without one you depend on goodwill."),
        _l("Service agreement SLA-2026-014 with our IT supplier, valid until 31 December 2027."),
    ),
    "testing.weekend-call": Why(
        _l("A number that nobody answers on Saturday is no emergency number. You only find out by calling."),
        _l("Called on Saturday 10 October 2026 at 20:15; answered after two minutes by the duty engineer."),
    ),
    "testing.supplier-expectations": Why(
        _l("What you expect and what was agreed are often two things. Ask it before you need it."),
        _l("Within office hours help within 2 hours; outside them only for a complete stop, within 4 hours."),
    ),
    "testing.costs": Why(
        _l("An emergency visit on a Sunday is expensive. If you know the price, nobody has to hesitate about calling."),
        _l("Call-out outside office hours: € 195 per hour with a minimum of two hours, so € 390."),
    ),
    "testing.fallback-work": Why(
        _l("A place to work is only one if you can sign in there, print and be called."),
        _l("Two colleagues worked there for a morning. Orders went fine; the printer did not. Driver added since."),
    ),
    "testing.restore": Why(
        _l(
            "Back-ups fail more often than people think, and you notice it on the worst day. Restoring one is "
            "the only proof."
        ),
        _l(
            "Customer files and orders of last Tuesday restored on a spare computer. It took 3 hours and all was there."
        ),
    ),
    "testing.restore-new-systems": Why(
        _l(
            "A system that you took into use this year may not be in the back-up yet. Test it along with the next"
            " restore."
        ),
        _l("The new ordering system runs since May. It was part of the restore test in June."),
    ),
    "testing.ethical-hack": Why(
        _l("Somebody who breaks in by order finds the holes before a criminal does."),
        _l("A security firm tested our website and network for a day. Two findings, both repaired within a week."),
    ),
    "testing.phishing": Why(
        _l("A harmless false mail shows how many people click. It is for learning, not for blaming."),
        _l("14 people got a mail about a parcel. 3 clicked. We talked about it over coffee."),
    ),
    "testing.walk-in": Why(
        _l("Whoever carries a box is let in by nearly everybody. Test whether a stranger gets to a computer."),
        _l("A stranger in overalls reached the office in four minutes. The door now closes by itself."),
    ),
    "testing.usb-drop": Why(
        _l("Leave a stick lying about and see who plugs it in. It tells you whether your instruction works."),
        _l("Three sticks left in the canteen and the car park. One was plugged in, two were handed in."),
    ),
}
