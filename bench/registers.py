"""Registers of one large organisation: 300 assets, 300 systems in chains, 40 departments; a paste of 500 rows.

Limits: a page within 200 ms and 60 kB, the preview of a paste within 2 seconds. In process, without a network.
"""

import os
import re
from itertools import pairwise

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

import sample
from audits.sweeping import sweep
from bench.pages import PASSWORD, measure, signed_in
from bench.place import fresh
from core import clock, db
from plans.handbook import Section
from plans.models import Asset, AssetKind, Department, DepartmentSystem, ExternalParty, Impact, System, SystemNeed
from sample.organisations import BAKERY
from tenants.scope import scoped, whole

ASSETS = SYSTEMS = 300
DEPARTMENTS = 40
# So many systems need each other in a row.
CHAIN = 15
PASTED = 500
REGISTERS = f"o/{BAKERY.slug}/registers"
PLAN = f"o/{BAKERY.slug}/plan"
PAGES = (
    f"{PLAN}/", f"{PLAN}/path", *(f"{PLAN}/{section}" for section in Section), f"{PLAN}/inventory/office-pcs?path=on",
    f"{PLAN}/processes/priorities", f"{PLAN}/runbook/recovery", f"{PLAN}/runbook/external-phones",
    f"{PLAN}/testing/restore", f"{PLAN}/testing/proven", f"{REGISTERS}/",
    f"{REGISTERS}/office-pcs", f"{REGISTERS}/office-pcs?q=kantoor", f"{REGISTERS}/systems", f"{REGISTERS}/departments",
    f"{REGISTERS}/dependency-map", f"{REGISTERS}/recovery-order", f"{REGISTERS}/priorities",
    f"{REGISTERS}/systems-used", f"{REGISTERS}/systems-used?path=processes.systems-used", f"{REGISTERS}/changes",
)  # fmt: skip


def main() -> None:
    """Fill a database with the example, make its bakery large, open its pages and paste into one of them."""
    with fresh() as app:
        with app.app_context():
            made = sample.fill_example(today=clock.today(), password=PASSWORD)
            tenant_id = made.tenant_ids[0]
            with scoped(whole(tenant_id)):
                _grow()
            sweep.run(made.tenant_ids)
            target = db.engine()
        sent: list[str] = []
        event.listen(target, "before_cursor_execute", lambda *said: sent.append(str(said[2])))
        client = signed_in(app.test_client(), made.people[0].email)
        print(f"page ({ASSETS} assets, {SYSTEMS} systems): milliseconds, of CPU, queries, kB")
        for page in PAGES:
            measure(client, f"/{page}", sent)
        _paste(app, client)


def _grow() -> None:
    """Add the rows inside the open scope."""
    session = db.session()
    session.add_all(
        Asset(kind=AssetKind.OFFICE_PC, name=f"PC {number}", location="Kantoor", serial_number=f"SN{number:06}")
        for number in range(ASSETS)
    )
    parties = [ExternalParty(kind="supplier", name=f"Leverancier {number}") for number in range(20)]
    session.add_all(parties)
    session.flush()
    systems = [
        System(
            name=f"Bedrijfssysteem {number}",
            recovery_priority=number + 10,
            rto_hours=1 + number % 72,
            supplier_id=parties[number % 20].id,
        )
        for number in range(SYSTEMS)
    ]
    departments = [
        Department(name=f"Afdeling {number}", impact_day=Impact.SEVERE if number % 2 else Impact.ANNOYING)
        for number in range(DEPARTMENTS)
    ]
    session.add_all([*systems, *departments])
    session.flush()
    session.add_all(
        SystemNeed(system_id=one.id, needed_system_id=other.id)
        for number, (one, other) in enumerate(pairwise(systems), 1)
        if number % CHAIN
    )
    session.add_all(
        DepartmentSystem(department_id=departments[number % DEPARTMENTS].id, system_id=one.id)
        for number, one in enumerate(systems)
    )


def _paste(app: Flask, client: FlaskClient) -> None:
    """Paste rows into the servers and open the preview; print the CPU seconds of both, programs included."""
    path = f"/o/{BAKERY.slug}/import/paste/servers"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert token
    rows = "\n".join(
        f"Server {number}\tDell T150, 32 GB\tSRV{number:05}\tMeterkast\t10.0.{number // 250}.{number % 250 + 1}"
        for number in range(PASTED)
    )
    cells = "Naam\tSpecificatie\tSerienummer\tLocatie\tIP-adres\n" + rows
    before = sum(os.times()[:4])
    answer = client.post(path, data={"csrf_token": token[1], "cells": cells})
    assert answer.status_code == 302, answer.status_code
    preview = client.get(answer.location)
    spent = sum(os.times()[:4]) - before
    assert preview.status_code == 200
    print(f"paste of {PASTED} rows and its preview: {spent:.2f} s, {len(preview.data) / 1000:.1f} kB")
