"""The trail: who did what, in which role and for whom, as chains under a key outside the database."""

from tenants.trail.accounts import account_event, denied
from tenants.trail.writing import record, record_after, record_look, write_down

__all__ = ["account_event", "denied", "record", "record_after", "record_look", "write_down"]
