"""Confidential columns are kept encrypted; data keys of organisations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.sealing import Keys, Plain, seal_columns, unseal_columns
from migrations.security import unforced

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(length: int) -> sa.types.TypeEngine[Any]:
    return sa.String(length=length)


JSON = sa.JSON(none_as_null=True)
TABLES: dict[str, Plain] = {
    "contact": {"phone": _text(40), "phone_2": _text(40), "email": _text(254), "note": _text(2000)},
    "external_party": {"phone": _text(40), "email": _text(254), "reference": _text(200), "note": _text(2000)},
    "system": {"note": _text(2000)},
    "data_set": {"protection": _text(2000)},
    "asset": {
        "specification": _text(500),
        "serial_number": _text(100),
        "imei": _text(20),
        "location": _text(200),
        "ip_address": _text(60),
        "phone_number": _text(40),
        "website": _text(200),
        "wifi": _text(200),
        "licence_key": _text(200),
        "note": _text(2000),
    },
    "answer": {"values": JSON},
    "assignment": {"task": _text(2000)},
    "waiver": {"reason": _text(2000)},
    "plan_version": {"note": _text(2000)},
    "business_change": {"what": _text(2000)},
    "test_result": {"note": _text(2000)},
    "recovery_step": {"text": _text(2000)},
    "instruction_version": {"text": sa.Text()},
    "import_sheet": {"cells": sa.LargeBinary(), "report": sa.LargeBinary()},
    "registration": {"description": _text(2000), "uncovered_services": _text(2000)},
    "agreement": {"reference": _text(200)},
    "counterparty": {"phone": _text(40), "email": _text(254)},
    "scheme_contact": {"phone": _text(40), "email": _text(254)},
    "deed_version": {"text": sa.Text(), "conditions": JSON},
    "client": {"email": _text(254)},
    "handover_delivery": {"specification": _text(2000)},
    "finding": {"subject_label": _text(200), "params": JSON},
    "expiry": {"subject_label": _text(200)},
    "trail_entry": {"changes": JSON},
}


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "tenant_key",
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_key_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "version", name=op.f("pk_tenant_key")),
    )
    _reason_check(None)
    keys = Keys(op.get_bind())
    with unforced(*TABLES):
        for table, columns in TABLES.items():
            seal_columns(keys, table, columns)
    _reason_check("length(reason) > 0")


def downgrade() -> None:
    """Take this step back."""
    _reason_check(None)
    keys = Keys(op.get_bind())
    with unforced(*TABLES):
        for table, columns in TABLES.items():
            unseal_columns(keys, table, columns)
    _reason_check("length(reason) >= 3")
    op.drop_table("tenant_key")


def _reason_check(condition: str | None) -> None:
    """Give waivers another check of their reason, or none: no database drops a column that a check names."""
    with op.batch_alter_table("waiver", schema=None) as batch_op:
        if condition:
            batch_op.create_check_constraint(op.f("ck_waiver_reason"), condition)
        else:
            batch_op.drop_constraint(op.f("ck_waiver_reason"), type_="check")
