"""Runs jobs at their times in the process that leads; a missed run is made up for once.

The process that holds the lead (core/background/jobs.py) runs the jobs; the others look every LOOK_EVERY seconds
whether its place has come free. Each day's run is a piece of due work (core/background/work.py): two that believe they
lead do it once, and one that broke off is taken over. Imported only where jobs run: pages need none of it.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from core import clock, db
from core.background import work
from core.background.jobs import EXTENSION, NIGHTLY, Job, Lead, Plan, lead_for
from core.background.work import Claim

LOOK_EVERY = 10
# How often the leader asks whether a run was missed, broke off or failed: seconds.
MISSED_EVERY = 120
# How far back a run that should have been is looked for, and so how long a monthly cron may not be.
LOOK_BACK = timedelta(days=8)

log = structlog.get_logger("jobs")


class Runner:
    """Runs jobs in this process while it leads. Jobs run one after the other, never two at once."""

    def __init__(
        self, app: Flask, jobs: Sequence[Job], lead: Lead, *, nightly_at: str, zone: str, look_every: float
    ) -> None:
        self.app, self.jobs, self.lead = app, tuple(jobs), lead
        self.nightly_at, self.zone, self.look_every = nightly_at, zone, look_every
        self.leading = False
        self.held: Claim | None = None
        self.scheduler = BackgroundScheduler(
            timezone=ZoneInfo(zone),
            executors={"default": ThreadPoolExecutor(1), "lead": ThreadPoolExecutor(1)},
            # However late a run comes, and however many were missed: once, now.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to look for the lead, at once and then every `look_every` seconds."""
        every = IntervalTrigger(seconds=self.look_every, timezone=self.zone)
        self.scheduler.add_job(self.look, every, id="lead", executor="lead", next_run_time=clock.now())
        self.scheduler.start()

    def stop(self) -> None:
        """Stop after the run under way, and let go of the lead."""
        self.scheduler.shutdown(wait=True)
        self.lead.leave()
        self.leading = False

    def look(self) -> None:
        """Take the lead when it is free; stop running jobs when it was lost; hold on to the run under way."""
        leads = self.lead.take()
        if leads and self.held is not None:
            self._renew(self.held)
        if leads and not self.leading:
            log.info("this process runs the jobs now", process=os.getpid())
            for job in self.jobs:
                self.scheduler.add_job(self.run, self.trigger(job), [job], id=job.name, replace_existing=True)
                if job.catch_up:
                    # At once and then now and again: whatever should have been done, by us or by who led before.
                    again = IntervalTrigger(seconds=MISSED_EVERY, timezone=self.zone)
                    self.scheduler.add_job(
                        self.run, again, [job], id=missed(job), next_run_time=clock.now(), replace_existing=True
                    )
        elif self.leading and not leads:
            log.warning("this process lost the lead", process=os.getpid())
            for job in self.jobs:
                for name in (job.name, missed(job)) if job.catch_up else (job.name,):
                    self.scheduler.remove_job(name)
        self.leading = leads

    def trigger(self, job: Job) -> CronTrigger:
        """Return when `job` is due."""
        hour, _, minute = self.nightly_at.partition(":")
        cron = f"{int(minute)} {int(hour)} * * *" if job.cron == NIGHTLY else job.cron
        return CronTrigger.from_crontab(cron, timezone=ZoneInfo(self.zone))

    def run(self, job: Job) -> None:
        """Run `job`, unless the newest day that is due was done, is held by another process, or rests after a failure.

        What the job raises goes to the scheduler, which logs it.
        """
        with self.app.app_context():
            if not job.catch_up:
                job.run()
                return
            due = last_due(self.trigger(job), clock.now())
            claim = None if due is None else self._claim(job, due)
            if claim is None:
                return
            self.held = claim
            log.info("job begins", job=job.name, period=claim.period.isoformat())
            try:
                job.run()
            except Exception as error:
                db.rollback()
                work.note_failure(claim, error)
                raise
            finally:
                self.held = None
            self._finish(claim)
            log.info("job ends", job=job.name, period=claim.period.isoformat())

    def _claim(self, job: Job, due: datetime) -> Claim | None:
        """Take the run that was due at `due`, when nobody has it and it is not done."""
        db.begin(writes=True)
        try:
            work.plan(job.name, [work.EVERYTHING], clock.day_of(due, self.zone), at=clock.now())
            claims = work.take(job.name, at=clock.now())
            db.commit()
        finally:
            db.rollback()
        return claims[0] if claims else None

    def _finish(self, claim: Claim) -> None:
        db.begin(writes=True)
        try:
            work.finish([claim], at=clock.now())
            db.commit()
        except work.Overtaken:
            # It bears being run twice; whoever has it now notes the end.
            log.warning("job was taken over", job=claim.kind)
        finally:
            db.rollback()

    def _renew(self, claim: Claim) -> None:
        with self.app.app_context():
            db.begin(writes=True)
            try:
                work.renew([claim], at=clock.now())
                db.commit()
            finally:
                db.rollback()


def missed(job: Job) -> str:
    """Return under which name the scheduler looks for runs of `job` that were missed."""
    return f"{job.name} missed"


def last_due(trigger: CronTrigger, at: datetime) -> datetime | None:
    """Return the newest instant up to and including `at` when `trigger` was due, or None within LOOK_BACK."""
    found = None
    due = trigger.get_next_fire_time(None, at - LOOK_BACK)
    while due is not None and due <= at:
        found = due
        due = trigger.get_next_fire_time(due, due)
    return found


def start(app: Flask) -> Runner:
    """Start running the jobs of `app` in this process, if and when it leads."""
    with app.app_context():
        lead = lead_for(db.engine())
    plan: Plan = app.extensions[EXTENSION]
    runner = Runner(app, plan.jobs, lead, nightly_at=plan.nightly_at, zone=clock.DEFAULT_ZONE, look_every=LOOK_EVERY)
    runner.start()
    return runner
