"""Copies of the back-up and their sightings; the programme of tests, evidence, hours and what must follow."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CLOSED = "closed_on IS NULL OR length(done) > 0"


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{name}_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}_{target}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=name)


def _sealed(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _text(name: str, length: int = 200) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _id(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def upgrade() -> None:
    """Apply this step."""
    op.add_column("test_result", sa.Column("minutes", sa.Integer(), nullable=True))
    _copies()
    _sightings()
    _programme()
    _evidence()
    _follow_ups()


def _copies() -> None:
    _table(
        "backup_copy",
        sa.Column("holds", _enum("copyof", "data", "licences", "installers", "plan"), nullable=False),
        _text("name"),
        _sealed("location"),
        sa.Column("off_site", sa.Boolean(), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("keeping", _enum("keeping", "safe", "specialist", "other"), nullable=True),
        _id("keeper_id"),
        _id("party_id"),
        _sealed("encryption"),
        _sealed("key_place"),
        sa.Column("key_apart", sa.Boolean(), nullable=True),
        _id("night_contact_id"),
        _sealed("night_how"),
        sa.Column("plan_version", sa.Integer(), nullable=True),
        _instant("archived_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("plan_version IS NULL OR plan_version >= 1", name=op.f("ck_backup_copy_plan_version")),
        _points("backup_copy", "keeper_id", "contact"),
        _points("backup_copy", "party_id", "external_party"),
        _points("backup_copy", "night_contact_id", "contact"),
    )
    protect("backup_copy", "plan")


def _sightings() -> None:
    _table(
        "copy_sighting",
        _id("copy_id", nullable=False),
        sa.Column("sighted", _enum("sighted", "there", "reached"), nullable=False),
        _day("seen_on"),
        _instant("seen_at", nullable=False),
        _text("seen_by"),
        _id("contact_id"),
        sa.Column("plan_version", sa.Integer(), nullable=True),
        _id("photo_id"),
        _id("takes_back_id"),
        _points("copy_sighting", "copy_id", "backup_copy"),
        _points("copy_sighting", "contact_id", "contact"),
        _points("copy_sighting", "photo_id", "stored_file"),
        _points("copy_sighting", "takes_back_id", "copy_sighting"),
        sa.UniqueConstraint("tenant_id", "takes_back_id", name=op.f("uq_copy_sighting_tenant_id_takes_back_id")),
    )
    op.create_index("ix_copy_sighting_copy_id", "copy_sighting", ["tenant_id", "copy_id"])
    protect("copy_sighting", "plan", append_only=True)


def _programme() -> None:
    _table(
        "planned_test",
        _text("item_id", 60),
        _day("planned_on"),
        _id("contact_id"),
        _sealed("how"),
        sa.Column("sample_of", _enum("sampleof", "systems", "staff", "parties", "assets"), nullable=True),
        _sealed("sample_reason"),
        _text("sample_seed", 40),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("sample_ids", sa.JSON(), nullable=False),
        _instant("drawn_at"),
        _text("drawn_by"),
        _id("result_id"),
        _instant("archived_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("sample_size >= 0", name=op.f("ck_planned_test_sample_size")),
        _points("planned_test", "contact_id", "contact"),
        _points("planned_test", "result_id", "test_result"),
        sa.UniqueConstraint("tenant_id", "result_id", name=op.f("uq_planned_test_tenant_id_result_id")),
    )
    protect("planned_test", "plan")


def _evidence() -> None:
    _table(
        "test_evidence",
        _id("test_result_id", nullable=False),
        _id("file_id", nullable=False),
        _text("added_by"),
        _points("test_evidence", "test_result_id", "test_result"),
        _points("test_evidence", "file_id", "stored_file"),
    )
    op.create_index("ix_test_evidence_test_result_id", "test_evidence", ["tenant_id", "test_result_id"])
    protect("test_evidence", "plan", append_only=True)


def _follow_ups() -> None:
    _table(
        "follow_up",
        _id("test_result_id"),
        _sealed("what"),
        _id("owner_id"),
        _day("opened_on"),
        _day("due_on"),
        _day("closed_on", nullable=True),
        _text("closed_by"),
        _sealed("done"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(CLOSED, name=op.f("ck_follow_up_closed")),
        _points("follow_up", "test_result_id", "test_result"),
        _points("follow_up", "owner_id", "contact"),
    )
    protect("follow_up", "plan")


def downgrade() -> None:
    """Take this step back."""
    for table in ("follow_up", "test_evidence", "planned_test", "copy_sighting", "backup_copy"):
        unprotect(table)
        op.drop_table(table)
    op.drop_column("test_result", "minutes")
