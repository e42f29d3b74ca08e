"""Batches handed to workers through procrastinate: jobs in a PostgreSQL schema of their own, no broker beside it.

A worker says every few seconds that it lives. What a dead one held is taken from it by any other, within STALLED_AFTER
and MENDED_EVERY seconds. Only leaders that hand over and workers import this module.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Any

import procrastinate
import psycopg
import sqlalchemy as sa
import structlog
from flask import Flask
from procrastinate import exceptions
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from procrastinate.types import JSONValue
from psycopg import sql

from core import db
from core.background.batches import BatchWork

SCHEMA = "waarborg_work"
QUEUE = "batches"
# Seconds. Together well below the minute within which the batches of a killed worker run again.
ALIVE_EVERY, STALLED_AFTER, MENDED_EVERY = 5, 20, 5
POLLED_EVERY = 5

log = structlog.get_logger("workers")


class Workers:
    """Hands batches to whichever workers there are, now or later."""

    elsewhere = True

    def __init__(self, address: str) -> None:
        """Keep where the database is. address: as SQLAlchemy knows it, of the role the service runs as."""
        self.address = address

    def hand(self, work: BatchWork, batches: Sequence[Sequence[int]]) -> None:
        """Write down all of `batches` in one transaction; any worker takes them from there."""
        with _queue(procrastinate.SyncPsycopgConnector(**_connecting(self.address))).open() as queue:
            task = queue.configure_task(work.name, allow_unknown=True, queue=QUEUE)
            told: list[dict[str, JSONValue]] = [{"tenant_ids": list(batch)} for batch in batches]
            task.batch_defer(*told)
        log.info("batches handed over", work=work.name, batches=len(batches))

    def left(self, work: BatchWork) -> int:
        """Return how many batches of `work` wait or are being worked on."""
        with _queue(procrastinate.SyncPsycopgConnector(**_connecting(self.address))).open() as queue:
            listed = queue.job_manager.list_jobs
            states = (Status.TODO.value, Status.DOING.value)
            return sum(len(list(listed(queue=QUEUE, task=work.name, status=state))) for state in states)


def work(app: Flask, address: str, works: Sequence[BatchWork], *, until_empty: bool = False) -> None:
    """Be a worker until the process is asked to end, one batch at a time.

    until_empty: end as soon as nothing is left.
    """
    queue = _queue(procrastinate.PsycopgConnector(**_connecting(address)))
    for one in works:
        queue.task(name=one.name, queue=QUEUE)(_done(app, one))
    asyncio.run(_work(queue, until_empty=until_empty))


async def _work(queue: procrastinate.App, *, until_empty: bool) -> None:
    async with queue.open_async():
        mending = asyncio.create_task(_mend(queue))
        try:
            await queue.run_worker_async(
                queues=[QUEUE],
                name=f"{socket.gethostname()}-{os.getpid()}",
                wait=not until_empty,
                concurrency=1,
                fetch_job_polling_interval=POLLED_EVERY,
                delete_jobs="successful",
                update_heartbeat_interval=ALIVE_EVERY,
                stalled_worker_timeout=STALLED_AFTER,
            )
        finally:
            mending.cancel()
            with suppress(asyncio.CancelledError):
                await mending


async def _mend(queue: procrastinate.App) -> None:
    """Give back, now and again, what dead workers held: nobody else would."""
    while True:
        for job in await queue.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_AFTER):
            # Another worker may be quicker.
            with suppress(exceptions.ConnectorException):
                await queue.job_manager.retry_job(job)
                log.warning("batch taken from a dead worker", work=job.task_name, job=job.id)
        await asyncio.sleep(MENDED_EVERY)


def _done(app: Flask, one: BatchWork) -> Callable[[list[int]], None]:
    def do(tenant_ids: list[int]) -> None:
        with app.app_context():
            try:
                one.do(tenant_ids)
            finally:
                db.rollback()

    return do


def install(owner: str, app: str) -> None:
    """Make the schema of the jobs, and give the service what it needs of it; made anew for another procrastinate.

    owner, app: addresses of the role that owns the tables, and of the role the service runs as. What waited in a
    schema that is made anew is gone from it, and not lost: whoever is due stays due until judged.
    """
    schema, role = sql.Identifier(SCHEMA), sql.Identifier(sa.make_url(app).username or "")
    told = f"procrastinate {version('procrastinate')}"
    with psycopg.connect(_plain(owner)) as connection:
        found = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"
        (kept,) = connection.execute(found, [SCHEMA]).fetchone() or (None,)
        if kept != told:
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
            connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
            connection.execute(SchemaManager.get_schema())
            connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(told)))
        for given in (
            "USAGE ON SCHEMA {0}",
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {0}",
            "USAGE ON ALL SEQUENCES IN SCHEMA {0}",
            "EXECUTE ON ALL FUNCTIONS IN SCHEMA {0}",
        ):
            connection.execute(sql.SQL("GRANT " + given + " TO {1}").format(schema, role))


def _queue(connector: Any) -> procrastinate.App:
    return procrastinate.App(connector=connector)


def _connecting(address: str) -> dict[str, Any]:
    return {
        "conninfo": _plain(address),
        "kwargs": {"options": f"-c search_path={SCHEMA}"},
        "min_size": 1,
        "max_size": 4,
    }


def _plain(address: str) -> str:
    """Return an address of SQLAlchemy as PostgreSQL's own programs write it."""
    return sa.make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
