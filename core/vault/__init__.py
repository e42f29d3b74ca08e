"""The vault: what is kept encrypted, under keys that are not in the database."""

from core.vault.columns import (
    Owned,
    Sealed,
    SealedBytes,
    SealedJson,
    SealedType,
    head_of,
    open_owned,
    open_under,
    seal_all,
    seal_owned,
    seal_under,
    sealed_by,
)
from core.vault.keeper import FileKeeper, KeyKeeper, MasterKeyError, NeedsMasterKey, WrappedKey, keeper, use_keeper
from core.vault.pieces import OpenPieces, seal_pieces
from core.vault.platform import PlatformSealed, mac_key, platform_open, platform_rewrap, platform_seal
from core.vault.ring import Ring, find_ring_by, holding
from core.vault.sealing import SealError, new_key

__all__ = [
    "FileKeeper",
    "KeyKeeper",
    "MasterKeyError",
    "NeedsMasterKey",
    "OpenPieces",
    "Owned",
    "PlatformSealed",
    "Ring",
    "SealError",
    "Sealed",
    "SealedBytes",
    "SealedJson",
    "SealedType",
    "WrappedKey",
    "find_ring_by",
    "head_of",
    "holding",
    "keeper",
    "mac_key",
    "new_key",
    "open_owned",
    "open_under",
    "platform_open",
    "platform_rewrap",
    "platform_seal",
    "seal_all",
    "seal_owned",
    "seal_pieces",
    "seal_under",
    "sealed_by",
    "use_keeper",
]
