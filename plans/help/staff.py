"""Why the items of the staff instruction are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

STAFF: Help = {
    "staff.policy": Why(
        _l(
            "Most incidents begin with a person who means well. What is on paper and known to everybody is "
            "followed more often."
        ),
        _l("Do you see something odd? Stop, leave the computer on, pull out the network cable and call Henk."),
    ),
    "staff.do-report-odd": Why(
        _l(
            "The sooner somebody says that a computer behaves oddly, the less is lost. Nobody should fear being blamed."
        ),
        _l("Pop-ups, a slow computer or files you cannot open? Call Henk straight away, also in the evening."),
    ),
    "staff.do-report-loss": Why(
        _l("A lost telephone can be wiped from a distance, but only if you know about it in time."),
        _l("Telephone lost or stolen? Call Henk at once, at night too. He wipes it within the hour."),
    ),
    "staff.do-passwords": Why(
        _l(
            "One leaked password opens everything if you use it everywhere. A password manager remembers a "
            "different one for each place."
        ),
        _l("We all use the same password manager. Your main password is a sentence of at least four words."),
    ),
    "staff.dont-send-sensitive": Why(
        _l("Mail goes to the wrong address easily and cannot be called back. Think before you send somebody's data."),
        _l("We never mail copies of passports or payslips. Use the shared folder with a code."),
    ),
    "staff.dont-unknown-links": Why(
        _l("A false link looks like your bank or parcel service. Whoever types the address themselves is not fooled."),
        _l("Is there a link to sign in somewhere? Do not click on it. Type the address yourself."),
    ),
    "staff.dont-unasked-attachments": Why(
        _l("An attachment that you did not expect may hold malware, even if you know the sender."),
        _l("An invoice you know nothing of? Leave it closed and call the sender."),
    ),
    "staff.dont-torrents": Why(
        _l("Illegal downloads often carry malware along. One film on the office computer can stop the whole business."),
        _l("We download nothing from file-sharing sites, not at home on a business laptop either."),
    ),
    "staff.dont-insecure-devices": Why(
        _l("On an open network others can look in. A device without a lock or updates opens the door for them."),
        _l("No work on free wireless networks. Use your telephone as a hotspot."),
    ),
    "staff.dont-unknown-usb": Why(
        _l("Criminals leave USB sticks lying about on purpose. Curiosity does the rest."),
        _l("Found a stick? Do not plug it in, hand it to Henk."),
    ),
}
