"""CISO Assistant as it is served, with the same numbers of organisations and records.

An organisation is a domain there; each holds so many assets, applied controls and findings, each with an owner and,
where it has them, days. They are put in through its own models; nothing of it is changed, and nothing of it is here.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.peer.server import Server, running

FOLDER, PYTHON, KEPT = "PEER_FOLDER", "PEER_PYTHON", "PEER_DATABASE"
HOW = f"""Skipped: {FOLDER} and {PYTHON} are not set.
  {FOLDER}         the folder `backend` of a checkout of github.com/intuitem/ciso-assistant-community (AGPL-3.0);
                        measured: commit f990d7b1b9a9, after v3.20.8
  {PYTHON}  a Python 3.14 with what its uv.lock names (torch and sentence-transformers may be left out)
  {KEPT}
                        optional: a file that keeps its SQLite database, filled, for the next time: making the tables
                        takes its migrations ten minutes"""
# As its own startup.sh, but for the time it may take over an answer: an export takes longer.
GUNICORN = (
    "-m", "gunicorn", "--chdir", "ciso_assistant", "--timeout", "3600", "--keep-alive", "30",
    "--limit-request-line", "5120", "--env", "RUN_MAIN=true", "--log-level", "error", "ciso_assistant.wsgi:application",
)  # fmt: skip
# What its page with counts and charts asks, of every organisation at once.
OVERVIEW = (
    "get_metrics/", "get_counters/", "get_audits_metrics/", "get_combined_assessments_status/",
    "get_governance_calendar_data/", "applied-controls/per_status/", "task-templates/per_status/",
    "risk-scenarios/count_per_level/", "threats/threats_count/", "risk-scenarios/qualifications_count/",
    "compliance-assessments/analytics/", "vulnerabilities/sankey_data/", "findings-assessments/sunburst_data/",
    "incidents/detection_breakdown/", "incidents/monthly_metrics/", "incidents/summary_stats/",
    "incidents/severity_breakdown/", "incidents/qualifications_breakdown/", "security-exceptions/sankey_data/",
    "applied-controls/sunburst_data/", "findings/sankey_data/", "metrology/dashboards/", "settings/general/object/",
)  # fmt: skip
FILL = """
import json, sys
from datetime import date, timedelta
import django
django.setup()
from knox.models import AuthToken
from core.models import Actor, AppliedControl, Asset, Finding, FindingsAssessment
from iam.models import Folder, Role, RoleAssignment, User, UserGroup
organisations, each = map(int, sys.argv[1:])
today, root = date.today(), Folder.get_root_folder()
def batches(model, rows):
    model.objects.bulk_create(rows, batch_size=1000)
    return rows
if not Folder.objects.filter(name="Organisation 0").exists():
    people = [User.objects.create_user(f"person{n}@example.org", "a long sentence nobody uses", first_name=f"P{n}",
                                       last_name="de Vries") for n in range(20)]
    actors = [Actor.objects.get_or_create(user=one)[0] for one in people]
    folders = batches(Folder, [Folder(name=f"Organisation {n}", parent_folder=root,
                                      content_type=Folder.ContentType.DOMAIN) for n in range(organisations)])
    where = [folder for folder in folders for _ in range(each)]
    assets = batches(Asset, [Asset(name=f"Office PC {n}", ref_id=f"PC{n:06}", folder=one, type="SP",
        description="Desktop in the office", observation="Serial number SN%08d" % n)
        for n, one in enumerate(where)])
    controls = batches(AppliedControl, [AppliedControl(name=f"Replace office PC {n}", ref_id=f"AC{n:06}", folder=one,
        description="The warranty ends", category="technical", status=("to_do", "in_progress", "active")[n % 3],
        priority=n % 4 + 1, start_date=today - timedelta(n % 300), eta=today + timedelta(n % 400 - 60),
        expiry_date=today + timedelta(n % 700 - 30)) for n, one in enumerate(where)])
    reports = batches(FindingsAssessment, [FindingsAssessment(name=f"Audit {n}", folder=one)
                                           for n, one in enumerate(folders)])
    findings = batches(Finding, [Finding(name=f"Office PC {n} has no serial number", ref_id=f"F{n:06}", folder=one,
        findings_assessment=reports[n // each], description="Fill it in", severity=n % 5, status="identified",
        due_date=today + timedelta(n % 400 - 60)) for n, one in enumerate(where)])
    for model, rows, field in ((Asset, assets, "asset_id"), (AppliedControl, controls, "appliedcontrol_id"),
                               (Finding, findings, "finding_id")):
        through = model.owner.through
        batches(through, [through(**{field: row.id, "actor_id": actors[n % 20].id}) for n, row in enumerate(rows)])
    people[0].user_groups.add(UserGroup.objects.get(name="BI-UG-ADM", folder=root))
    only = RoleAssignment.objects.create(user=people[1], role=Role.objects.get(name="BI-RL-ANA"), folder=root,
                                         is_recursive=True)
    only.perimeter_folders.add(folders[0])
sees_all, sees_one = (AuthToken.objects.create(User.objects.get(email=f"person{n}@example.org"))[1] for n in (0, 1))
print(json.dumps([sees_all, sees_one, str(Folder.objects.get(name="Organisation 0").id),
                  [model.objects.count() for model in (Folder, Asset, AppliedControl, Finding)]]))
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put in. sees_all, sees_one: tokens of an administrator, and of an analyst of `organisation` alone."""

    sees_all: str
    sees_one: str
    organisation: str
    counts: list[int]


def here() -> bool:
    """Tell whether it was said where it is."""
    return bool(os.environ.get(FOLDER) and os.environ.get(PYTHON))


def settings(more: Mapping[str, str]) -> dict[str, str]:
    """Return its environment. more: of the database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ciso_assistant.settings",
        "DJANGO_SECRET_KEY": "of nobody, for a measurement alone",
        "LOG_LEVEL": "ERROR",
        **more,
    }


def filled(env: Mapping[str, str], organisations: int, each: int) -> Filled:
    """Make its tables and fill them, where that was not done before."""
    _python(env, "manage.py", "migrate", "-v", "0")
    return Filled(*json.loads(_python(env, "-c", FILL, str(organisations), str(each)).splitlines()[-1]))


@contextmanager
def served(env: Mapping[str, str]) -> Iterator[Server]:
    """Run its server while the block runs."""
    with running((os.environ[PYTHON], *GUNICORN), Path(os.environ[FOLDER]), env) as server:
        yield server


def shown(token: str) -> dict[str, str]:
    """Return the header that shows a token."""
    return {"Authorization": f"Token {token}"}


def _python(env: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- what the environment names
        [os.environ[PYTHON], *arguments], cwd=os.environ[FOLDER], env=dict(env), stdout=subprocess.PIPE, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout
