"""Commands by name: each is imported when somebody calls it, as most of a command's time would go into imports."""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click
import sqlalchemy as sa
from flask.cli import AppGroup

NO_TABLES = "This database lacks our tables, or some of them. Run: flask --app app db upgrade"
UNDEFINED_TABLE, UNDEFINED_COLUMN = "42P01", "42703"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command stands: the attribute `name` of `module`, which is no other than the name one calls it by.

    pages: whether it needs the pages, as whoever writes an address of one does.
    """

    name: str
    module: str
    attribute: str
    pages: bool = True


class LazyCommands(AppGroup):
    """The commands of the service, each imported when it is looked up."""

    def __init__(self, places: Sequence[Place], add_pages: Callable[[], None]) -> None:
        super().__init__()
        self.places = {place.name: place for place in places}
        self.add_pages = add_pages

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name`, or None."""
        place = self.places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        if place.pages:
            self.add_pages()
        command = getattr(importlib.import_module(place.module), place.attribute)
        assert isinstance(command, click.Command)
        ctx.with_resource(_missing_tables_told())
        return command


def looking_up() -> bool:
    """Tell whether the `flask` program is now looking up which command was meant, and none is running yet.

    Its own commands (run, routes, shell) ask for the service when they run, inside a context of their own.
    """
    context = click.get_current_context(silent=True)
    return context is not None and context.parent is None


@contextmanager
def _missing_tables_told() -> Iterator[None]:
    """Tell in one sentence what to do about a database without our tables. Raises click.ClickException then."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
        if _lacks_tables(error):
            raise click.ClickException(NO_TABLES) from error
        raise


def _lacks_tables(error: sa.exc.DBAPIError) -> bool:
    told = str(error.orig)
    return getattr(error.orig, "sqlstate", None) in (UNDEFINED_TABLE, UNDEFINED_COLUMN) or told.startswith(
        ("no such table", "no such column")
    )
