"""The program age, with which the tests open a kit as its owner would: the system's own, else installed by apt."""

import os
import platform
import shutil
import subprocess

from dev.shell import say


def ensure() -> None:
    """Install Debian's own package, where it is missing and this user may. Without it one test says so."""
    if shutil.which("age") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    if platform.freedesktop_os_release().get("ID") != "debian":
        return
    say("Installing age with apt, for the tests of the offline kit")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update",), ("install", "-y", "--no-install-recommends", "age")):
        subprocess.run(["apt-get", "-qq", *arguments], env=env, stdin=subprocess.DEVNULL, check=False)
