"""Relations: grants, engagements, operators; when and how strongly a session was proved; who acts for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "engagement",
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("auditor_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.Boolean(), nullable=False),
        sa.Column("continuity", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_engagement_ends_after_start")),
        sa.CheckConstraint("plan OR continuity", name=op.f("ck_engagement_some_area")),
        sa.ForeignKeyConstraint(["auditor_id"], ["user.id"], name=op.f("fk_engagement_auditor_id_user")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_engagement_ended_by_user")),
        sa.ForeignKeyConstraint(["given_by"], ["user.id"], name=op.f("fk_engagement_given_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_engagement_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_engagement")),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index("ix_engagement_auditor_id", ["auditor_id"], unique=False)

    op.create_table(
        "management_grant",
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "level",
            sa.Enum("view", "edit", name="grantlevel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("plan", sa.Boolean(), nullable=False),
        sa.Column("continuity", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("manager_id <> tenant_id", name=op.f("ck_management_grant_not_itself")),
        sa.CheckConstraint("plan OR continuity", name=op.f("ck_management_grant_some_area")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_management_grant_ended_by_user")),
        sa.ForeignKeyConstraint(["given_by"], ["user.id"], name=op.f("fk_management_grant_given_by_user")),
        sa.ForeignKeyConstraint(["manager_id"], ["tenant.id"], name=op.f("fk_management_grant_manager_id_tenant")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_management_grant_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_management_grant")),
    )
    with op.batch_alter_table("management_grant", schema=None) as batch_op:
        batch_op.create_index("ix_management_grant_manager_id", ["manager_id"], unique=False)
        batch_op.create_index(
            "uq_management_grant_current",
            ["tenant_id", "manager_id"],
            unique=True,
            sqlite_where=sa.text("ends_at IS NULL"),
            postgresql_where=sa.text("ends_at IS NULL"),
        )

    op.create_table(
        "operator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_operator_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
    )
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.create_index(
            "uq_operator_current",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("ends_at IS NULL"),
            postgresql_where=sa.text("ends_at IS NULL"),
        )

    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("strong", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE login_session SET proved_at = created_at")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.alter_column("proved_at", nullable=False)
        batch_op.alter_column("strong", server_default=None)

    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("via", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    """Take this step back."""
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_column("via")

    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.drop_column("left_at")

    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_column("strong")
        batch_op.drop_column("proved_at")

    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_operator_current", sqlite_where=sa.text("ends_at IS NULL"), postgresql_where=sa.text("ends_at IS NULL")
        )

    op.drop_table("operator")
    with op.batch_alter_table("management_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_management_grant_current",
            sqlite_where=sa.text("ends_at IS NULL"),
            postgresql_where=sa.text("ends_at IS NULL"),
        )
        batch_op.drop_index("ix_management_grant_manager_id")

    op.drop_table("management_grant")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_index("ix_engagement_auditor_id")

    op.drop_table("engagement")
