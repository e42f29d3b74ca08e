"""What a web worker holds in memory after every kind of page and a download: no pandas, openpyxl or numpy, 90 MiB.

PSS: its own memory and its share of what processes share. In a process of its own, over the example's organisations.
"""

import json
import os
import subprocess
import sys
import tempfile

GOAL = 90
HEAVY = ("pandas", "openpyxl", "numpy")
PROGRAM = """
import json, re, sys
import app as assembly
from bench.pages import PAGES, PASSWORD, signed_in
def pss():
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
app = assembly.create_server()
started = pss()
client = signed_in(app.test_client(), sys.argv[1])
slug = re.findall(r'href="/o/([\\w-]+)/', client.get("/organisations").get_data(as_text=True))[0]
for page in PAGES:
    assert client.get(f"/o/{slug}/{page}").status_code == 200, page
paged = pss()
print(json.dumps([started, paged, sorted(set(sys.argv[2:]) & set(sys.modules))]))
"""
FILL = """
from app import create_app
from bench.pages import PASSWORD
from core import clock, migrating
import sample
with create_app().app_context():
    migrating.upgrade()
    print(sample.fill_example(today=clock.today(), password=PASSWORD).people[0].email)
"""


def main() -> None:
    """Print what it holds once it started and after all pages; end with 1 when that is too much."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "WAARBORG_DATA_DIR": folder, "WAARBORG_SCHEDULER": "off", "WAARBORG_LOG_LEVEL": "ERROR"}
        email = _python(env, FILL).split()[-1]
        started, paged, heavy = json.loads(_python(env, PROGRAM, email, *HEAVY).splitlines()[-1])
    print(f"PSS started {started:.0f} MiB, after every page {paged:.0f} MiB (goal {GOAL}); imported: {heavy or 'none'}")
    if heavy or paged > GOAL:
        raise SystemExit(1)


def _python(env: dict[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", program, *arguments], env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
