"""Open a kit as somebody at home does."""

import time

import pyrage

TRIES, SECONDS = 30, 2.0


def open_patiently(kit: bytes, passphrase: str) -> bytes:
    """Decrypt a kit. Raises pyrage.DecryptError when the passphrase or the file is wrong.

    The library measures the machine first and refuses what would take it long: on one that is busy right now, too
    soon. Somebody at home would try again.
    """
    for _nth in range(TRIES):
        try:
            return bytes(pyrage.passphrase.decrypt(kit, passphrase))
        except pyrage.DecryptError as error:
            if "Excessive work" not in str(error):
                raise
            time.sleep(SECONDS)
    raise TimeoutError("this machine is too busy to open a kit")
