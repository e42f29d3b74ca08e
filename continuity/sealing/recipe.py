"""The lines by which somebody seals a delivery with age itself, without trusting a page."""

from collections.abc import Sequence
from itertools import combinations

from continuity.officers.queries import Listed


def recipe(keys: Sequence[Listed], about: str) -> str:
    """Return the lines of a shell that make `delivery.tar` for these officers out of a folder called `inside`.

    about: what the delivery is about, JSON on one line. See docs/decisions/sealing.md.
    """
    known = {one.fingerprint: one.recipient for one in keys}
    quoted = about.replace("'", "'\\''")
    lines = [
        "mkdir -p envelope/pairs envelope/probes",
        f"printf '%s\\n' '{quoted}' > inside/manifest.json",
        "age-keygen -o once.txt",
        "tar -C inside -cf - . | age -r $(age-keygen -y once.txt) > envelope/body.age",
    ]
    for first, second in combinations(sorted(known), 2):
        lines.append(f"age -r {known[second]} < once.txt | age -r {known[first]} > envelope/pairs/{first}-{second}.age")
    for one in sorted(known):
        probe = f"envelope/probes/{one}"
        lines += [
            "code=$(openssl rand -hex 16)",
            f'printf %s "$code" | age -r {known[one]} > {probe}.age',
            f'printf %s "$code" | sha256sum | cut -c 1-64 > {probe}.sha256',
        ]
    return "\n".join([*lines, "tar -C envelope -cf delivery.tar body.age pairs probes", ""])
