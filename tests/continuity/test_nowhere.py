"""What was sealed is nowhere: not in the database, files, mails or logs, and in nothing that leaves the service."""

import base64
import io
import logging
import zipfile
from pathlib import Path
from urllib.parse import quote_plus

import pyrage
import pytest
from flask import Flask

from audits.workbooks import REPORTS
from core import clock
from tests.cast import Cast
from tests.confidential.planting import bytes_on_disk
from tests.conftest import Stable
from tests.continuity.envelopes import Identity
from tests.continuity.vaults import PURPOSE, SECRET, SPECIFICATION, Scoped, Vault, Visitors, asked, at_supplier
from tests.continuity.world import World
from tests.visitor import Visitor


def unpacked(data: bytes) -> bytes:
    """Return everything in `data`, archives in archives too."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(name.encode() + unpacked(archive.read(name)) for name in archive.namelist())


def exported(supplier: Visitor) -> bytes:
    """Return all that the supplier can take out: everything as a zip, each workbook, the trail."""
    taken = [supplier.post("/o/supplier/takeout/", {"language": "en"})]
    asked_ = {"as_of": clock.today().isoformat(), "language": "en"}
    taken += [supplier.post("/o/supplier/reports/", {"name": report.name, **asked_}) for report in REPORTS]
    assert {answer.status_code for answer in taken} == {200}
    return b"".join(unpacked(answer.get_data()) for answer in taken)


def coded(text: str) -> list[bytes]:
    """Return the ways in which a text may stand somewhere."""
    plain = text.encode()
    # Base64 of a text inside another one depends on where it begins: these are what all three have in common.
    inner = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, plain.lower(), plain.hex().encode(), text.encode("utf-16-le"), quote_plus(text).encode(), *inner]


def test_secret_that_was_sealed_and_opened_stands_nowhere(
    app: Flask,
    stable: Stable,
    cast: Cast,
    world: World,
    visitor: Visitors,
    scope_of: Scoped,
    vault: Vault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    first, second, supplier = (visitor(one) for one in (vault.first.person, vault.second.person, cast.supplier_owner))
    address = asked(first, vault)
    assert supplier.post(f"{at_supplier(world, address)}/decide", {"agreed": "yes"}).status_code == 302
    assert first.post(f"{address}/first", vault.passed_on).status_code == 302
    half_open, exports = bytes_on_disk(app, stable), exported(supplier)
    taken = second.post(f"{address}/second").get_data()
    pages = b"".join(one.get(path).get_data() for one, path in (
        (first, address), (second, address), (supplier, at_supplier(world, address)), (supplier, "/o/supplier/trail/"),
    ))  # fmt: skip
    assert second.post(f"{address}/close", {"matched": "yes"}).status_code == 302
    kept = b"".join(path.read_bytes() for path in Path(app.config["SETTINGS"].data_dir).rglob("*") if path.is_file())
    everything = half_open + bytes_on_disk(app, stable) + kept + pages + exports + taken + caplog.text.encode()
    once = Identity.from_str(pyrage.decrypt(vault.layer, [vault.second.identity]).decode())
    for secret in (SECRET, str(once), str(vault.first.identity), str(vault.second.identity)):
        assert not [one for one in coded(secret) if one in everything]
    # What may be read is found, so that the search itself works; and what is half open is kept sealed once more.
    assert SPECIFICATION.encode() in exports
    assert PURPOSE.encode() in exports
    assert vault.layer not in half_open + exports
    assert base64.b64encode(vault.layer)[:64] not in half_open + exports
