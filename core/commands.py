"""Commands by name: each is imported when somebody calls it, as most of a command's time would go into imports."""

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

import click
import sqlalchemy as sa
from click.globals import pop_context
from flask.cli import AppGroup

NO_TABLES = "This database lacks our tables, or some of them. Run: flask --app app db upgrade"
NO_TEXT = re.compile("[\udc80-\udcff]")
UNDEFINED_TABLE, UNDEFINED_COLUMN = "42P01", "42703"


class Needs(IntEnum):
    """How much of the service a command needs before it is imported; each holds the one before."""

    FEW_TABLES = 0  # it imports the tables it reads
    TABLES = 1
    PAGES = 2  # as whoever writes an address of one does


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command stands: `attribute` of `module`; name: what one calls it by, as it calls itself."""

    name: str
    module: str
    attribute: str
    needs: Needs = Needs.PAGES


class LazyCommands(AppGroup):
    """The commands of the service, each imported when it is looked up."""

    def __init__(self, places: Sequence[Place], add: Callable[[Needs], None]) -> None:
        super().__init__()
        self.places = {place.name: place for place in places}
        self.add = add

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name`, or None."""
        place = self.places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        self.add(place.needs)
        command = getattr(importlib.import_module(place.module), place.attribute)
        assert isinstance(command, click.Command)
        ctx.with_resource(_told())
        return command


def looking_up() -> bool:
    """Tell whether the `flask` program is now looking up which command was meant, and none is running yet.

    Its own commands (run, routes, shell) ask for the service when they run, inside a context of their own.
    """
    context = click.get_current_context(silent=True)
    return context is not None and context.parent is None


@contextmanager
def _told() -> Iterator[None]:
    """Tell in one sentence what to do about a database without our tables, and about an argument that is no text.

    Raises click.ClickException then.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        # Python carries bytes that are no UTF-8 in an argument along as these, and nothing takes them.
        if NO_TEXT.search(str(error.object)):
            _leave()
            raise click.UsageError("an argument holds bytes that are no text in UTF-8") from None
        raise
    except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
        if _lacks_tables(error):
            _leave()
            raise click.ClickException(NO_TABLES) from error
        raise


def _leave() -> None:
    """Leave the context of the command: click does not where what closes with it raises, and looking_up() asks."""
    pop_context()


def _lacks_tables(error: sa.exc.DBAPIError) -> bool:
    told = str(error.orig)
    return getattr(error.orig, "sqlstate", None) in (UNDEFINED_TABLE, UNDEFINED_COLUMN) or told.startswith(
        ("no such table", "no such column")
    )
