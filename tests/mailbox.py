"""The mailboxes of made-up people: what the service sent lies as files in its data folder."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

from flask import Flask

from core.mail import post

LINK = re.compile(r"https?://\S+/\S+")


def letters_to(app: Flask, address: str) -> list[EmailMessage]:
    """Send what waits, and return every letter that ever reached `address`, oldest first."""
    with app.app_context():
        post.send_due()
    files = sorted((app.config["SETTINGS"].data_dir / post.FOLDER).glob("*.eml"))
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [letter for letter in found if letter["To"] == address]


def last_letter(app: Flask, address: str) -> EmailMessage:
    """Return the newest letter to `address`."""
    return letters_to(app, address)[-1]


def link_in(letter: EmailMessage) -> str:
    """Return the path of the only link with a secret in a letter."""
    (found,) = (one for one in LINK.findall(str(letter.get_content())) if urlsplit(one).path.count("/") > 1)
    return str(urlsplit(found).path)
