"""Who takes a mail away: a mail server, or on a desk a folder of files."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from core.mail.outbox import RECIPIENT_REFUSED

TIMEOUT = 15.0
SUBMISSION, SMTPS = 587, 465


class Refused(Exception):
    """The mail server will never take this mail; the text holds no address and no secret."""


class Unreachable(Exception):
    """The mail server cannot be spoken to now, for this mail or any other; the text holds no address and no secret."""


class Failed(Exception):
    """This mail was not taken now; another try may do it. The text holds no address and no secret."""


class Hand(Protocol):
    """An open way out, for one mail after the other."""

    def give(self, message: EmailMessage, return_path: str = "") -> None:
        """Hand over `message`. return_path: where it comes back to, "" for its sender.

        Raises Refused, Failed or Unreachable.
        """


class Carrier(Protocol):
    """A way out of the house."""

    @contextmanager
    def open(self) -> Iterator[Hand]:
        """Give the way out while the block runs. Raises Unreachable."""
        yield ...  # type: ignore[misc]  # a protocol has no body


@dataclass(frozen=True, slots=True)
class FolderCarrier:
    """Writes each mail as a file, `<Message-ID>.eml`: for a desk without a mail server, and for tests."""

    folder: Path

    @contextmanager
    def open(self) -> Iterator["FolderCarrier"]:
        """Give this carrier itself; the folder is made when missing, closed to other accounts."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield self

    def give(self, message: EmailMessage, return_path: str = "") -> None:
        """Write `message` down whole or not at all; from a folder nothing comes back."""
        name = local_part(message)
        arriving = self.folder / f".{name}"
        handle = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
        arriving.replace(self.folder / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class SmtpCarrier:
    """Hands mail to a mail server. timeout: seconds for each answer.

    The way there is encrypted, and the server's certificate checked, unless the server is this machine itself or
    `plain` says that the network between is trusted.
    """

    host: str
    port: int
    implicit_tls: bool
    user: str
    password: str = field(repr=False)
    plain: bool = False
    timeout: float = TIMEOUT
    context: ssl.SSLContext | None = field(default=None, repr=False)

    @contextmanager
    def open(self) -> Iterator["_SmtpHand"]:
        """Connect, encrypt, sign in. Raises Unreachable when one of them fails."""
        try:
            connection = self._connect()
        except smtplib.SMTPAuthenticationError:
            raise Unreachable("the mail server did not accept user name and password") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_told(error)) from None
        try:
            yield _SmtpHand(connection)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        if self.implicit_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if not self.implicit_tls:
                self._encrypt(connection, context)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _encrypt(self, connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
        elif not (self.plain or _this_machine(self.host)):
            raise smtplib.SMTPNotSupportedError("the mail server offers no encryption")


@dataclass(frozen=True, slots=True)
class _SmtpHand:
    connection: smtplib.SMTP

    def give(self, message: EmailMessage, return_path: str = "") -> None:
        """Hand over `message`. Raises Refused, Failed or Unreachable."""
        mail_options: tuple[str, ...] = ()
        rcpt_options: tuple[str, ...] = ()
        if self.connection.has_extn("dsn"):
            # RFC 3461: what comes back names the mail, and leaves out what it said.
            mail_options = ("RET=HDRS", f"ENVID={local_part(message)}")
            rcpt_options = ("NOTIFY=FAILURE",)
        try:
            self.connection.send_message(message, return_path or None, None, mail_options, rcpt_options)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            if all(500 <= code < 600 for code in codes):
                raise Refused(f"{RECIPIENT_REFUSED} ({codes[0]})") from None
            raise Failed(f"the mail server put the recipient off ({codes[0]})") from None
        except smtplib.SMTPDataError as error:
            if 500 <= error.smtp_code < 600:
                raise Refused(f"the mail server refused the message ({error.smtp_code})") from None
            raise Failed(f"the mail server put the message off ({error.smtp_code})") from None
        except smtplib.SMTPSenderRefused as error:
            raise Unreachable(f"the mail server refused the sender ({error.smtp_code})") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_told(error)) from None


def local_part(message: EmailMessage) -> str:
    """Return what stands before the @ of the Message-ID."""
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


def carrier_for(smtp_url: str, folder: Path) -> Carrier:
    """Return the mail server of `smtp_url`, or `folder` when there is none.

    smtp_url: smtp://user:password@host:port or smtps://...; `?plain=yes` allows a mail server without encryption.
    """
    if not smtp_url:
        return FolderCarrier(folder)
    parts = urlsplit(smtp_url)
    implicit = parts.scheme == "smtps"
    return SmtpCarrier(
        host=parts.hostname or "localhost",
        port=parts.port or (SMTPS if implicit else SUBMISSION),
        implicit_tls=implicit,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        plain=parse_qs(parts.query).get("plain") == ["yes"],
    )


def _this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _told(error: Exception) -> str:
    """Say what went wrong without repeating what the server said: it may repeat an address or a password."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    # smtplib tells of a server that took too long as of one that broke off.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "the mail server did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the mail server broke off"
    if isinstance(error, ssl.SSLError):
        return "the mail server's certificate or encryption cannot be trusted"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server offers no encryption"
    return f"the mail server cannot be reached ({type(error).__name__})"
