"""The offline kit: opens with the passphrase and stock age, holds everything, works without network."""

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyrage
import pytest
from pypdf import PdfReader

from audits.paper.kit import make_kit
from audits.paper.offline import offline_page
from audits.workbooks import REPORTS
from core import clock, db
from core.i18n import Language
from dev.shell import ci
from plans.models import Contact, RecoveryStep
from tests.paper.conftest import PRINTED, Inside
from tests.paper.opening import open_patiently

# A file is the same whichever database its words came from.
pytestmark = pytest.mark.once

PASSPHRASE = "bador-kilem-sunof-takep"
LIMIT = 2_000_000
HOSTILE = "</script><img src=x onerror=alert(1)> \"' &amp;"

# Types the passphrase as a person does: age reads it from the terminal and from nowhere else.
TYPIST = """
import os, pty, sys
program, source, target, passphrase = sys.argv[1:]
child, screen = pty.fork()
if child == 0:
    os.execv(program, [program, "-d", "-o", target, source])
asked = b""
while b"assphrase" not in asked:
    asked += os.read(screen, 1000)
os.write(screen, passphrase.encode() + b"\\n")
try:
    while os.read(screen, 1000):
        pass
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture
def kit(inside: Inside) -> bytes:
    with inside(Language.DUTCH) as material:
        return make_kit(tuple(Language), lambda: material, PRINTED, PASSPHRASE)


FINDINGS = {Language.DUTCH: "bevindingen", Language.ENGLISH: "findings"}
PLAN = {Language.DUTCH: "het-hele-plan.pdf", Language.ENGLISH: "the-whole-plan.pdf"}
CARD = {Language.DUTCH: "belkaart.pdf", Language.ENGLISH: "call-card.pdf"}


def test_the_kit_opens_with_its_passphrase_and_holds_everything(kit: bytes) -> None:
    assert kit.startswith(b"age-encryption.org/v1\n-> scrypt ")
    archive = zipfile.ZipFile(io.BytesIO(open_patiently(kit, PASSPHRASE)))
    names = archive.namelist()
    assert archive.testzip() is None
    for language in Language:
        own = [name for name in names if name.startswith(f"{language.value}/")]
        assert {f"{language.value}/{one}" for one in (PLAN[language], CARD[language], "plan.html")} <= set(own)
        workbooks = [name.partition("/")[2] for name in own if name.endswith(".xlsx")]
        assert len(workbooks) == len(REPORTS)
        assert any(name.startswith(f"waarborg-{FINDINGS[language]}-") for name in workbooks)
        pdf = PdfReader(io.BytesIO(archive.read(f"{language.value}/{PLAN[language]}")))
        root: Any = pdf.trailer["/Root"].get_object()
        assert root["/Lang"] == language.value
        assert f'<html lang="{language.value}"' in archive.read(f"{language.value}/plan.html").decode()
        readme = next(name for name in own if name.endswith(".txt"))
        told = archive.read(readme).decode()
        assert PRINTED.address in told
        assert all(f"{one}: " in told for one in (PLAN[language], CARD[language], "plan.html"))
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest


def test_another_passphrase_or_a_changed_file_opens_nothing(kit: bytes) -> None:
    with pytest.raises(pyrage.DecryptError):
        open_patiently(kit, PASSPHRASE + "x")
    changed = bytearray(kit)
    changed[-100] ^= 1
    with pytest.raises(pyrage.DecryptError):
        open_patiently(bytes(changed), PASSPHRASE)


def test_stock_age_opens_the_kit(kit: bytes, tmp_path: Path) -> None:
    program = shutil.which("age")
    if program is None:
        assert not (ci() and os.geteuid() == 0), "age is not there: apt install age"
        pytest.skip("age is not on this machine; the library opened the kit in another test")
    source, target = tmp_path / "kit.zip.age", tmp_path / "kit.zip"
    source.write_bytes(kit)
    done = subprocess.run([sys.executable, "-c", TYPIST, program, source, target, PASSPHRASE], timeout=120, check=False)
    assert done.returncode == 0
    assert "nl/plan.html" in zipfile.ZipFile(target).namelist()


@pytest.mark.parametrize("language", Language)
def test_the_page_is_small_whole_and_fetches_nothing(inside: Inside, language: Language) -> None:
    with inside(language) as material:
        page = offline_page(material, PRINTED)
        text = page.decode()
        assert len(page) < LIMIT
        names = [str(name) for _, found in material.base.inventory for name in found["name"]]
        assert names
        for name in names:
            assert name.replace("'", "&#39;") in text
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    told = policy.group(1).replace("&#39;", "'")
    assert told.startswith("default-src 'none';")
    for tag in ("script", "style"):
        inner = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert len(inner) == 1
        digest = base64.b64encode(hashlib.sha256(inner[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in told
    assert not re.search(r"\s(src|on\w+|style|action)=|<link|https?://(?!waarborg\.example)|url\(|@import", text)


def test_numbers_can_be_tapped_and_steps_ticked(inside: Inside) -> None:
    with inside(Language.DUTCH) as material:
        text = offline_page(material, PRINTED).decode()
        numbers = {phone for one in material.people.values() for phone in one.phones}
        assert 'href="tel:0612345678"' in text
        assert len(set(re.findall(r'href="tel:([\d+]+)"', text))) > len(numbers) // 2
        over = sum(sign.ends for sign in material.plan.signs)
        assert over > 0
        # A step is begun and done; a sign that it is over is so or not.
        assert text.count('type="checkbox"') == 2 * len(material.plan.steps) + over


def test_what_people_wrote_is_text_and_never_runs(inside: Inside) -> None:
    with inside(Language.DUTCH):
        db.session().add(Contact(name=HOSTILE, phone="0612345678"))
        db.session().add(RecoveryStep(position=99, text=HOSTILE))
    with inside(Language.DUTCH) as material:
        text = offline_page(material, PRINTED).decode()
    assert text.count("</script>") == 1
    assert "<img" not in text


def test_a_large_plan_stays_below_the_limit(inside: Inside) -> None:
    with inside(Language.DUTCH):
        for number in range(300):
            db.session().add(Contact(name=f"Medewerker {number}", phone="0612345678", confirmed_on=clock.today()))
            db.session().add(RecoveryStep(position=100 + number, text=f"Stap {number}: " + "zet het terug " * 10))
    with inside(Language.DUTCH) as material:
        assert len(offline_page(material, PRINTED)) < LIMIT
