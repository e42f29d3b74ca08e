"""The pages' script, style, fonts and icons, and the papers' fonts: static/src in, static/dist out, unless unchanged.

Every file directly in static/src ending in .js or .css is an entry point; what they import may lie anywhere. Those in
static/src/alone become one file each, with all they need and the licences of it: they leave the house in other files.
File names carry a hash of their content; static/dist/manifest.json tells which name belongs to `app.js`,
so pages may let browsers keep them for ever.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from dev import fonts, trim, uv
from dev.shell import CACHE, ROOT, VENV, SetupError, call, digest, one_at_a_time, output, say, stamped

SOURCE = ROOT / "static" / "src"
TARGET = ROOT / "static" / "dist"
TEMPLATES = ROOT / "templates"
PACKAGES = ROOT / "node_modules"
FRAMEWORK = "@tabler/core/dist/css/tabler.css"
# The words of SLIP-39, as the standard lists them; of the package nothing else is used.
WORDS = "slip39/src/slip39_helper.js"
WORDS_SHA256 = "0e3ea826bde1b1bc77e39a8d9b3682efb2c0946087d911ee6550f29bd12e87c6"
LOCK = ROOT / "package-lock.json"
# The package a bundled file came from, as esbuild names it.
PACKAGE = re.compile(r"(?:.*/)?node_modules/((?:@[^/]+/)?[^/]+)/")
NODE_LOCK = ROOT / "dev" / "node.txt"
OLDEST_NODE = 20
MACHINE_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
SVG = "http://www.w3.org/2000/svg"


def build() -> None:
    """Make static/dist match static/src.

    Raises SetupError when there is no Node or an icon does not exist, CalledProcessError when a program fails.
    """
    with one_at_a_time():
        if stamped(TARGET / "built", _mark()):
            return
        env = node_environment()
        _install_packages(env)
        say("Building static/dist")
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            fresh, framework, words = (Path(folder) / name for name in ("dist", "framework.css", "words.js"))
            framework.write_text(_needed_framework(), encoding="utf-8")
            words.write_text(f"export default {json.dumps(card_words(env))};\n", encoding="ascii")
            manifest = _bundle(fresh, {FRAMEWORK: framework, "card-words": words}, env)
            manifest |= _bundle_alone(fresh, env)
            manifest["icons.svg"] = _write_sprite(fresh)
            fonts.write(PACKAGES, fresh / "paper")
            (fresh / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True), encoding="ascii")
            (fresh / "built").write_text(_mark(), encoding="ascii")
            if TARGET.exists():
                TARGET.rename(Path(folder) / "old")
            fresh.rename(TARGET)


def _mark() -> str:
    """Return what the present sources build: theirs, and the framework's classes that the templates name."""
    sources = sorted(path for path in SOURCE.rglob("*") if path.is_file())
    files = digest([LOCK, ROOT / "dev" / "trim.py", ROOT / "dev" / "fonts.py", Path(__file__).resolve(), *sources])
    return " ".join([files, *sorted(_used_classes())])


def _used_classes() -> set[str]:
    if not (PACKAGES / FRAMEWORK).is_file():
        return set()
    named = trim.words("\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")))
    return named & trim.class_names((PACKAGES / FRAMEWORK).read_text(encoding="utf-8"))


def _needed_framework() -> str:
    ours = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.css"))
    return trim.drop_unread(trim.trim((PACKAGES / FRAMEWORK).read_text(encoding="utf-8"), _used_classes()), ours)


def card_words(env: dict[str, str]) -> list[str]:
    """Return the words of which recovery cards are made. Raises SetupError when they are not those of the standard."""
    script = f"process.stdout.write(require({json.dumps(str(PACKAGES / WORDS))}).WORD_LIST.join(' '))"
    words = (output("node", "-e", script, env=env) or "").split()
    if hashlib.sha256("\n".join(words).encode()).hexdigest() != WORDS_SHA256:
        raise SetupError(f"node_modules/{WORDS} does not hold the words of SLIP-39")
    return words


def node_environment() -> dict[str, str]:
    """Return an environment in which `node` (20 or newer) and `npm` work, installing them into .venv if need be.

    Raises SetupError when they cannot be had.
    """
    env = dict(os.environ)
    if MACHINE_CERTIFICATES.exists():
        env.setdefault("NODE_EXTRA_CA_CERTS", str(MACHINE_CERTIFICATES))  # Node brings its own list and no other
    if not _node_works(env):
        env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
        if not _node_works(env):
            say("Installing Node")
            uv.install_locked(NODE_LOCK)
        if not _node_works(env):
            raise SetupError(f"Node {OLDEST_NODE} or newer with npm is needed and could not be installed")
    return env


def _node_works(env: dict[str, str]) -> bool:
    """Tell whether node is new enough and npm runs; both may exist and still fail (a version manager's stand-ins)."""
    node, npm = (shutil.which(name, path=env.get("PATH")) for name in ("node", "npm"))
    version = (output(node, "--version", env=env) or "") if node else ""
    major = version.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE and npm is not None and bool(output(npm, "--version", env=env))


def _install_packages(env: dict[str, str]) -> None:
    """Fill node_modules from the lock; no package may run a script of its own."""
    stamp, mark = PACKAGES / "installed", digest([LOCK])
    if not stamped(stamp, mark):
        say("Installing the pages' packages (package-lock.json)")
        call("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", env=env)
        stamp.write_text(mark, encoding="ascii")


def _bundle(folder: Path, aliases: dict[str, Path], env: dict[str, str]) -> dict[str, str]:
    """Bundle every entry point into `folder`; return the name each one got. aliases: files by the name they go by."""
    entries = sorted(path for path in SOURCE.iterdir() if path.suffix in (".js", ".css"))
    notes = folder.with_suffix(".json")
    call("node", PACKAGES / "esbuild" / "bin" / "esbuild", *entries, "--bundle", "--minify", "--splitting",
         "--format=esm", "--target=es2022", "--loader:.woff2=file", "--legal-comments=linked", "--log-level=warning",
         "--entry-names=[name].[hash]", "--asset-names=[name].[hash]", "--chunk-names=[name].[hash]",
         *(f"--alias:{name}={path}" for name, path in aliases.items()),
         f"--outdir={folder}", f"--metafile={notes}", env=env)  # fmt: skip
    outputs = json.loads(notes.read_text(encoding="utf-8"))["outputs"]
    return {Path(made["entryPoint"]).name: Path(name).name for name, made in outputs.items() if "entryPoint" in made}


def _bundle_alone(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """Bundle each script that must work by itself into one file in `folder`; return the name each one got."""
    notes = folder.with_suffix(".json")
    # Whoever opens such a file may have a computer of years ago.
    call("node", PACKAGES / "esbuild" / "bin" / "esbuild", *sorted((SOURCE / "alone").glob("*.js")), "--bundle",
         "--minify", "--format=iife", "--target=es2020", "--legal-comments=none", "--charset=ascii",
         "--log-level=warning", "--entry-names=[name].[hash]", f"--outdir={folder}", f"--metafile={notes}",
         env=env)  # fmt: skip
    made = {}
    for name, one in json.loads(notes.read_text(encoding="utf-8"))["outputs"].items():
        packages = {found[1] for path in one["inputs"] if (found := PACKAGE.match(path))}
        notices = "".join(f"/*!\n{package}\n\n{_licence(package)}\n*/\n" for package in sorted(packages))
        with (folder / Path(name).name).open("a", encoding="utf-8") as file:
            file.write(notices)
        made[Path(one["entryPoint"]).name] = Path(name).name
    return made


def _licence(package: str) -> str:
    """Return the licence of a package that we hand on. Raises SetupError when it brings none we can quote."""
    text = next((path.read_text(encoding="utf-8") for path in (PACKAGES / package).glob("LICENSE*")), "")
    if not text or "*/" in text or "</" in text:
        raise SetupError(f"node_modules/{package} has no licence to hand on")
    return text.strip()


def _write_sprite(folder: Path) -> str:
    """Put the icons that static/src/icons.txt names into one file in `folder`; return its name."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    for line in (SOURCE / "icons.txt").read_text(encoding="utf-8").splitlines():
        name, _, style = line.partition("#")[0].strip().partition(" ")
        if name:
            sprite.append(_symbol(name, style.strip() or "outline"))
    text = ET.tostring(sprite, encoding="unicode") + "\n"
    file_name = f"icons.{hashlib.sha256(text.encode()).hexdigest()[:8].upper()}.svg"
    (folder / file_name).write_text(text, encoding="utf-8")
    return file_name


def _symbol(name: str, style: str) -> ET.Element:
    """Return one drawing as a symbol `name` (`name-filled` when filled); the line width is left to the style sheet.

    Raises SetupError when there is no such drawing.
    """
    path = PACKAGES / "@tabler" / "icons" / "icons" / style / f"{name}.svg"
    if not path.is_file():
        raise SetupError(f"static/src/icons.txt: Tabler has no {style} icon {name!r}")
    drawing = ET.parse(path).getroot()  # noqa: S314 - a file of a package we locked by hash
    kept = ("viewBox", "fill", "stroke", "stroke-linecap", "stroke-linejoin")
    attributes = {key: value for key in kept if (value := drawing.get(key)) is not None}
    symbol = ET.Element(f"{{{SVG}}}symbol", {"id": name if style == "outline" else f"{name}-{style}", **attributes})
    symbol.extend(part for part in drawing if part.get("stroke") != "none" or part.get("fill") != "none")
    return symbol
