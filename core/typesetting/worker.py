"""The process that sets one document: a template's name and data come in as JSON, a PDF goes out.

Run as a file of its own, so it imports nothing of ours.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 1_500_000_000
CPU_SECONDS = 20
STANDARDS = ("ua-1", "a-2a")


def main() -> int:
    """Set what stands on the standard input; return the exit status, with the reason on the error stream."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(_set(Path(asked["template"]), asked["fonts"], asked["data"]))
    sys.stdout.buffer.flush()
    return 0


def _set(template: Path, fonts: str, data: str) -> bytes:
    import typst

    nowhere = "/nonexistent"  # templates use no packages: none may be looked for, on disk or over the network
    # The options are words to its types, and texts of ours.
    compile_: Any = typst.compile
    kept = compile_(
        template,
        root=template.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=list(STANDARDS),
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    return bytes(kept)


if __name__ == "__main__":
    sys.exit(main())
