"""What was sealed on 23 November 2026, and the keys for it: made up, and used nowhere else.

`python -m tests.confidential.of_before` prints the same kinds anew, for a form that is added. Those that stand here
are never made again: they stand for what lies on people's disks.
"""

import sys
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask

from core import clock, db, migrating, vault
from core.i18n import Language
from core.vault import FileKeeper, pieces, use_keeper
from core.vault.sealing import seal
from tenants.keys.data_keys import context
from tenants.models import Tenant, TenantKey, TenantKind
from tenants.scope import scoped, whole

OWNER = 77_000_077
PLACE, FILE_PLACE, PURPOSE = "contact.night_phone", "file/of-before", "totp_factor.secret"
PLAIN, SECRET = "Sleutel onder de oven, ’s nachts 06 – é 🗝", "JBSWY3DPEHPK3PXP"
# Three pieces of eight bytes and a part of one.
LONG, SHORT_PIECE = bytes(range(29)), 8
ADDRESS = "Eva@Bakkerij.example"

_ROOT, _FIRST, _SECOND = (bytes([number]) * 32 for number in (11, 22, 33))
_DATA_KEYS = {1: bytes([44]) * 32, 2: bytes([55]) * 32}
MASTERS = "\n".join(
    [
        f"mac {urlsafe_b64encode(_ROOT).decode()}",
        f"key 0a0a0a0a {urlsafe_b64encode(_FIRST).decode()}",
        f"key 0b0b0b0b {urlsafe_b64encode(_SECOND).decode()}",
    ]
)
WRAPPED = {
    1: (
        "083061306130613061e16b30f7ef940a4486b76b88922db20c4bef2a35f9062c2de8a436a446c7647e1a14f8832361ab0359"
        "a7ba06dec4ef7f1affc4c107ece97e83a37ac2"
    ),
    2: (
        "0830623062306230621426b3ba6ea39577b1d91c1e70c2a9d72c4fc6be47d3cb2bad167ba66ebd69c081b05942c051de4ac8"
        "8771588e910885e49501ada6a06c3747fc2375"
    ),
}
SEALED = {
    "column 1": (
        "01000000000496ed8d00000001d8eefe792bfb89fbf9f161149b9031984da0b8a22a06465660d028072bcd0658d40e62ea72"
        "4051950a0ed7a708a7d5289f96b4c1671cacf64852ecdca0ff47d9f34e2c24ab7ec58fda4c04a1aa"
    ),
    "column 2": (
        "01000000000496ed8d000000022d25f38205884cf9a65de3addbe9c39978e6471fb3a50db098af9ae4527a2933ddd094be3f"
        "648ed8a77b713405ff95ac9f8dc5add31b7c9656f073993664267de35b6727a1330b506436fbf798"
    ),
    "pieces": (
        "01000000000496ed8d00000002a045a370271e2d9b7158bb3a71f495c879090d99e1a9d5f8ba77822bfcad13b833a61e380a"
        "739a60f44605a15b5ad8fc982c203899b109dafee4c90dd003736a852a7c30713e2454301d44f4f4bb9609750223d70d586a"
        "b27208f09f8cc923cc3d1a788a36ad8504799b1bbb6e1e1d77fc5d4bcac0dbcc0fa44f06f7c845aaa809394b8516f817b606"
        "dcf8ace90a57bd2bafd298955fa159a8a0a3e1109ff6b3"
    ),
    "whole": (
        "01000000000496ed8d0000000221077011f037a1f0ec13cf560ffe827451fd04edf503ae3da833f49eceb0c119b06e5314e8"
        "bec4b669ac3dcb9fcfafd39c32c368c408815eb0"
    ),
    "platform": (
        "010045083062306230623062d1d882ea3e070bf4f5fa2446782f35ab78f632cbaf01a16fe505cfd4b60cf2013aa265fd16b9"
        "dbff1e4a6c136ef2f5fda544dfa573fe64f275da2b5983a64c05be67ebd92afa0f156e571062d31c44366813d8c9baf8124d"
        "fd89b40cb4a56ba3a8c4d97040b7527c"
    ),
}


@contextmanager
def owner_of_before(app: Flask, folder: Path, wrapped: dict[int, bytes]) -> Iterator[None]:
    """Let the block run in the scope of OWNER, with these data keys and the master keys of then."""
    file = folder / "of-before.key"
    file.write_text(MASTERS, encoding="ascii")
    with app.app_context():
        before = vault.keeper()
        use_keeper(FileKeeper(file))
        try:
            db.begin(writes=True)
            tenant = Tenant(id=OWNER, slug="of-before", name="Van toen", kind=TenantKind.BUSINESS)
            tenant.language, tenant.zone, tenant.created_at = Language.DUTCH, "Europe/Amsterdam", clock.now()
            db.session().add(tenant)
            db.session().flush()
            for version, key in wrapped.items():
                row = TenantKey(tenant_id=OWNER, version=version, wrapped=key, made_at=clock.now())
                db.session().add(row)
            db.commit()
            with scoped(whole(OWNER)):
                yield
        finally:
            use_keeper(before)


def wrapped_keys() -> dict[int, bytes]:
    """Return the data keys as a database holds them: the first under the older master key."""
    masters = {1: (b"0a0a0a0a", _FIRST), 2: (b"0b0b0b0b", _SECOND)}
    return {
        version: bytes([len(name)]) + name + seal(AESGCM(master), _DATA_KEYS[version], context(OWNER, version).encode())
        for version, (name, master) in masters.items()
    }


def _tell(kind: str, value: object) -> None:
    sys.stdout.write(f"{kind} {value}\n")


def main() -> None:
    """Print what each kind looks like now."""
    from app import create_app
    from core.settings import read_settings

    wrapped = wrapped_keys()
    _tell("keys", {version: key.hex() for version, key in wrapped.items()})
    with tempfile.TemporaryDirectory() as name:
        app = create_app(read_settings({"WAARBORG_DATA_DIR": name}))
        with app.app_context():
            migrating.upgrade()
        with owner_of_before(app, Path(name), wrapped):
            for version, key in _DATA_KEYS.items():
                value = vault.seal_under(AESGCM(key), OWNER, version, PLACE, PLAIN.encode())
                _tell(f"column {version}", value.hex())
            with patch.object(pieces, "PIECE", SHORT_PIECE):
                _tell("pieces", b"".join(vault.seal_pieces(BytesIO(LONG), FILE_PLACE, OWNER)).hex())
            _tell("whole", vault.seal_owned(LONG, FILE_PLACE, OWNER).hex())
            _tell("platform", vault.platform_seal(SECRET, PURPOSE).hex())


if __name__ == "__main__":
    main()
