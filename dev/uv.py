"""The installer uv: how to get it on any machine, and how to tell it what pip was told there."""

import ast
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

from dev import interpreter
from dev.shell import CACHE, PYTHON, ROOT, VENV, SetupError, answers, call, output, say

LOCK = ROOT / "dev" / "uv.txt"
LOOSE = CACHE / "uv"  # uv outside .venv, for a Python that cannot make one itself
PUBLIC_INDEX = "https://pypi.org/simple"  # only where neither pip nor uv was told another
PIP_SETTINGS = ("index-url", "extra-index-url", "no-index", "find-links", "cert")
OWN_INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_NO_INDEX")


def make_venv() -> None:
    """Make .venv: by the venv module of its Python, else by uv (Debian ships Python without venv and pip).

    Raises SetupError when neither works.
    """
    python = interpreter.chosen()
    say(f"Making .venv with {python}")
    if not answers(python, "-m", "venv", "--clear", VENV):
        call(_loose_uv(), "venv", "--quiet", "--clear", "--python", python, VENV, env=environment())


def install_locked(lock: Path) -> None:
    """Install exactly what `lock` lists, every file checked against its hash; by pip where uv does not work.

    Raises CalledProcessError when packages cannot be had.
    """
    uv = _uv()
    if uv is not None:
        # Compiled now, as pip does too: else each start would, where Python may not write beside its modules.
        how = ("--quiet", "--compile-bytecode", "--python", PYTHON)
        arguments = ("pip", "install", *how, "--require-hashes", "-r", lock)
        if subprocess.run([uv, *arguments], env=environment(), check=False).returncode == 0:
            return
        say("uv failed; trying pip")
    call(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", lock)


def _uv() -> Path | None:
    """Return a uv that runs: the one in .venv, installed now if need be, else the loose one; None if there is none."""
    ours = VENV / "bin" / "uv"
    if answers(ours, "--version"):
        return ours
    if answers(PYTHON, "-m", "pip", "--version"):
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK], check=False)
        return ours if answers(ours, "--version") else None
    return _loose_uv()


def _loose_uv() -> Path:
    """Return a uv in a folder of the project, fetched by pip or, without pip, straight from the package index.

    Raises SetupError when it cannot be had.
    """
    binary = LOOSE / "bin" / "uv"
    if answers(binary, "--version"):
        return binary
    if answers(sys.executable, "-m", "pip", "--version"):
        call(sys.executable, "-m", "pip", "install", "--quiet", "--target", LOOSE, "--require-hashes", "-r", LOCK)
    else:
        _unpack_wheel(binary)
    if not answers(binary, "--version"):
        raise SetupError("no virtual environment can be made here. On Debian and Ubuntu: apt install python3-venv")
    return binary


def _unpack_wheel(binary: Path) -> None:
    """Fetch uv's wheel for this machine, check its hash against our lock and put its program at `binary`."""
    lock = LOCK.read_text(encoding="ascii")
    version = lock.split("==")[1].split()[0]
    told = environment()
    index = told.get("UV_DEFAULT_INDEX") or told.get("UV_INDEX_URL") or PUBLIC_INDEX
    page_url = index.rstrip("/") + "/uv/"
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    system = "macosx" if sys.platform == "darwin" else libc
    for link in re.findall(r'href="([^"#]+)', _fetch(page_url).decode()):
        name = link.rsplit("/", 1)[-1]
        if name.startswith(f"uv-{version}-") and system in name and name.endswith(f"{platform.machine()}.whl"):
            wheel = _fetch(urljoin(page_url, link))
            if hashlib.sha256(wheel).hexdigest() not in lock:
                raise SetupError(f"{name} is not the file that dev/uv.txt names")
            binary.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
                binary.write_bytes(archive.read(f"uv-{version}.data/scripts/uv"))
            binary.chmod(0o755)
            return
    raise SetupError(f"the package index has no uv {version} for {system} {platform.machine()}: install pip first")


def _fetch(url: str) -> bytes:
    if not url.startswith(("https://", "http://")):
        raise SetupError("the package index of this machine is no web address: install pip first")
    with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310 - the scheme was checked above
        return bytes(answer.read())


def environment() -> dict[str, str]:
    """Return the environment for uv, with the index, certificates and links that pip was told to use here.

    uv does not read pip's configuration. Nothing of it is written to a file, as it may hold a password.
    """
    env = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "true", "UV_HTTP_TIMEOUT": "180", **os.environ}
    told = _pip_settings()
    if not any(name in env for name in OWN_INDEX_VARIABLES):
        if "index-url" in told:
            env["UV_DEFAULT_INDEX"] = told["index-url"]
        if "extra-index-url" in told:
            # pip weighs all indexes equally; the hashes in the lock keep that safe.
            env["UV_INDEX"] = " ".join(told["extra-index-url"].split())
            env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
        if told.get("no-index", "").lower() in ("1", "true", "yes", "on"):
            env["UV_NO_INDEX"] = "1"
    if "find-links" in told:
        env.setdefault("UV_FIND_LINKS", ",".join(told["find-links"].split()))
    if "cert" in told:
        env.setdefault("SSL_CERT_FILE", told["cert"])
    return env


def _pip_settings() -> dict[str, str]:
    """Return pip's settings on this machine; its environment goes before its files, `install` before `global`."""
    # Without pip there are no files to ask for, but the environment may still be meant for it.
    ask = ("-m", "pip", "config", "list")
    lines = (output(PYTHON, *ask) or output(sys.executable, *ask) or "").splitlines()
    found: dict[str, str] = {}
    for scope in ("global.", "install."):
        for line in lines:
            name, _, value = line.partition("=")
            if name.startswith(scope):
                found[name.removeprefix(scope)] = str(ast.literal_eval(value))
    for name in PIP_SETTINGS:
        if told := os.environ.get("PIP_" + name.upper().replace("-", "_")):
            found[name] = told
    return found


def program() -> Path:
    """Return uv itself. Raises SetupError when there is none."""
    uv = _uv() or (Path(found) if (found := shutil.which("uv")) else None)
    if uv is None:
        raise SetupError("uv is needed for this and could not be installed")
    return uv
