"""The vault: what is kept encrypted, under keys that are not in the database."""

from core.vault.keeper import FileKeeper, KeyKeeper, MasterKeyError, WrappedKey, keeper, use_keeper
from core.vault.platform import PlatformSealed, mac_key, platform_open, platform_rewrap, platform_seal
from core.vault.sealing import SealError

__all__ = [
    "FileKeeper",
    "KeyKeeper",
    "MasterKeyError",
    "PlatformSealed",
    "SealError",
    "WrappedKey",
    "keeper",
    "mac_key",
    "platform_open",
    "platform_rewrap",
    "platform_seal",
    "use_keeper",
]
