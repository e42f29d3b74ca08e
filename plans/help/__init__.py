"""Why do we ask this? A reason and an example for each of the 75 items of the handbook."""

from types import MappingProxyType

from plans.help.backup import BACKUP
from plans.help.inventory import INVENTORY
from plans.help.payments import PAYMENTS
from plans.help.plainly import PLAINLY
from plans.help.processes import PROCESSES
from plans.help.runbook import RUNBOOK
from plans.help.self_check import SELF_CHECK
from plans.help.staff import STAFF
from plans.help.testing import TESTING
from plans.help.upkeep import UPKEEP
from plans.help.why import Help, Why

__all__ = ["HELP", "PLAINLY", "Why"]

HELP: Help = MappingProxyType(
    {**SELF_CHECK, **BACKUP, **INVENTORY, **PROCESSES, **RUNBOOK, **STAFF, **TESTING, **PAYMENTS, **UPKEEP}
)
