"""What a reseller's clients are sorted by stands in columns of its own; what was kept as JSON is moved there."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

TABLE = "audit_state"
COUNTS = ("faults", "warnings", "notices")
PARTS = ("plan", "scheme")
# The legs of a scheme are the third and the fourth; of each leg three numbers and a code are kept.
SCHEME_LEGS = (8, 12)


def upgrade() -> None:
    """Apply this step. What was never kept stays null, and waits to be judged again as before."""
    for name in COUNTS:
        op.add_column(TABLE, sa.Column(f"scheme_{name}", sa.Integer(), server_default="0", nullable=False))
    for part in PARTS:
        op.add_column(TABLE, sa.Column(f"{part}_until", sa.Date(), nullable=True))
    op.add_column(TABLE, sa.Column("registered", sa.Boolean(), nullable=True))
    with unforced(TABLE):
        op.execute(_moved_on_postgresql() if _on_postgresql() else _moved())


def downgrade() -> None:
    """Take this step back."""
    with unforced(TABLE):
        op.execute(PUT_BACK_ON_POSTGRESQL if _on_postgresql() else PUT_BACK)
    for name in ("registered", *(f"{part}_until" for part in PARTS), *(f"scheme_{name}" for name in COUNTS)):
        op.drop_column(TABLE, name)


def _moved() -> str:
    counts = (
        f"scheme_{name} = " + " + ".join(f"json_extract(legs, '$.legs[{leg + at}]')" for leg in SCHEME_LEGS)
        for at, name in enumerate(COUNTS)
    )
    days = (f"{part}_until = nullif(json_extract(legs, '$.lapses[{2 * at}]'), '')" for at, part in enumerate(PARTS))
    return f"""UPDATE audit_state SET {", ".join((*counts, *days))},
        registered = json_extract(legs, '$.registered'),
        legs = json_object('legs', json_extract(legs, '$.legs'), 'lapses',
            json_array(json_extract(legs, '$.lapses[1]'), json_extract(legs, '$.lapses[3]')))
        WHERE legs IS NOT NULL"""


def _moved_on_postgresql() -> str:
    counts = (
        f"scheme_{name} = " + " + ".join(f"(legs #>> '{{legs,{leg + at}}}')::integer" for leg in SCHEME_LEGS)
        for at, name in enumerate(COUNTS)
    )
    days = (f"{part}_until = nullif(legs #>> '{{lapses,{2 * at}}}', '')::date" for at, part in enumerate(PARTS))
    return f"""UPDATE audit_state SET {", ".join((*counts, *days))},
        registered = (legs ->> 'registered')::boolean,
        legs = json_build_object('legs', legs -> 'legs', 'lapses',
            json_build_array(legs #> '{{lapses,1}}', legs #> '{{lapses,3}}'))
        WHERE legs IS NOT NULL"""


PUT_BACK = """UPDATE audit_state SET legs = json_object('legs', json_extract(legs, '$.legs'), 'lapses',
    json_array(coalesce(plan_until, ''), json_extract(legs, '$.lapses[0]'),
               coalesce(scheme_until, ''), json_extract(legs, '$.lapses[1]')),
    'registered', json(CASE registered WHEN 1 THEN 'true' ELSE 'false' END))
    WHERE legs IS NOT NULL"""
PUT_BACK_ON_POSTGRESQL = """UPDATE audit_state SET legs = json_build_object('legs', legs -> 'legs', 'lapses',
    json_build_array(coalesce(to_char(plan_until, 'YYYY-MM-DD'), ''), legs #> '{lapses,0}',
                     coalesce(to_char(scheme_until, 'YYYY-MM-DD'), ''), legs #> '{lapses,1}'),
    'registered', registered)
    WHERE legs IS NOT NULL"""


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
