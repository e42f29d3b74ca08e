"""Why the items of the inventory are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

INVENTORY: Help = {
    "inventory.office-pcs": Why(
        _l(
            "After theft or fire you order the same again, and the insurer asks what you had. Specifications and "
            "serial numbers answer both."
        ),
        _l("Office 1: HP ProDesk 400, 16 GB memory, 512 GB disk, serial number 5CD1234XYZ."),
    ),
    "inventory.servers": Why(
        _l("A server is the hardest thing to replace. Whoever rebuilds it must know how it was made."),
        _l(
            "Server in the back office: Dell T350, 32 GB memory, two disks of 2 TB, Windows Server 2022, serial "
            "number 7GH8K93."
        ),
    ),
    "inventory.backup-units": Why(
        _l("Somebody else may have to restore the back-up. They must know what there is and where it is."),
        _l("Synology DS223 in the cupboard upstairs, and an online account at our IT supplier."),
    ),
    "inventory.telephone-system": Why(
        _l(
            "Without a telephone, customers think you have closed. The type tells a supplier what to deliver for "
            "the time being."
        ),
        _l("Exchange: VoIP at our provider, small-business package. Handsets: 6 desk telephones and 2 cordless ones."),
    ),
    "inventory.telephone-lines": Why(
        _l("Lift, alarm and fax often have a line of their own that everybody forgets. Count them all."),
        _l("Speech: 2 lines. Fax: 1. Alarm centre: 1, with number 010 123 45 67."),
    ),
    "inventory.internet": Why(
        _l(
            "When the connection is gone, the provider asks for your details first. Without internet you cannot "
            "look them up."
        ),
        _l(
            "Fibre 500 Mbit/s at our provider, customer number 884213, fixed address 203.0.113.10, two wireless "
            "networks."
        ),
    ),
    "inventory.licences": Why(
        _l(
            "A licence that ends quietly stops your work just like a failure does. With supplier and end date you"
            " are ahead of that."
        ),
        _l("Office suite, 12 users, supplied by our IT supplier, until 31 March 2027."),
    ),
    "inventory.ip-addresses": Why(
        _l("Whoever rebuilds your network needs its addresses. Guessing makes devices stop each other."),
        _l("Network: 192.168.10.0/24. Printer: 192.168.10.20. Server: 192.168.10.5."),
    ),
    "inventory.mobile-phones": Why(
        _l(
            "A lost telephone with business mail is a data leak. With the number of the device you can have it blocked."
        ),
        _l("Samsung Galaxy A54 of Henk Bakker, with business mail, IMEI 490154203237518."),
    ),
    "inventory.cloud-services": Why(
        _l("A cloud service can fail or end as well. Know who delivers it and who of you can manage it."),
        _l("Bookkeeping in the cloud, delivered by our accountant, managed by Fatima El Amrani."),
    ),
    "inventory.tablets": Why(
        _l("Tablets get lost easily and often stay signed in. With user and serial number you can lock the right one."),
        _l("iPad of the shop on the market, used by the morning shift, serial number DMPX1234ABCD."),
    ),
    "inventory.printers": Why(
        _l(
            "Devices that print or scan keep copies of what passed through them. Know where they stand before "
            "somebody takes one away."
        ),
        _l("Multifunctional in the office on the first floor, also used as fax."),
    ),
}
