"""Why the items of the payments are asked, with an example for each."""

from flask_babel import lazy_gettext as _l

from plans.help.why import Help, Why

PAYMENTS: Help = {
    "payments.unchecked-limit": Why(
        _l("Fraud with invoices works because one person can pay alone. A limit keeps the loss small."),
        _l("€ 500: above that a second person has a look."),
    ),
    "payments.four-eyes": Why(
        _l("Two people see more than one, and a thief has to fool both. Set the amount at the bank as well."),
        _l("€ 500: from this amount Anneke approves each payment in the banking app."),
    ),
    "payments.address-book": Why(
        _l("Paying only to accounts that you know stops most false invoices. The bank can enforce it for you."),
        _l("Yes. New accounts are added by two people together, in the address book of the bank."),
    ),
    "payments.unknown-account": Why(
        _l("A new account number is the moment at which fraud happens. Fixed steps prevent haste."),
        _l(
            "1. Look the company up in the trade register. 2. Call it on the number found there. 3. Two people "
            "add the account."
        ),
    ),
    "payments.account-change": Why(
        _l(
            "Criminals mail in your supplier's name that its account has changed. A call to a number you already "
            "had exposes them."
        ),
        _l(
            "We never change an account by mail. We call the supplier on the number in our own records and note "
            "whom we spoke."
        ),
    ),
    "payments.email-order": Why(
        _l(
            "A mail that seems to be from the director, in a hurry, is a well-known trick. Agree that you always check."
        ),
        _l("An order to pay by mail is always confirmed face to face or by telephone, also when it is urgent."),
    ),
}
