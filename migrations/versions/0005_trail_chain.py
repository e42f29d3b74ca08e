"""The trail is a chain: sequence, head and count per organisation, and a chain of account events."""

import hmac
import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from core.vault import mac_key
from migrations.sealing import Keys, open_json
from migrations.security import protect, unforced, unprotect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 2000

# What never changes again; `changes` may be sealed anew, and the rest makes place for an erasure, once.
FIXED = (
    "tenant_id",
    "id",
    "seq",
    "at",
    "role",
    "via",
    "request_id",
    "action",
    "subject",
    "subject_id",
    "digest",
    "link",
)
ERASED = ("user_id", "actor", "label", "salt", "erased_by")
EVENT_FIXED = ("id", "seq", "at", "request_id", "action", "digest", "link")
EVENT_ERASED = ("user_id", "actor", "salt", "erased_by")


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "trail_head",
        sa.Column("chain", BIG, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "account_event_told",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event_told")),
    )
    op.create_table(
        "account_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("erased_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_account_event_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
        sa.UniqueConstraint("seq", name=op.f("uq_account_event_seq")),
    )
    with op.batch_alter_table("account_event", schema=None) as batch_op:
        batch_op.create_index("ix_account_event_user_id", ["user_id", "at"], unique=False)

    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seq", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("label", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("salt", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("link", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("erased_by", sa.Integer(), nullable=True))
    with unforced("trail_entry"):
        chain_what_exists(op.get_bind())
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.alter_column("seq", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("digest", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("link", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_trail_entry_tenant_id_seq"), ["tenant_id", "seq"])
        batch_op.create_index("ix_trail_entry_subject_id", ["tenant_id", "subject_id"], unique=False)
    freeze("trail_entry", FIXED, ERASED)
    freeze("account_event", EVENT_FIXED, EVENT_ERASED)
    freeze_heads()
    # What the triggers leave open needs a policy.
    unprotect("trail_entry")
    protect("trail_entry", "trail")


def downgrade() -> None:
    """Take this step back."""
    unprotect("trail_entry")
    protect("trail_entry", "trail", append_only=True)
    for table in ("trail_entry", "account_event", "trail_head"):
        thaw(table)
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_entry_subject_id")
        batch_op.drop_constraint(op.f("uq_trail_entry_tenant_id_seq"), type_="unique")
        for column in ("erased_by", "link", "digest", "salt", "label", "seq"):
            batch_op.drop_column(column)
    with op.batch_alter_table("account_event", schema=None) as batch_op:
        batch_op.drop_index("ix_account_event_user_id")
    op.drop_table("account_event")
    op.drop_table("account_event_told")
    op.drop_table("trail_head")


def chain_what_exists(connection: sa.Connection) -> None:
    """Number the entries there are, link them and write down the heads, organisation by organisation."""
    entries = sa.table(
        "trail_entry",
        sa.column("tenant_id", BIG),
        sa.column("id", sa.Uuid()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("user_id", sa.Uuid()),
        *(sa.column(name, sa.String()) for name in ("actor", "role", "via", "request_id", "action", "subject")),
        sa.column("subject_id", sa.Uuid()),
        sa.column("changes", sa.LargeBinary()),
        sa.column("seq", sa.Integer()),
        *(sa.column(name, sa.LargeBinary()) for name in ("salt", "digest", "link")),
    )
    keys = Keys(connection)
    heads = sa.table("trail_head", sa.column("chain", BIG), sa.column("seq", sa.Integer()), sa.column("link"))
    for tenant_id in connection.scalars(sa.select(entries.c.tenant_id).distinct().order_by("tenant_id")).all():
        seq, link = 0, bytes(32)
        while rows := _next(connection, entries, tenant_id):
            values = []
            for row in rows:
                seq += 1
                link, told = _linked(row, open_json(keys, "trail_entry.changes", row.changes), seq, link)
                values.append({"of": row.tenant_id, "which": row.id, **told})
            connection.execute(
                sa.update(entries)
                .where(entries.c.tenant_id == sa.bindparam("of", type_=BIG))
                .where(entries.c.id == sa.bindparam("which", type_=sa.Uuid()))
                .values({name: sa.bindparam(f"new_{name}") for name in ("seq", "salt", "digest", "link")}),
                values,
            )
        connection.execute(sa.insert(heads).values(chain=tenant_id, seq=seq, link=link))


def _next(connection: sa.Connection, entries: Any, tenant_id: int) -> list[Any]:
    query = sa.select(entries).where(entries.c.tenant_id == tenant_id, entries.c.seq.is_(None))
    return list(connection.execute(query.order_by(entries.c.at, entries.c.id).limit(AT_ONCE)))


def _linked(row: Any, changes: Any, seq: int, before: bytes) -> tuple[bytes, dict[str, Any]]:
    """Return the link of a row and its new values: what the service of this day does for a new entry."""
    secret, salt = mac_key("trail"), os.urandom(16)
    content = [_text(row.user_id), row.actor, "", changes]
    digest = hmac.digest(secret, b"digest" + salt + _canonical(content), "sha256")
    fixed = [
        row.tenant_id,
        seq,
        _text(row.id),
        _instant(row.at),
        row.role,
        row.via,
        row.request_id,
        row.action,
        row.subject,
        _text(row.subject_id),
    ]
    link = hmac.digest(secret, b"link" + before + digest + _canonical(fixed), "sha256")
    return link, {"new_seq": seq, "new_salt": salt, "new_digest": digest, "new_link": link}


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _instant(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


def freeze(table: str, fixed: tuple[str, ...], erased: tuple[str, ...]) -> None:
    """Let the database refuse to delete or change rows of `table`; see FIXED and ERASED for what is left open."""
    if op.get_bind().dialect.name == "sqlite":
        touched = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in fixed)
        other = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in erased)
        op.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {touched}"
            f" OR (({other}) AND (OLD.erased_by IS NOT NULL OR NEW.erased_by IS NULL))"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
        return
    touched = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in fixed)
    other = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in erased)
    op.execute(
        f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'UPDATE' THEN IF NOT ({touched}"
        f" OR (({other}) AND (OLD.erased_by IS NOT NULL OR NEW.erased_by IS NULL))) THEN RETURN NEW; END IF; END IF;"
        f" RAISE EXCEPTION '{table} is only added to'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
    )


def freeze_heads() -> None:
    """Let the database refuse to take a head back or away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER trail_head_frozen BEFORE UPDATE ON trail_head"
            " WHEN NEW.chain IS NOT OLD.chain OR NEW.seq <= OLD.seq"
            " BEGIN SELECT RAISE(ABORT, 'trail_head only moves on'); END"
        )
        op.execute(
            "CREATE TRIGGER trail_head_kept BEFORE DELETE ON trail_head"
            " BEGIN SELECT RAISE(ABORT, 'trail_head only moves on'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION trail_head_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'UPDATE' THEN IF NEW.chain = OLD.chain AND NEW.seq > OLD.seq THEN RETURN NEW; END IF; END IF;"
        " RAISE EXCEPTION 'trail_head only moves on'; END $$"
    )
    op.execute(
        "CREATE TRIGGER trail_head_frozen BEFORE UPDATE OR DELETE ON trail_head"
        " FOR EACH ROW EXECUTE FUNCTION trail_head_frozen()"
    )


def thaw(table: str) -> None:
    """Take the triggers of `table` away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_frozen")
        op.execute(f"DROP TRIGGER {table}_kept")
        return
    op.execute(f"DROP TRIGGER {table}_frozen ON {table}")
    op.execute(f"DROP FUNCTION {table}_frozen()")
