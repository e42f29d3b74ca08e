"""Mail that came back later: read from what a mail server hands over, and told to whom it is about; never made up."""

import base64
import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from core import clock, db, mail
from core.i18n import Language
from core.mail import bounces, delivery
from core.mail.addresses import mark_of
from core.mail.bounces import LARGEST, NotTaken, Report
from core.mail.delivery import Sender
from core.mail.outbox import RECIPIENT_REFUSED, MailState, OutboxMail
from core.mail.tokens import LOCAL_LENGTH, mail_of, token_of
from tenants.models import Invitation, Role, Seat, User
from tests.cast import JOINED, Cast, Organisation
from tests.core.test_mail import Postman, carrier, serving
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
SENDER = Sender("Waarborg <noreply@waarborg.example>", "waarborg.example", "bounces@waarborg.example")
SECRET = "https://waarborg.example/reset/not-for-your-eyes"
# As Postfix writes it, but for what stands in braces.
REPORT = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
\tboundary="4XyZ.1/mx.example"

--4XyZ.1/mx.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4XyZ.1/mx.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Original-Envelope-Id: {envid}

Final-Recipient: rfc822; ada@people.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--4XyZ.1/mx.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: noreply@waarborg.example
Message-ID: <{message_id}@waarborg.example>
Subject: x

--4XyZ.1/mx.example--
"""


def report(**told: str) -> bytes:
    usual = {"to": "noreply@waarborg.example", "envid": "", "message_id": "somebody-elses", "kind": "delivery-status"}
    return REPORT.format(**{**usual, "action": "failed", "status": "5.1.1", **told}).encode()


@pytest.mark.once
@pytest.mark.parametrize("kind", ["message/rfc822", "message/partial", "message/global"])
def test_mails_within_mails_are_no_report_however_deep(kind: str) -> None:
    deep = f"Content-Type: {kind}\n\n".encode() * (LARGEST // 60)
    whole = report().replace(b"text/rfc822-headers\n\n", b"message/rfc822\n\n" + deep)
    for raw in (deep, whole):
        with pytest.raises(NotTaken):
            bounces.read(raw)


@pytest.mark.once
@pytest.mark.parametrize(
    "where",
    [
        pytest.param({"to": "bounces+{token}@waarborg.example"}, id="the address it came back to"),
        pytest.param({"envid": "{token}"}, id="the envelope"),
        pytest.param({"message_id": "{token}"}, id="the head of what was sent"),
        pytest.param({"message_id": "{token}", "status": "4.4.1"}, id="given up after days"),
        pytest.param({"message_id": "{token}", "status": "odd"}, id="no reason that has a number"),
    ],
)
def test_a_report_is_known_by_a_number_that_is_ours(bare_app: Flask, where: dict[str, str]) -> None:
    mail_id = uuid4()
    with bare_app.app_context():
        _look(mail_id, where)


def _look(mail_id: UUID, where: dict[str, str]) -> None:
    told = {name: text.format(token=token_of(mail_id)) for name, text in where.items()}
    status = "5.0.0" if told.get("status") == "odd" else told.get("status", "5.1.1")
    assert bounces.read(report(**told)) == Report(mail_id, status)
    assert bounces.read(report(), [f"bounces+{token_of(mail_id).upper()}@waarborg.example"]).mail_id == mail_id


def forged(mail_id: UUID) -> str:
    """Return a number as somebody would make it up who knows the id of a mail."""
    return base64.b32hexencode(mail_id.bytes + bytes(8)).decode().rstrip("=").lower()


OURS = "{a number of ours}"
DEEP = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(500))


@pytest.mark.once
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (report(message_id=forged(uuid4())), "no mail of this service"),
        (report(message_id=uuid4().hex), "no mail of this service"),
        (report(message_id=f"x{OURS}"), "no mail of this service"),
        (report(message_id=OURS, action="delayed"), "no failure"),
        (report(message_id=OURS, kind="disposition-notification"), "no report"),
        (report(message_id=OURS).replace(b"message/delivery-status", b"text/plain"), "no report"),
        (b"Subject: I am on holiday\n\n" + OURS.encode(), "no report"),
        (b"", "no report"),
        (b"\xff\x00" * 1000, "no report"),
        (DEEP.encode(), "more parts"),
        (report(message_id=OURS) + b"x" * LARGEST, "larger"),
        (b"Content-Type: multipart/report; report-type*=utf-8''%ff; boundary=\xe9\n\n--\xe9\n", "no report"),
    ],
)  # fmt: skip
def test_whatever_else_arrives_is_told_and_harmless(bare_app: Flask, raw: bytes, reason: str) -> None:
    with bare_app.app_context(), pytest.raises(NotTaken, match=reason):
        bounces.read(raw.replace(OURS.encode(), token_of(uuid4()).encode()))


@pytest.mark.once
def test_a_number_fits_into_every_address_that_a_setting_allows(bare_app: Flask) -> None:
    mail_id = uuid4()
    with bare_app.app_context():
        local = Sender("x@y.example", "y.example", f"{'b' * 24}@y.example").return_path(mail_id).partition("@")[0]
        assert len(local) == LOCAL_LENGTH
        assert mail_of([local]) == mail_id
        assert Sender("x@y.example", "y.example").return_path(mail_id) == ""


class Telling(SMTP):
    """A mail server that knows RFC 3461 and remembers what was asked of it."""

    asked: list[dict[str, Any]] = []

    def _getparams(self, params: Any) -> Any:
        found = super()._getparams(params)
        if found:
            self.asked.append({name: found.pop(name) for name in ("RET", "ENVID", "NOTIFY") if name in found})
        return found


class Office(Postman):
    """Takes mail and keeps from where to where it goes."""

    def __init__(self) -> None:
        super().__init__()
        self.routes: list[tuple[str, list[str], bytes]] = []

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        assert isinstance(envelope.content, bytes)
        self.routes.append((envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content))
        return await super().handle_DATA(server, session, envelope)


@contextmanager
def office() -> Iterator[tuple[Controller, Office]]:
    class Server(Controller):
        def factory(self) -> SMTP:
            return Telling(self.handler, **self.SMTP_kwargs)

    Telling.asked = []
    controller = Server(postman := Office(), hostname="127.0.0.1", port=0)
    with serving(postman) as free:
        controller.port = free.port
    controller.start()
    try:
        yield controller, postman
    finally:
        controller.stop(no_assert=True)


def write(app: Flask, to: str, of: Organisation | None = None) -> None:
    with app.app_context():
        db.begin(writes=True)
        by = of.id if of else None
        mail.queue(to=to, subject="x", text=SECRET, language=Language.DUTCH, kind="reset", tenant_id=by)
        db.commit()


def invite(cast: Cast, address: str) -> None:
    """Have the bakery invite somebody, without a letter; needs an open scope of it."""
    db.session().add(
        Invitation(
            email=address, seat=Seat.MEMBER, role=Role.READER, reference="", plan=False, continuity=False,
            invited_by=cast.owner.id, sent_at=JOINED,
        )
    )  # fmt: skip


def test_what_a_mail_server_sends_back_reaches_the_person_it_is_about(
    app: Flask, cast: Cast, scope_of: Scoped, tmp_path: Path
) -> None:
    """Over real mail servers: out with an address to come back to, and back as a report to that address."""
    write(app, cast.editor.email)
    with office() as (controller, there), app.app_context():
        assert delivery.deliver(carrier(controller, timeout=5.0), SENDER).sent == 1
    ((back_to, _to, _raw),) = there.routes
    (options, wishes) = Telling.asked
    assert (options["RET"], wishes["NOTIFY"]) == ("HDRS", "FAILURE"), "what a mail said does not come back"
    assert options["ENVID"].lower() in back_to
    with serving(here := Office()) as controller, smtplib.SMTP("127.0.0.1", controller.port) as mx:
        mx.sendmail("", [back_to], report(to=back_to))
    ((_from, (came_to,), raw),) = here.routes

    owner, editor, runner = Visitor(app, cast.owner), Visitor(app, cast.editor), app.test_cli_runner()
    assert "came back" not in editor.get("/o/bakery/").get_data(as_text=True)
    for said in ("noted: 5.1.1\n", "noted before\n"):
        ran = runner.invoke(args=["mail", "bounced", "--to", came_to], input=raw)
        assert (ran.exit_code, ran.output) == (0, said)
    with app.app_context():
        db.begin(writes=False)
        ((mail_id, status),) = db.session().execute(sa.select(OutboxMail.id, OutboxMail.bounce_status))
    assert status == "5.1.1"
    assert "came back 1" in runner.invoke(args=["mail", "state"]).output
    assert "Mail to you does not arrive" in editor.get("/o/bakery/").get_data(as_text=True)
    page = editor.get("/account/reminders/").get_data(as_text=True)
    assert "De mailserver daar kent dit adres niet." in page  # no organisation, so not its language
    for path in ("/o/bakery/people/", "/o/bakery/reminders/"):
        assert re.search("[Cc]ame back|was refused", owner.get(path).get_data(as_text=True)), path
    assert "does not arrive" not in owner.get("/o/bakery/").get_data(as_text=True)
    assert editor.post("/account/reminders/mail-works").status_code == 302
    assert "came back on" not in editor.get("/o/bakery/").get_data(as_text=True)

    forgery = report(to=f"bounces+{mail_id.hex}@x.example", message_id=forged(mail_id))
    ran = runner.invoke(args=["mail", "bounced"], input=forgery)
    assert (ran.exit_code, ran.output) == (0, "not taken: it is about no mail of this service\n")
    endless = runner.invoke(args=["mail", "bounced"], input=b"x" * (3 * LARGEST))
    assert (endless.exit_code, endless.output) == (0, "not taken: it is larger than a report\n")


def test_a_mailbox_is_read_once_and_an_invitation_that_came_back_says_so(
    app: Flask, cast: Cast, scope_of: Scoped, tmp_path: Path
) -> None:
    invited = "wrong@people.example"
    with scope_of(cast.bakery):
        invite(cast, invited)
    write(app, invited, cast.bakery)
    write(app, cast.owner.email)
    with serving(postman := Postman()) as controller, app.app_context():
        delivery.deliver(carrier(controller, timeout=5.0), SENDER)
    ids = {one["To"]: one["Message-ID"].strip("<>").partition("@")[0] for one in postman.took}
    box, runner = tmp_path / "bounces", app.test_cli_runner()
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    (box / "new" / "1").write_bytes(report(message_id=ids[invited]))
    (box / "new" / "2").write_bytes(b"Subject: buy this\n\nnow\n")
    (box / "new" / "3").symlink_to(tmp_path / "elsewhere")
    ran = runner.invoke(args=["mail", "bounced", str(box)])
    assert ran.output == "noted: 5.1.1\nnot taken: it is no report about delivery\n"
    assert runner.invoke(args=["mail", "bounced", str(box)]).output == ""
    assert sorted(file.name for file in (box / "cur").iterdir()) == ["1:2,S", "2:2,S"]
    assert "Mail came back" in Visitor(app, cast.owner).get("/o/bakery/people/").get_data(as_text=True)

    file = tmp_path / "mbox"
    file.write_bytes(b"From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n" + report(message_id=ids[cast.owner.email]))
    assert runner.invoke(args=["mail", "bounced", str(file)]).output == "noted: 5.1.1\n"
    assert runner.invoke(args=["mail", "bounced", str(file)]).output == "noted before\n"
    with app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.delete(OutboxMail))
        db.commit()
    said = runner.invoke(args=["mail", "bounced", str(file)]).output
    assert said == "not taken: the mail it is about is not kept any more\n"


def test_nobody_learns_by_inviting_an_address_what_became_of_the_mail_of_others(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    came_back, refused, at = "gone@people.example", "never@people.example", clock.now()
    told: dict[str, dict[str, Any]] = {
        came_back: {"state": MailState.SENT, "bounced_at": at, "bounce_status": "5.1.1"},
        refused: {"state": MailState.GIVEN_UP, "error": RECIPIENT_REFUSED},
    }
    page = Visitor(app, cast.owner)
    for of, seen in ((None, 0), (cast.other, 0), (cast.bakery, 2)):
        for to, state in told.items():
            write(app, to, of)
            with app.app_context():
                db.begin(writes=True)
                mine = sa.update(OutboxMail).where(
                    OutboxMail.recipient_mark == mark_of(to), OutboxMail.done_at.is_(None)
                )
                db.session().execute(mine.values(done_at=at, **state))
                db.commit()
        if of is None:
            with scope_of(cast.bakery):
                for to in told:
                    invite(cast, to)
        assert page.get("/o/bakery/people/").get_data(as_text=True).count("Mail came back on") == seen


def test_a_new_address_has_none_that_came_back(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        from tenants.account import services

        user = db.session().get_one(User, cast.owner.id)
        user.bounced_at, user.bounce_status = JOINED, "5.1.1"
        services.change_email(user, "new@people.example", Language.DUTCH, at=JOINED)
        assert not user.bounced_at
        assert not user.bounce_status
        db.rollback()
