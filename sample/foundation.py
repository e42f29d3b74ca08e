"""Stichting Continuïteit Voorbeeld: an address book and a first answer; its work is at its registrants."""

from core import db
from plans.models import Answer, Contact
from sample.days import Days

SECRETARY = "Marijke van Leeuwen"


def fill(days: Days) -> None:
    """Add what the foundation keeps, inside its scope."""
    people = (
        (SECRETARY, "Secretaris", "+31612340301", "marijke"),
        ("Pieter Groen", "Penningmeester", "+31612340302", "pieter"),
        ("Saskia de Groot", "Voorzitter", "+31612340303", "saskia"),
    )
    for name, job_title, phone, mailbox in people:
        db.session().add(
            Contact(
                name=name,
                job_title=job_title,
                department="Bestuur",
                phone=phone,
                email=f"{mailbox}@continuiteit-voorbeeld.example",
                confirmed_on=days.ago(35),
            )
        )
    db.session().add(
        Answer(
            item_id="self-check.weakest-point",
            values={"points": "Drie bestuursleden doen al het werk; zijn er twee tegelijk weg, dan ligt alles stil."},
            answered_on=days.ago(35),
            answered_by=SECRETARY,
        )
    )
