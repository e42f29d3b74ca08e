"""What processes hold at most: a web worker after hostile uploads, who makes a pack, and who sends it.

The uploads are those of the tests, sent by four at once, three times over. The pack tells of the example and of 200 MB
of uploaded files; it is fetched by one, then by two and by four at once. Peaks are of resident memory (VmHWM), as PSS
keeps none, and begin anew before each of these; PSS is what is held afterwards.
"""

import re
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from urllib.error import HTTPError
from uuid import uuid4

from bench.worker import BASE, FILL, _held, environment, forks, python, read, serving, signed_in
from tests.core.sheets_hostile_files import FILES

TIMES, AT_ONCE = 3, 4
MEGABYTES = 200
FETCHERS = (1, 2, 4)
# What begins the peak of a process anew, written to its clear_refs.
PEAK = "5"
EVIDENCE = """
import os, sys
import sqlalchemy as sa
from app import create_app
from core import clock, db
from core.files import files
from tenants.models import StoredFile, Tenant
from tenants.scope import scoped, whole
with create_app().app_context():
    db.begin(writes=False)
    here = db.session().scalars(sa.select(Tenant.id).where(Tenant.slug == sys.argv[1])).one()
    db.rollback()
    with scoped(whole(here)):
        for number in range(int(sys.argv[2]) // 10):
            digest = files().put(here, os.urandom(10_000_000))
            db.session().add(StoredFile(name=f"{number}.pdf", media_type="application/pdf", size=10_000_000,
                                        sha256=digest, uploaded_at=clock.now()))
"""

# Its own peak, not what the process held that started it.
MAKE = """
import re
from pathlib import Path
from app import create_app
done = create_app().test_cli_runner().invoke(args=["make-reports"]).output
assert done.startswith("1 made, 0 failed"), done
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[1])
"""


def main() -> None:
    """Print what each process holds."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**environment(folder), "WAARBORG_SCHEDULER": "off"}
        email = python(env, FILL).split()[-1]
        with serving(env, 1) as master:
            browser, slug = signed_in(email)
            _tell(master, "at the start")
            sent = [(name, make()) for name, make, _code in FILES.values()]
            with ThreadPoolExecutor(AT_ONCE) as people:
                answers = list(people.map(_upload, repeat(browser), repeat(slug), sent * TIMES))
            print(f"{len(answers)} uploads, answered with {sorted(set(answers))}")
            _tell(master, "after hostile uploads")
        python(env, EVIDENCE, slug, str(MEGABYTES))
        with serving(env, 1) as master:
            browser, slug = signed_in(email)
            page = read(browser, f"/o/{slug}/reports/")
            (day,) = set(re.findall(r'name="as_of"[^>]*value="([^"]+)"', page)) or {""}
            form = {"csrf_token": _token(page), "name": "pack", "as_of": day, "language": "nl"}
            with browser.open(f"{BASE}/o/{slug}/reports/", urllib.parse.urlencode(form).encode()) as answer:
                made = answer.url
            peak = int(python(env, MAKE).split()[-1])
            print(f"who makes a pack with {MEGABYTES} MB of files: peak {peak / 1024:.0f} MiB")
            _tell(master, "before the pack is fetched")
            for number in FETCHERS:
                _begin_anew(master)
                with ThreadPoolExecutor(number) as people:
                    sizes = set(people.map(_fetched, repeat(browser, number), repeat(f"{made}/file")))
                time.sleep(1)  # the server sees that it was all fetched
                _tell(master, f"after {number} fetched a pack of {max(sizes) / 1e6:.0f} MB at once")


def _fetched(browser: urllib.request.OpenerDirector, address: str) -> int:
    with browser.open(address) as answer:
        return sum(len(part) for part in iter(lambda: answer.read(1_000_000), b""))


def _upload(browser: urllib.request.OpenerDirector, slug: str, file: tuple[str, bytes]) -> int:
    (name, content), border = file, uuid4().hex
    path = f"/o/{slug}/import/"
    body = b"".join(_body(border, {"csrf_token": _token(read(browser, path))}, name, content))
    asked = urllib.request.Request(BASE + path, body, {"Content-Type": f"multipart/form-data; boundary={border}"})  # noqa: S310
    try:
        with browser.open(asked) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def _body(border: str, fields: dict[str, str], name: str, content: bytes) -> Iterator[bytes]:
    for field, value in fields.items():
        yield f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
    yield f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    yield content + f"\r\n--{border}--\r\n".encode()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def _begin_anew(master: int) -> None:
    for process in forks(master):
        Path(f"/proc/{process}/clear_refs").write_text(PEAK, encoding="ascii")


def _tell(master: int, when: str) -> None:
    for process in forks(master):
        held = _held(process)
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        peak = re.search(r"VmHWM:\s+(\d+)", status)
        assert peak
        name = "jobs" if held.jobs else "web worker"
        print(f"{name} {when}: {held.pss:.0f} MiB of PSS, peak {int(peak[1]) / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
