"""A list of clients: what is said about each row, who is written to, and what an answer opens."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from tenants.clients.reading import Columns, Known, Problem, guess, headings, read
from tenants.models import ClientInvitation, ClientList, GrantLevel, ManagementGrant, Role, Tenant, User
from tests.cast import Cast, Organisation
from tests.grants.scene import Scoped, Visitors, another, grant, letters, staff, trail_of
from tests.visitor import Visitor

LIST = Path(__file__).parents[1] / "samples" / "klantenlijst-netvast.xlsx"
HEAD = "Klantnaam;KvK;E-mail\n"
ASK = {"level": "edit", "plan": "y", "continuity": "y"}
LINK = re.compile(r"/client-invitation/([\w-]+)")


def upload(browser: Visitor, file: Path, text: str | None = None) -> str:
    """Upload a list and return the address of its preview."""
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with file.open("rb") as opened:
        answer = browser.post(
            "/o/supplier/clients/invite", {"file": (opened, file.name)}, content_type="multipart/form-data"
        )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"]


def shown(browser: Visitor, address: str) -> str:
    return str(browser.get(address).get_data(as_text=True))


def columns_of(page: str) -> dict[str, str]:
    """Return what the page would send along: which column is what."""
    return dict(re.findall(r'<input type="hidden" name="(header_row|name|kvk|email)" value="(-?\d+)">', page))


def invite(browser: Visitor, folder: Path, rows: str, ask: dict[str, str] = ASK) -> None:
    address = upload(browser, folder / "list.csv", HEAD + rows)
    sent = browser.post(f"{address}/send", {**ask, **columns_of(shown(browser, address))})
    assert sent.status_code == 302, sent.get_data(as_text=True)


def token_of(app: Flask) -> str:
    """Return the secret of the newest link that was mailed."""
    text = letters(app)[-1].text or ""
    match = LINK.search(text)
    assert match, text
    return match.group(1)


def invitations(scope_of: Scoped, organisation: Organisation) -> list[ClientInvitation]:
    with scope_of(organisation):
        rows = list(db.session().scalars(sa.select(ClientInvitation).order_by(ClientInvitation.name)))
        db.session().expunge_all()
    return rows


def test_the_sample_list_is_understood_row_by_row(app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped) -> None:
    browser = visitor(cast.supplier_owner)
    address = upload(browser, LIST)
    page = shown(browser, address)
    assert columns_of(page) == {"header_row": "2", "name": "0", "kvk": "1", "email": "2"}
    assert "There is no e-mail address." in page
    assert "The same client stands in row 7." in page
    assert "A KvK number has eight digits." in page
    assert "We put them back." in page
    good = int(re.search(r"Send (\d+) invitations", page).group(1))  # type: ignore[union-attr]
    assert 30 < good < 60
    assert letters(app) == []
    answer = browser.post(f"{address}/send", {**ASK, **columns_of(page)}, follow_redirects=True)
    assert f"{good} invitations are on their way." in answer.get_data(as_text=True)
    assert len(letters(app)) == len(invitations(scope_of, cast.supplier)) == good
    again = upload(browser, LIST)
    page = shown(browser, again)
    assert "This client was invited already." in page
    assert "0 rows are good" in page


def test_sending_a_list_twice_invites_once(app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path) -> None:
    browser = visitor(cast.supplier_owner)
    address = upload(browser, tmp_path / "list.csv", HEAD + "Kiosk;00112233;k@kiosk.example\n")
    form = {**ASK, **columns_of(shown(browser, address))}
    for _time in range(2):
        assert browser.post(f"{address}/send", form).status_code == 302
    assert len(letters(app)) == 1
    assert "This list was sent already." in browser.get(address, follow_redirects=True).get_data(as_text=True)


def test_clients_by_number_and_by_address_are_left_out(
    app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path
) -> None:
    grant(app, another(app, "Kiosk Overal", "kiosk", kvk="00112233"), cast.supplier)
    browser = visitor(cast.supplier_owner)
    rows = "Kiosk;00112233;k@kiosk.example\nNieuw;;n@nieuw.example\nNog eens;;N@nieuw.example\n"
    page = shown(browser, upload(browser, tmp_path / "list.csv", HEAD + rows))
    assert "This client gave you access already." in page
    assert "The same client stands in row 3." in page
    assert "Send 1 invitation" in page


def test_the_columns_can_be_chosen_by_hand(cast: Cast, visitor: Visitors, tmp_path: Path) -> None:
    browser = visitor(cast.supplier_owner)
    address = upload(browser, tmp_path / "list.csv", "A;B;C\n1;x@y.example;Kiosk\n")
    assert "Send 1 invitation" in shown(browser, f"{address}?header_row=1&name=2&email=1&kvk=-1")
    assert "Send 1 invitation" not in shown(browser, f"{address}?header_row=1&name=2&email=0&kvk=-1")
    assert browser.get(f"{address}?header_row=x&name=99&email=&kvk=").status_code == 200


def test_what_is_no_list_is_told(cast: Cast, visitor: Visitors, tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"no workbook")
    with file.open("rb") as opened:
        answer = visitor(cast.supplier_owner).post(
            "/o/supplier/clients/invite", {"file": (opened, file.name)}, content_type="multipart/form-data"
        )
    assert answer.status_code == 422


def test_a_list_can_be_thrown_away(cast: Cast, visitor: Visitors, scope_of: Scoped, tmp_path: Path) -> None:
    browser = visitor(cast.supplier_owner)
    address = upload(browser, tmp_path / "list.csv", HEAD + "Kiosk;;k@kiosk.example\n")
    assert browser.post(f"{address}/drop").status_code == 302
    assert browser.get(address).status_code == 404
    with scope_of(cast.supplier):
        assert db.session().scalar(sa.select(ClientList.id)) is None


def test_nobody_else_sees_or_sends_a_list(app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path) -> None:
    rival = another(app, "Rivaal IT", "rivaal", kind="it_supplier")
    other = visitor(staff(app, rival, Role.OWNER))
    address = upload(visitor(cast.supplier_owner), tmp_path / "list.csv", HEAD + "Kiosk;;k@kiosk.example\n")
    elsewhere = address.replace("/o/supplier/", "/o/rivaal/")
    assert other.get(elsewhere).status_code == 404
    assert other.post(f"{elsewhere}/send", ASK).status_code == 404
    assert other.post(f"{elsewhere}/drop").status_code == 404
    assert letters(app) == []


def test_a_new_client_makes_an_account_and_an_organisation_and_gives_less(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, tmp_path: Path
) -> None:
    supplier = visitor(cast.supplier_owner)
    invite(supplier, tmp_path, "Kiosk Overal;00112233;k@kiosk.example\n")
    token, browser = token_of(app), Visitor(app)
    page = shown(browser, f"/client-invitation/{token}")
    assert "Draadwerk IT" in page
    assert "k@kiosk.example" in page
    person = {"name": "Kim Kiosk", "password": "twee kranten per dag"}
    assert browser.post(f"/client-invitation/{token}", person).status_code == 302
    browser._token = ""
    page = shown(browser, f"/client-invitation/{token}/organisation")
    assert 'value="Kiosk Overal"' in page
    organisation = {"name": "Kiosk Overal", "kvk": "00112233", "language": "en", "zone": "Europe/Amsterdam"}
    browser.person = cast.owner  # any page with a form carries the token now
    made = browser.post(f"/client-invitation/{token}/organisation", organisation)
    assert made.status_code == 302
    answer = made.headers["Location"]
    assert browser.post(f"/client-invitation/{token}/organisation", organisation).status_code == 422
    assert "Draadwerk IT" in shown(browser, answer)
    assert browser.post(answer, {"level": "view", "plan": "y"}).status_code == 302
    assert browser.get(answer).status_code == 410
    row = invitations(scope_of, cast.supplier)[0]
    assert row.accepted_at is not None
    assert "Kiosk Overal" in shown(supplier, "/o/supplier/portfolio/")
    assert supplier.get("/o/kiosk-overal/plan/").status_code == 200
    assert supplier.get("/o/kiosk-overal/continuity/").status_code == 403
    assert supplier.post("/o/kiosk-overal/audit").status_code == 403
    assert "client_invitation.accepted" in {entry.action for entry in trail_of(app, cast.supplier)}
    with app.app_context():
        db.begin(writes=False)
        client = db.session().scalars(sa.select(Tenant).where(Tenant.slug == "kiosk-overal")).one()
        made_here = Organisation(client.id, client.slug, client.name)
        db.rollback()
    assert "grant.given" in {entry.action for entry in trail_of(app, made_here)}


def test_an_owner_answers_for_an_organisation_of_their_own(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, tmp_path: Path
) -> None:
    invite(visitor(cast.supplier_owner), tmp_path, f"Bakkerij;;{cast.owner.email}\n")
    token, browser = token_of(app), visitor(cast.owner)
    page = shown(browser, f"/client-invitation/{token}")
    assert f"/o/bakery/client-invitation/{token}" in page
    assert browser.post(f"/o/bakery/client-invitation/{token}", {"level": "edit"}).status_code == 422
    assert browser.post(f"/o/bakery/client-invitation/{token}", ASK).status_code == 302
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(ManagementGrant)).one()
        assert (row.level, row.manager_id, row.given_by) == (GrantLevel.EDIT, cast.supplier.id, cast.owner.id)


def test_more_than_was_asked_cannot_be_given(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, tmp_path: Path
) -> None:
    ask = {"level": "view", "plan": "y"}
    invite(visitor(cast.supplier_owner), tmp_path, f"Bakkerij;;{cast.owner.email}\n", ask)
    token, browser = token_of(app), visitor(cast.owner)
    assert browser.post(f"/o/bakery/client-invitation/{token}", ASK).status_code == 422
    assert browser.post(f"/o/bakery/client-invitation/{token}", {**ASK, "level": "view"}).status_code == 302
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(ManagementGrant)).one()
        assert (row.level, row.plan, row.continuity) == (GrantLevel.VIEW, True, False)


def test_opening_the_link_changes_nothing_and_only_an_owner_answers(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, tmp_path: Path
) -> None:
    invite(visitor(cast.supplier_owner), tmp_path, f"Bakkerij;;{cast.owner.email}\n")
    token = token_of(app)
    for browser in (Visitor(app), visitor(cast.editor), visitor(cast.owner)):
        assert browser.get(f"/client-invitation/{token}").status_code == 200
    assert visitor(cast.editor).post(f"/o/bakery/client-invitation/{token}", ASK).status_code == 403
    assert visitor(cast.stranger).post(f"/o/bakery/client-invitation/{token}", ASK).status_code == 404
    assert Visitor(app).post(f"/o/bakery/client-invitation/{token}", ASK).status_code == 302
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(ManagementGrant.id)) is None
    assert visitor(cast.owner).post(f"/o/bakery/client-invitation/{token}", ASK).status_code == 302


def test_a_link_lives_fourteen_days(app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path) -> None:
    invite(visitor(cast.supplier_owner), tmp_path, f"Bakkerij;;{cast.owner.email}\n")
    token = token_of(app)
    with time_machine.travel(clock.now() + timedelta(days=13)):
        assert Visitor(app).get(f"/client-invitation/{token}").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert Visitor(app).get(f"/client-invitation/{token}").status_code == 410
        page = shown(visitor(cast.supplier_owner), "/o/supplier/clients/")
        assert "Too old, send it again" in page


def test_sending_again_ends_the_old_link_and_withdrawing_ends_all(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, tmp_path: Path
) -> None:
    supplier = visitor(cast.supplier_owner)
    invite(supplier, tmp_path, f"Bakkerij;;{cast.owner.email}\n")
    first, row = token_of(app), invitations(scope_of, cast.supplier)[0]
    assert supplier.post(f"/o/supplier/clients/invitations/{row.id}/resend").status_code == 302
    second, browser = token_of(app), visitor(cast.owner)
    assert browser.get(f"/client-invitation/{first}").status_code == 410
    assert browser.get(f"/client-invitation/{second}").status_code == 200
    assert supplier.post(f"/o/supplier/clients/invitations/{row.id}/withdraw").status_code == 302
    assert browser.get(f"/client-invitation/{second}").status_code == 410
    assert browser.post(f"/o/bakery/client-invitation/{second}", ASK).status_code == 410
    assert "Withdrawn" in shown(supplier, "/o/supplier/clients/")


def test_nobody_is_written_to_without_end(
    app: Flask, cast: Cast, visitor: Visitors, scope_of: Scoped, tmp_path: Path
) -> None:
    supplier = visitor(cast.supplier_owner)
    invite(supplier, tmp_path, f"Bakkerij;;{cast.owner.email}\n")
    row = invitations(scope_of, cast.supplier)[0]
    for _time in range(5):
        supplier.post(f"/o/supplier/clients/invitations/{row.id}/resend")
    assert len(letters(app)) == 3


def test_an_invitation_does_not_tell_whether_there_is_an_account(
    app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path
) -> None:
    supplier = visitor(cast.supplier_owner)
    address = upload(supplier, tmp_path / "list.csv", f"{HEAD}Met;;{cast.owner.email}\nZonder;;nobody@people.example\n")
    page = shown(supplier, address)
    invite(supplier, tmp_path, f"Met;;{cast.owner.email}\nZonder;;nobody@people.example\n")
    for text in (page, shown(supplier, "/o/supplier/clients/")):
        rows = [part for part in text.split("<tr>")[1:] if "@people.example" in part]
        said = {re.sub(r"<[^>]+>|\S+@\S+|Met|Zonder|\b[23]\b|[\s:]+", "", row.split("</tr>")[0]) for row in rows}
        assert len(said) == 1


def test_a_reseller_does_not_answer_its_own_invitation(
    app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path
) -> None:
    supplier = visitor(cast.supplier_owner)
    invite(supplier, tmp_path, f"Zelf;;{cast.supplier_owner.email}\n")
    token = token_of(app)
    assert "/o/supplier/client-invitation" not in shown(supplier, f"/client-invitation/{token}")
    assert supplier.post(f"/o/supplier/client-invitation/{token}", ASK).status_code == 410


def test_a_made_up_link_is_dead(app: Flask, cast: Cast, visitor: Visitors) -> None:
    assert Visitor(app).get("/client-invitation/abc").status_code == 410
    assert visitor(cast.owner).get("/client-invitation/abc/organisation").status_code == 410
    assert visitor(cast.owner).get("/o/bakery/client-invitation/abc").status_code == 410


def test_weak_passwords_are_refused_and_nobody_is_made(
    app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path
) -> None:
    invite(visitor(cast.supplier_owner), tmp_path, "Kiosk;;k@kiosk.example\n")
    browser = Visitor(app)
    answer = browser.post(f"/client-invitation/{token_of(app)}", {"name": "Kim", "password": "kort"})
    assert answer.status_code == 422
    with app.app_context():
        db.begin(writes=False)
        assert db.session().scalar(sa.select(User.id).where(User.email == "k@kiosk.example")) is None
        db.rollback()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["", "", "a@b.example"], Problem.NO_NAME),
        (["x" * 201, "", "a@b.example"], Problem.LONG_NAME),
        (["Kiosk", "", ""], Problem.NO_EMAIL),
        (["Kiosk", "", "a@b"], Problem.WRONG_EMAIL),
        (["Kiosk", "", "a@b.example, c@d.example"], Problem.WRONG_EMAIL),
        (["Kiosk", "1234567", "a@b.example"], Problem.WRONG_KVK),
        (["Kiosk", "123456789", "a@b.example"], Problem.WRONG_KVK),
        (["Kiosk", 123456789, "a@b.example"], Problem.WRONG_KVK),
        (["Kiosk", "99999999", "a@b.example"], Problem.CLIENT),
        (["Kiosk", "88888888", "a@b.example"], Problem.INVITED),
        (["Kiosk", "", "IN@vited.example"], Problem.INVITED),
        (["Kiosk", 8470054, "a@b.example"], None),
        (["Kiosk", 8470054.0, "a@b.example"], None),
        (["Kiosk", "0847 0054", "mailto:a@b.example"], None),
        (["Kiosk", None, " A@B.example "], None),
    ],
)
def test_the_first_thing_that_is_wrong_with_a_row(row: list[object], problem: Problem | None) -> None:
    known = Known(frozenset({"99999999"}), frozenset(), frozenset({"88888888"}), frozenset({"in@vited.example"}))
    (line,) = read([row], Columns(0, 0, 1, 2), known)
    assert line.problem is problem
    if problem is None:
        assert line.email == "a@b.example"
        assert line.kvk in {"", "08470054"}


@pytest.mark.parametrize(
    "heading", [["Client name", "CoC number", "E-mail address"], ["Klant", "KvK-nummer", "E-mailadres"]]
)
def test_headings_are_known_in_both_languages(heading: list[object]) -> None:
    cells: list[list[object]] = [["A list", None, None], heading, ["Kiosk", "00112233", "a@b.example"]]
    assert guess(cells) == Columns(2, 0, 1, 2)
    assert headings(cells, 2) == heading
    assert guess([["Kiosk", "00112233", "a@b.example"]]) == Columns(0, 0, 1, 2)


def test_hundreds_of_clients_are_paged_found_by_name_and_stay_light(
    app: Flask, cast: Cast, visitor: Visitors, tmp_path: Path
) -> None:
    for at in range(45):
        grant(app, another(app, f"Klant {at:03}", f"klant-{at:03}"), cast.supplier)
    supplier, path = visitor(cast.supplier_owner), "/o/supplier/clients/"
    invite(supplier, tmp_path, "Genodigd;;kim@other.example\n")
    first, last = shown(supplier, path), shown(supplier, f"{path}?page=3")
    assert len(first) < 60_000
    assert ("Klant 000" in first, "Klant 044" in first) == (True, False)
    assert ("Klant 000" in last, "Klant 044" in last) == (False, True)
    assert "You have not invited a client yet" not in last, "they stand on the first page"
    found = shown(supplier, f"{path}?q=klant+044")
    assert ("Klant 044" in found, "Klant 043" in found, "Genodigd" in found) == (True, False, False)
    assert "Genodigd" in shown(supplier, f"{path}?q=KIM@other")
