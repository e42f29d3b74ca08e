"""Why the items of the back-up are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

BACKUP: Help = {
    "backup.offsite-data": Why(
        _l("A fire, a burglary or a flood takes everything in the building with it. A copy somewhere else survives."),
        _l(
            "An encrypted disk in the safe at Fatima's home. She swaps it every Friday and last did so on 6 "
            "November 2026."
        ),
    ),
    "backup.offsite-licences": Why(
        _l("New computers need their software again. Without proof of your licences you pay twice or wait for days."),
        _l("A printed list with licence numbers and order confirmations, in the same safe as the back-up disk."),
    ),
    "backup.offsite-installers": Why(
        _l(
            "Old versions of software can be hard to find after a disaster. Keep the installation files you need "
            "outside the building."
        ),
        _l("The installer of the till software, version 8.2, is on the back-up disk, in the folder Installation."),
    ),
    "backup.offsite-plan": Why(
        _l(
            "A plan that burns along helps nobody. The copy outside must be of the newest version. The offline kit is "
            "made for this: one encrypted file on a stick, which any browser opens without internet."
        ),
        _l("Printed version 4 lies in the glove box of the delivery van; Henk keeps it."),
    ),
    "backup.air-gapped": Why(
        _l("Ransomware looks for back-ups and locks those too. It cannot touch a disk that is not connected."),
        _l("Two disks in turn: one is connected at night, the other lies in the safe. Checked on 30 October 2026."),
    ),
    "backup.safe-keeping": Why(
        _l(
            "The copy holds all your data. It must not lie around, and somebody must be able to hand it over. Some "
            "damage shows only after weeks: then you need a copy from before."
        ),
        _l(
            "In a fireproof safe at the home of our director, who keeps the key. Our supplier keeps 90 days, so we can "
            "go back to the middle of August."
        ),
    ),
    "backup.out-of-hours": Why(
        _l(
            "Disasters do not wait for Monday morning. Find out beforehand whether you can reach your back-up at night."
        ),
        _l("Fatima can be called day and night and lives ten minutes away. We tried it on a Sunday in September."),
    ),
    "backup.encrypted": Why(
        _l(
            "A lost disk is a data leak, unless nobody can read it. Do write down where the key is, but never the"
            " key itself."
        ),
        _l("BitLocker with a 48-digit recovery key. The key is in a sealed envelope at our accountant's office."),
    ),
}
