"""Mail: nothing before the commit, nothing lost whatever the server does, nothing twice unless a sender died."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from flask import Flask

from core import clock, db, mail
from core.i18n import Language
from core.mail import delivery
from core.mail.carriers import FolderCarrier, SmtpCarrier, Unreachable, carrier_for
from core.mail.delivery import KEPT, LEASE, PAUSES, Round, Sender, deliver
from core.mail.outbox import MailState, NotAnAddress, OutboxMail
from core.mail.tokens import token_of
from tests.certificates import authority

SENDER = Sender("Waarborg <noreply@waarborg.example>", "waarborg.example")
SECRET = "https://waarborg.example/reset/not-for-your-eyes"
IMPATIENT = 0.5


class Postman:
    """A mail server's own part: what it took, and how it misbehaves."""

    def __init__(self, answer: str = "250 taken", *, rcpt: str = "250 fine", slow: bool = False) -> None:
        self.answer, self.rcpt, self.slow = answer, rcpt, slow
        self.took: list[EmailMessage] = []
        self.users: list[str] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.slow:
            await asyncio.sleep(IMPATIENT * 4)
        content = envelope.content
        assert isinstance(content, bytes)
        self.took.append(message_from_bytes(content, policy=policy.default))
        if self.answer == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return self.answer


@contextmanager
def serving(postman: Postman, **options: Any) -> Iterator[Controller]:
    """Run a real mail server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop(no_assert=True)


def carrier(controller: Controller, **more: Any) -> SmtpCarrier:
    options: dict[str, Any] = {"implicit_tls": False, "user": "", "password": "", "timeout": IMPATIENT} | more
    return SmtpCarrier(host=options.pop("host", "127.0.0.1"), port=controller.port, **options)


@pytest.fixture
def write(bare_app: Flask) -> Iterator[Callable[..., None]]:
    """Queue a mail and commit."""

    def queue(to: str = "ada@people.example", **more: Any) -> None:
        db.begin(writes=True)
        told: dict[str, Any] = {"subject": "Nieuw wachtwoord", "text": f"Één keer: {SECRET}\n", "kind": "reset"} | more
        mail.queue(to=to, language=Language.DUTCH, **told)
        db.commit()

    with bare_app.app_context():
        yield queue


def rows() -> list[OutboxMail]:
    db.rollback()
    db.begin(writes=False)
    found = list(db.session().scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))
    db.session().expunge_all()
    db.rollback()
    return found


def test_mail_of_a_change_that_was_dropped_never_leaves(bare_app: Flask, tmp_path: Path) -> None:
    with bare_app.app_context():
        db.begin(writes=True)
        mail.queue(to="ada@people.example", subject="x", text="y", language=Language.DUTCH, kind="test")
        db.rollback()
        assert deliver(FolderCarrier(tmp_path), SENDER) == Round()
    assert list(tmp_path.glob("*.eml")) == []


def test_mail_arrives_once_and_is_forgotten_afterwards(write: Callable[..., None]) -> None:
    postman = Postman()
    write()
    with serving(postman) as controller:
        assert deliver(carrier(controller), SENDER) == Round(sent=1)
        assert deliver(carrier(controller), SENDER) == Round()
    (taken,), (row,) = postman.took, rows()
    assert taken["To"] == "ada@people.example"
    assert taken["From"] == SENDER.address
    assert taken["Subject"] == "Nieuw wachtwoord"
    assert taken["Message-ID"] == f"<{token_of(row.id)}@waarborg.example>"
    assert (taken["Auto-Submitted"], taken["Content-Language"]) == ("auto-generated", "nl")
    assert taken.get_content().strip() == f"Één keer: {SECRET}"
    assert (row.state, row.subject, row.text) == (MailState.SENT, None, None)


def test_database_does_not_hold_what_a_waiting_mail_says(write: Callable[..., None]) -> None:
    write()
    with db.engine().connect() as connection:
        kept = connection.execute(sa.select(sa.type_coerce(OutboxMail.text, sa.LargeBinary))).scalar_one()
    assert SECRET.encode() not in bytes(kept)


def test_server_that_is_down_costs_no_try_and_no_mail(write: Callable[..., None]) -> None:
    write()
    with serving(Postman()) as controller:
        gone = carrier(controller)
    assert deliver(gone, SENDER) == Round(down=True)
    (row,) = rows()
    assert (row.state, row.attempts) == (MailState.WAITING, 0)
    with serving(postman := Postman()) as controller:
        assert deliver(carrier(controller), SENDER) == Round(sent=1)
    assert len(postman.took) == 1


@pytest.mark.parametrize(
    ("postman", "error"),
    [
        pytest.param(Postman(slow=True), "the mail server did not answer in time", id="slow"),
        pytest.param(Postman("drop"), "the mail server broke off", id="breaks off after the text"),
        pytest.param(Postman("451 not now ada@people.example"), "put the message off (451)", id="text put off"),
        pytest.param(Postman(rcpt="450 greylisted"), "put the recipient off (450)", id="recipient put off"),
    ],
)
def test_mail_that_was_not_taken_goes_again_under_the_same_message_id(
    write: Callable[..., None], postman: Postman, error: str
) -> None:
    write()
    with serving(postman) as controller:
        assert deliver(carrier(controller), SENDER).failed == 1
    (row,) = rows()
    assert (row.state, row.attempts) == (MailState.FAILED, 1)
    assert error in row.error
    assert "ada@" not in row.error
    assert row.due_at - clock.now() <= PAUSES[0]
    assert deliver(FolderCarrier(Path("unused")), SENDER) == Round(), "it rests before it goes again"
    with serving(good := Postman()) as controller, time_machine.travel(row.due_at, tick=False):
        assert deliver(carrier(controller), SENDER) == Round(sent=1)
    assert good.took[0]["Message-ID"] == f"<{token_of(row.id)}@waarborg.example>"
    assert all(twice["Message-ID"] == good.took[0]["Message-ID"] for twice in postman.took)


@pytest.mark.parametrize(
    "postman", [Postman("554 spam"), Postman(rcpt="550 nobody here")], ids=["text refused", "recipient refused"]
)
def test_refused_mail_is_given_up_and_the_next_one_goes(write: Callable[..., None], postman: Postman) -> None:
    write()
    with serving(postman) as controller:
        assert deliver(carrier(controller), SENDER) == Round(given_up=1)
    (row,) = rows()
    assert (row.state, row.text) == (MailState.GIVEN_UP, None)
    write("grace@people.example")
    with serving(Postman()) as controller:
        assert deliver(carrier(controller), SENDER) == Round(sent=1)


def test_one_refused_mail_does_not_hold_up_the_others(write: Callable[..., None]) -> None:
    class Choosy(Postman):
        async def handle_RCPT(self, *told: Any) -> str:  # noqa: N802 - the library's name
            if "refused" in told[3]:
                return "550 nobody here"
            return await super().handle_RCPT(*told)

    for to in ("a@people.example", "refused@people.example", "b@people.example"):
        write(to)
    with serving(postman := Choosy()) as controller:
        assert deliver(carrier(controller), SENDER) == Round(sent=2, given_up=1)
    assert [taken["To"] for taken in postman.took] == ["a@people.example", "b@people.example"]


def test_mail_is_given_up_after_the_last_pause(write: Callable[..., None]) -> None:
    write()
    with serving(Postman("451 not now")) as controller:
        for _ in PAUSES:
            (row,) = rows()
            with time_machine.travel(max(row.due_at, clock.now()), tick=False):
                assert deliver(carrier(controller), SENDER).failed == 1
        (row,) = rows()
        with time_machine.travel(row.due_at, tick=False):
            assert deliver(carrier(controller), SENDER) == Round(given_up=1)
    (row,) = rows()
    assert (row.state, row.attempts, row.text) == (MailState.GIVEN_UP, len(PAUSES) + 1, None)


def test_mail_whose_link_has_died_is_not_sent(write: Callable[..., None], tmp_path: Path) -> None:
    write(useful_until=clock.now() + timedelta(hours=1))
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1), tick=False):
        assert deliver(FolderCarrier(tmp_path), SENDER) == Round(given_up=1)
    (row,) = rows()
    assert (row.state, row.text) == (MailState.GIVEN_UP, None)


def test_senders_racing_for_the_same_mail_send_it_once(bare_app: Flask, write: Callable[..., None]) -> None:
    for number in range(8):
        write(f"p{number}@people.example")

    def send(_: int) -> Round:
        with bare_app.app_context():
            return deliver(carrier(controller, timeout=10.0), SENDER)

    with serving(postman := Postman()) as controller, ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(send, range(4)))
    assert sum(one.sent for one in rounds) == 8
    assert len({taken["Message-ID"] for taken in postman.took}) == len(postman.took) == 8


def test_mail_of_a_sender_that_died_is_taken_over_after_its_lease(write: Callable[..., None], tmp_path: Path) -> None:
    write()
    (row,) = rows()
    assert delivery._claim(row.id, SENDER, clock.now()) is not None
    assert delivery._claim(row.id, SENDER, clock.now()) is None
    assert deliver(FolderCarrier(tmp_path), SENDER) == Round()
    with time_machine.travel(clock.now() + LEASE, tick=False):
        assert deliver(FolderCarrier(tmp_path), SENDER) == Round(sent=1)


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example\r\nBcc: all@b.example",
        "a@b.example, c@d.example",
        "A <a@b.example>",
        "a@b.example\n",
        "a@@b.example",
        "a@localhost",
        "@b.example",
        "a" * 260 + "@b.example",
        # Programs that read mail would take these for another address than the one written to.
        "=?utf-8?q?c=40d.example=2C?=@b.example",
        "=?utf-8?q?x?=@b.example",
        "",
    ],
)
def test_only_one_plain_address_is_written_to(bare_app: Flask, to: str) -> None:
    with bare_app.app_context(), pytest.raises(NotAnAddress):
        mail.queue(to=to, subject="x", text="y", language=Language.DUTCH, kind="test")


def test_line_end_in_a_subject_starts_no_new_header(write: Callable[..., None]) -> None:
    write(subject="Hallo\r\nBcc: all@b.example\r\n\r\nzomaar")
    with serving(postman := Postman()) as controller:
        deliver(carrier(controller), SENDER)
    (taken,) = postman.took
    assert taken["Bcc"] is None
    assert taken["Subject"] == "Hallo Bcc: all@b.example zomaar"


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("=?utf-8?q?Hallo=0D=0ABcc:_all=40b.example?=", "= ?utf-8?q?Hallo=0D=0ABcc:_all=40b.example?="),
        ("=?utf-8?q?a=0D=0A=0D=0AEigen_tekst?= b", "= ?utf-8?q?a=0D=0A=0D=0AEigen_tekst?= b"),
        ("==?utf-8?b?DQpCY2M6IGFAYi5leGFtcGxl?=", "== ?utf-8?b?DQpCY2M6IGFAYi5leGFtcGxl?="),
        ("Bakkerij \N{LATIN SMALL LETTER E WITH DIAERESIS} =?utf-8?q?=0ABcc:_a?= " + "x" * 90, None),
        ("een\x07twee\x1b[31m", "eentwee[31m"),
    ],
)
def test_subject_that_looks_encoded_is_what_somebody_typed_and_no_new_header(
    write: Callable[..., None], subject: str, read: str | None
) -> None:
    write(subject=subject)
    with serving(postman := Postman()) as controller:
        deliver(carrier(controller), SENDER)
    (taken,) = postman.took
    assert taken["Bcc"] is None
    assert taken["Subject"] == (read or subject.replace("=?", "= ?"))
    assert taken.get_content().strip() == f"Één keer: {SECRET}"


def test_password_is_never_shown_to_a_server_without_encryption(write: Callable[..., None]) -> None:
    write()
    with serving(Postman()) as controller:
        outside = carrier(controller, host="localhost.localdomain", user="u", password="geheim")
        with pytest.raises(Unreachable) as caught, outside.open():
            raise AssertionError("a way out without encryption")
    assert "geheim" not in str(caught.value) + repr(outside)


def test_server_is_spoken_to_encrypted_and_its_name_is_checked(write: Callable[..., None], tmp_path: Path) -> None:
    trusted, server = authority(tmp_path, "localhost")
    ours = ssl.create_default_context(cafile=trusted)
    seen = Postman()

    def sign_in(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        seen.users.append(data.login.decode())
        return AuthResult(success=data.password == b"geheim")

    write()
    options = {"tls_context": server, "require_starttls": True, "authenticator": sign_in, "auth_required": True}
    with serving(seen, **options) as controller:
        wrong = carrier(controller, host="localhost", context=ssl.create_default_context(), user="u", password="geheim")
        assert deliver(wrong, SENDER) == Round(down=True)
        refused = carrier(controller, host="localhost", context=ours, user="u", password="fout", timeout=2.0)
        assert deliver(refused, SENDER) == Round(down=True)
        right = carrier(controller, host="localhost", context=ours, user="u", password="geheim", timeout=2.0)
        assert deliver(right, SENDER) == Round(sent=1)
    assert seen.users == ["u", "u"]


def test_address_of_the_mail_server_is_read_from_the_settings(tmp_path: Path) -> None:
    chosen = carrier_for("smtp://me%40here:p%2Fw@mail.example", tmp_path)
    assert chosen == SmtpCarrier("mail.example", 587, implicit_tls=False, user="me@here", password="p/w")
    implicit = carrier_for("smtps://mail.example:4650?plain=yes", tmp_path)
    assert implicit == SmtpCarrier("mail.example", 4650, implicit_tls=True, user="", password="", plain=True)
    assert carrier_for("", tmp_path) == FolderCarrier(tmp_path)


def test_command_sends_what_waits_into_the_folder_where_there_is_no_server(
    bare_app: Flask, write: Callable[..., None], tmp_path: Path
) -> None:
    write()
    runner = bare_app.test_cli_runner()
    assert runner.invoke(args=["mail", "send"]).output == "sent 1, failed 0, given up 0\n"
    (file,) = (tmp_path / "outbox").glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0
    assert SECRET in message_from_bytes(file.read_bytes(), policy=policy.default).get_content()
    assert "sent 1" in runner.invoke(args=["mail", "state"]).output


def test_rows_of_mails_are_removed_after_a_month(write: Callable[..., None], tmp_path: Path) -> None:
    write()
    deliver(FolderCarrier(tmp_path), SENDER)
    write("grace@people.example")
    assert delivery.forget_old(clock.now() + KEPT + timedelta(minutes=1)) == 1
    assert [row.recipient for row in rows()] == ["grace@people.example"]
