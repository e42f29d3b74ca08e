"""Addresses of mail and of mailed links are kept sealed, each with a mark by which those that are alike are found."""

import hmac
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.vault import mac_key, platform_open, platform_seal

revision = "0075"
down_revision = "0076"
branch_labels = None
depends_on = None

AT_ONCE = 1000
TABLES = {"outbox_mail": "recipient", "mailed_link": "email"}
INDEX = "ix_outbox_mail_recipient"


def upgrade() -> None:
    """Apply this step."""
    _overwrite()
    op.drop_index(INDEX, table_name="outbox_mail")
    for table, column in TABLES.items():
        op.add_column(table, sa.Column(f"{column}_sealed", sa.LargeBinary(), nullable=False, server_default=_nothing()))
        op.add_column(table, sa.Column(f"{column}_mark", sa.String(64), nullable=False, server_default=""))
        _seal(table, column)
        op.drop_column(table, column)
        _rename(table, f"{column}_sealed", column)
        _without_default(table, column, f"{column}_mark")
    op.create_index(f"{INDEX}_mark", "outbox_mail", ["recipient_mark", "queued_at"])


def downgrade() -> None:
    """Take this step back."""
    op.drop_index(f"{INDEX}_mark", table_name="outbox_mail")
    for table, column in TABLES.items():
        op.add_column(table, sa.Column(f"{column}_plain", sa.String(254), nullable=False, server_default=""))
        _open(table, column)
        op.drop_column(table, f"{column}_mark")
        op.drop_column(table, column)
        _rename(table, f"{column}_plain", column)
        _without_default(table, column)
    op.create_index(INDEX, "outbox_mail", ["recipient", "queued_at"])


def _seal(table: str, column: str) -> None:
    rows, read = _columns(table, sa.column(column, sa.String()), sa.column(f"{column}_sealed", sa.LargeBinary()),
                          sa.column(f"{column}_mark", sa.String()))  # fmt: skip
    for some in read:
        key = mac_key("mail/address")  # asked for where there are rows alone: a new database has no master key yet
        told = [
            {
                "row": id_,
                f"{column}_sealed": platform_seal(address, f"{table}.{column}"),
                f"{column}_mark": hmac.digest(key, address.lower().encode(), "sha256").hex() if address else "",
            }
            for id_, address, *_ in some
        ]
        op.get_bind().execute(_update(rows, f"{column}_sealed", f"{column}_mark"), told)


def _open(table: str, column: str) -> None:
    rows, read = _columns(table, sa.column(column, sa.LargeBinary()), sa.column(f"{column}_plain", sa.String()))
    for some in read:
        told = [
            {"row": id_, f"{column}_plain": platform_open(bytes(sealed), f"{table}.{column}")}
            for id_, sealed, *_ in some
        ]
        op.get_bind().execute(_update(rows, f"{column}_plain"), told)


def _columns(table: str, *columns: sa.ColumnClause[Any]) -> tuple[sa.TableClause, list[list[Any]]]:
    """Return the table and its rows, so many at once. They live for some weeks: a table of them is read as it is."""
    rows = sa.table(table, sa.column("id", sa.Uuid()), *columns)
    found = op.get_bind().execute(sa.select(*rows.c)).all()
    return rows, [list(found[at : at + AT_ONCE]) for at in range(0, len(found), AT_ONCE)]


def _update(rows: sa.TableClause, *names: str) -> sa.Update:
    query = sa.update(rows).where(rows.c.id == sa.bindparam("row", type_=sa.Uuid()))
    return query.values({name: sa.bindparam(name) for name in names})


def _overwrite() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # What was readable is overwritten with zeros where it stood, not only marked as free.
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON").close()


def _nothing() -> sa.TextClause:
    return sa.text("x''" if op.get_bind().dialect.name == "sqlite" else "''::bytea")


def _rename(table: str, old: str, new: str) -> None:
    op.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{old}" TO "{new}"')


def _without_default(table: str, *columns: str) -> None:
    """Take the defaults away; SQLite cannot, there they stay and do no harm."""
    if op.get_bind().dialect.name != "sqlite":
        for column in columns:
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP DEFAULT')
