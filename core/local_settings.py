"""Settings of PostgreSQL that hold until the transaction ends: row-level security reads them.

They are told to the database right before the next statement, whatever that is and whoever sends it: of several changes
without a statement between them only the last is told, and none after the last statement of a transaction. Nothing
happens on SQLite.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

WAITING = "local_settings"


def watch(target: Engine) -> None:
    """Have every connection of `target` tell what waits before each statement, and forget it with the transaction."""
    event.listen(target, "before_cursor_execute", _tell)
    # Whoever lost a connection without ending its transaction left what it had to tell: it is for nobody else.
    event.listen(target, "begin", _forget)
    event.listen(target, "commit", _forget)
    event.listen(target, "rollback", _forget)


def set_locally(connection: Connection, values: Mapping[str, str]) -> None:
    """Give settings a value from the next statement on, until the transaction under way ends."""
    if connection.dialect.name == "postgresql":
        connection.info[WAITING] = {**connection.info.get(WAITING, {}), **values}


def _tell(connection: Connection, *_statement: object) -> None:
    values: dict[str, str] | None = connection.info.get(WAITING)
    if not values:
        return
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status.name == "INERROR":
        return  # it shows no row, and what goes back to a savepoint may come next
    del connection.info[WAITING]
    told = tuple(part for pair in values.items() for part in pair)
    # By the driver itself: the statement that waits may have a cursor that reads as it goes.
    driver.execute("SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(values)), told)


def _forget(connection: Connection) -> None:
    if not connection.invalidated:  # a connection that was lost has nothing to forget
        connection.info.pop(WAITING, None)
