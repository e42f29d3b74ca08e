"""A key made in one browser, a login sealed in another, a code opened: and the secret is nowhere on the server."""

import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from urllib.parse import quote_plus

import pyrage
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from shamir_mnemonic import combine_mnemonics, generate_mnemonics

from continuity.models import KeyState, OfficerKey
from core import db
from core.age import fingerprint_of
from dev.shell import ci
from sample.organisations import BAKERY, FOUNDATION
from tenants import services
from tenants.scope import close_scope, open_scope, whole
from tests.browser.checker import EVERY_RULE, violations
from tests.browser.driving import Driver
from tests.browser.opening import Opener, open_by_each_pair
from tests.browser.people import Who
from tests.browser.scene import Scene
from tests.browser.test_frame import window
from tests.cast import JOINED
from tests.paper.opening import open_patiently

PASSPHRASE = "vijf woorden voor de kluis"
SECRET = "wachtwoord van web-01: Zwaluwstaart-9311-Plankton"
FILE = b"herstelcode: Ijsvogel-4470-Kompas\n"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
Identity = pyrage.x25519.Identity


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with the secret half of a key."""

    secret: str

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the public half."""
        return fingerprint_of(str(Identity.from_str(self.secret).to_public()))


def new_officers(scene: Scene) -> list[Holder]:
    """Give the foundation's other officer a new key, and a third one their first."""
    made = []
    with scene.app.app_context():
        db.begin(writes=True)
        foundation = services.tenant_by_slug(FOUNDATION.slug)
        people = [services.user_by_email(one.email) for one in (FOUNDATION.people[2], BAKERY.people[0])]
        assert foundation is not None
        open_scope(whole(foundation.id))
        for person in people:
            assert person is not None
            for former in db.session().scalars(sa.select(OfficerKey).where(OfficerKey.user_id == person.id)).all():
                former.state, former.ended_at = KeyState.RETIRED, JOINED
            db.session().flush()
            identity = Identity.generate()
            holder = Holder(str(identity))
            row = OfficerKey(
                user_id=person.id,
                name=person.name,
                recipient=str(identity.to_public()),
                fingerprint=holder.fingerprint,
                state=KeyState.ACTIVE,
                proof_sealed="",
                proof_hash="",
                made_at=JOINED,
                proved_at=JOINED,
            )
            db.session().add(row)
            made.append(holder)
        db.commit()
        close_scope()
    return made


def make_key(tab: Tab, scene: Scene, folder: Path) -> Holder:
    """Make a key in the browser, keep its file, register it and show that it fits."""
    tab.goto(f"{scene.address}/o/{FOUNDATION.slug}/officers/new")
    tab.fill("#passphrase", "kort")
    tab.fill("#passphrase-again", "kort")
    tab.click("[data-go]")
    expect(tab.locator("[data-told=too-short]")).to_be_visible()
    tab.fill("#passphrase", PASSPHRASE)
    tab.fill("#passphrase-again", PASSPHRASE)
    tab.click("[data-go]")
    with tab.expect_download() as arriving:
        tab.click("a[download]")
    kept = folder / "key.age"
    arriving.value.save_as(kept)
    tab.check("#kept")
    with tab.expect_navigation():
        tab.click("form[data-key-form] button[type=submit]")
    assert not violations(tab, "light", EVERY_RULE)
    open_code(tab, kept, "een andere wachtwoordzin", told="wrong-passphrase")
    open_code(tab, kept, PASSPHRASE)
    inside = open_patiently(kept.read_bytes(), PASSPHRASE).decode()
    found = re.search(r"^AGE-SECRET-KEY-1\w+$", inside, re.M)
    assert found is not None
    return Holder(found[0])


def open_code(tab: Tab, kept: Path, passphrase: str, told: str = "") -> None:
    """Open what is sealed on this page with the file of a key. told: the sentence that says why it does not open."""
    tab.set_input_files("#key-file", kept)
    tab.fill("#key-passphrase", passphrase)
    if told:
        tab.click("[data-go]")
        expect(tab.locator(f"[data-told={told}]")).to_be_visible()
        return
    with tab.expect_navigation():
        tab.click("[data-go]")


def seal(tab: Tab, registration: str) -> tuple[str, bytes]:
    """Compare the keys, seal a login and return the address of the receipt and the file that was kept."""
    tab.goto(f"{registration}/officers")
    expect(tab.locator("main .alert-danger")).to_be_visible()
    for box in tab.locator("input[name=keys]").all():
        box.check()
    with tab.expect_navigation():
        tab.click("main form button[type=submit]")
    tab.goto(f"{registration}/handovers")
    with tab.expect_navigation():
        tab.locator("main a[href$='/seal']").last.click()
    tab.fill("#secret", SECRET)
    tab.set_input_files("#secret-files", {"name": "codes van web.txt", "mimeType": "text/plain", "buffer": FILE})
    tab.locator("[data-inside]").first.check()
    tab.click("[data-go]")
    expect(tab.locator("[data-told=no-specification]")).to_be_visible()
    tab.fill("#specification", "De beheerder van web-01.")
    tab.context.set_offline(True)
    tab.click("[data-go]")
    expect(tab.locator("[data-told=no-connection]")).to_be_visible()
    tab.context.set_offline(False)
    with tab.expect_navigation(url=re.compile("/deliveries/")):
        tab.click("[data-go]")
    kept = tab.evaluate("document.body.innerHTML + JSON.stringify({...localStorage, ...sessionStorage})")
    assert SECRET not in kept
    receipt = tab.url
    with tab.expect_download() as arriving:
        tab.click("a[href$='/file']")
    return receipt, Path(str(arriving.value.path())).read_bytes()


def cannot_seal(driver: Driver, handovers: str) -> None:
    """In a browser without script the page says how else, and has no place to type a secret into."""
    plain = window(driver, who=Who.SUPPLIER, script=False)
    tab = plain.new_page()
    tab.goto(handovers)
    tab.locator("main a[href$='/seal']").last.click()
    expect(tab.locator("[data-unable]")).to_be_visible()
    expect(tab.locator("#secret")).to_be_hidden()
    expect(tab.locator("[data-go]")).to_be_hidden()
    plain.close()


def opened(parts: dict[str, bytes], holders: list[Holder], folder: Path) -> list[bytes]:
    """Open a delivery by the documented steps with age itself, as each pair of officers."""
    age = shutil.which("age")
    if age is None:
        assert not (ci() and os.geteuid() == 0), "age is not there: apt install age"
        pytest.skip("age is not on this machine")

    def decrypt(secret: str, data: bytes) -> bytes | None:
        key = folder / "one.key"
        key.write_text(f"{secret}\n", encoding="ascii")
        done = subprocess.run([age, "-d", "-i", key], input=data, capture_output=True, check=False)
        return None if done.returncode else done.stdout

    found = []
    for first, second in combinations(sorted(holders, key=lambda one: one.fingerprint), 2):
        wrapped = parts[f"pairs/{first.fingerprint}-{second.fingerprint}.age"]
        inner = decrypt(first.secret, wrapped)
        assert inner is not None
        assert decrypt(second.secret, wrapped) is None
        assert decrypt(first.secret, inner) is None
        assert decrypt(first.secret, parts["body.age"]) is None
        once = decrypt(second.secret, inner)
        assert once is not None
        body = decrypt(once.decode().strip(), parts["body.age"])
        assert body is not None
        found.append(body)
    return found


def everything_kept(scene: Scene) -> bytes:
    """Return every byte that the service keeps: its database as it is and as a dump, and its files."""
    with scene.app.app_context():
        folder = Path(scene.app.config["SETTINGS"].data_dir)
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_login_is_sealed_in_the_browser_and_opens_for_each_two_officers_and_for_nobody_else(
    driver: Driver, scene: Scene, tmp_path: Path
) -> None:
    officer, supplier = window(driver, who=Who.OFFICER), window(driver, who=Who.SUPPLIER)
    holders = [make_key(officer.new_page(), scene, tmp_path), *new_officers(scene)]
    tab = supplier.new_page()
    tab.goto(f"{scene.address}/o/{scene.people[Who.SUPPLIER].slug}/continuity/")
    links = [str(link.evaluate("e => e.href")) for link in tab.locator("main a[href]").all()]
    registration = next(link for link in links if re.search(r"/continuity/[0-9a-f-]{36}$", link))
    receipt, data = seal(tab, registration)
    cannot_seal(driver, f"{registration}/handovers")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        parts = {one.name: archive.extractfile(one).read() for one in archive.getmembers()}  # type: ignore[union-attr]
    assert len(parts) == 1 + 3 + 2 * 3
    for body in opened(parts, holders, tmp_path):
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            inside = {one.name: archive.extractfile(one).read() for one in archive.getmembers()}  # type: ignore[union-attr]
        assert inside["secret.txt"].decode() == SECRET
        assert inside["codes_van_web.txt"] == FILE
        about = json.loads(inside["manifest.json"])
        assert (about["version"], about["specification"]) == (int(about["version"]), "De beheerder van web-01.")
        assert about["inside"]
        assert len(body) % 16384 == 0
    with_cards = cards_of(officer.new_page(), scene, holders[2])
    assert combine_mnemonics(with_cards) == secret_of(holders[2].secret)
    elsewhere = tuple(generate_mnemonics(1, [(2, 3)], secret_of(holders[1].secret))[0][:2])
    people = (FOUNDATION.people[0], FOUNDATION.people[2], BAKERY.people[0])
    openers = [
        Opener(who.email, who.name, one.secret, one.fingerprint, cards)
        for who, one, cards in zip(people, holders, ((), elsewhere, with_cards), strict=True)
    ]
    heard = open_by_each_pair(driver, openers, receipt, supplier.new_page(), SECRET)
    assert len(heard.sent) > 20
    kept = everything_kept(scene) + b"".join(heard.sent)
    assert b"SQLite format 3" in kept
    secrets = [SECRET, FILE.decode().strip(), *(one.secret for one in holders), *with_cards, *elsewhere]
    for planted in secrets:
        for coded in (planted, planted.lower(), planted.upper(), quote_plus(planted)):
            assert coded.encode() not in kept
            assert coded.encode("utf-16-le") not in kept
    show_it_fits(officer.new_page(), scene, receipt, tmp_path / "key.age")
    officer.close()
    supplier.close()


def cards_of(tab: Tab, scene: Scene, holder: Holder) -> tuple[str, ...]:
    """Make word cards of a key in the browser; return the second and the third, which give it back by SLIP-39."""
    tab.goto(f"{scene.address}/o/{FOUNDATION.slug}/officers/cards")
    tab.locator("details:has(#key-typed) summary").click()
    tab.fill("#key-typed", holder.secret)
    tab.click("[data-go]")
    expect(tab.locator("[data-cards]")).to_be_visible()
    cards = [" ".join(one.locator("li").all_inner_texts()) for one in tab.locator("[data-word-card]").all()]
    assert {len(card.split()) for card in cards} == {33}
    return tuple(cards[1:])


def secret_of(identity: str) -> bytes:
    """Return the 32 bytes of a secret key as age writes it, in Bech32."""
    signs = [BECH32.index(sign) for sign in identity.lower().rpartition("1")[2][:-6]]
    number = 0
    for sign in signs:
        number = number << 5 | sign
    return (number >> (len(signs) * 5 - 256)).to_bytes(32)


def show_it_fits(tab: Tab, scene: Scene, receipt: str, kept: Path) -> None:
    """Open the code of a delivery as an officer of the foundation."""
    registration, delivery = re.findall(r"[0-9a-f-]{36}", receipt)[0], re.findall(r"[0-9a-f-]{36}", receipt)[-1]
    tab.goto(f"{scene.address}/o/{FOUNDATION.slug}/registrants/{registration}/deliveries/{delivery}/key")
    open_code(tab, kept, PASSPHRASE)
    expect(tab.locator("main .mark-good").first).to_be_visible()
    assert tab.url.endswith(f"/deliveries/{delivery}")
