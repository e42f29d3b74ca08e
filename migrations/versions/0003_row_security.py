"""Row-level security on every owned table (PostgreSQL)."""

from migrations.security import protect, setting, show, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AREAS = {
    "plan": (
        "answer", "asset", "assignment", "business_change", "contact", "data_set", "department", "external_party",
        "import_batch", "import_sheet", "instruction_receipt", "instruction_version", "interval_setting",
        "plan_version", "recovery_step", "stored_file", "system", "test_result", "waiver",
    ),
    "continuity": (
        "acceptance", "agreement", "client", "counterparty", "deed_version", "handover_delivery", "handover_item",
        "registration", "scheme_contact",
    ),
    "people": ("engagement", "management_grant", "membership"),
    "audit": ("audit_state", "finding"),
}  # fmt: skip
ERASABLE = {"plan": ("department_data_set", "department_system", "test_result_system"), "audit": ("expiry",)}

PERSON, FOUNDATION = setting("app.person", "uuid"), setting("app.foundation", "bigint")
# The organisations the person belongs to now, by the clock of the database. Their own memberships are all it sees.
EMPLOYERS = f"""
ARRAY(SELECT own.tenant_id FROM membership own
      WHERE own.user_id = {PERSON} AND (own.ends_at IS NULL OR own.ends_at > now()))
"""


def upgrade() -> None:
    """Apply this step."""
    for area, tables in AREAS.items():
        for table in tables:
            protect(table, area)
    for area, tables in ERASABLE.items():
        for table in tables:
            protect(table, area, erasable=True)
    protect("trail_entry", "trail", append_only=True)
    # Before the door can open a scope it must see where the person stands.
    show("membership", "own_relations", f"user_id = {PERSON}")
    show("engagement", "own_relations", f"auditor_id = {PERSON}")
    show("management_grant", "own_relations", f"manager_id = ANY ({EMPLOYERS})")
    # Before a foundation's scope can cover its registrants it must find them.
    show("registration", "named_foundation", f"foundation_id = {FOUNDATION} AND archived_at IS NULL")
    # Before the sweep can judge it must know who is due.
    show("audit_state", "sweep", f"{setting('app.sweep', 'text')} = 'on'")


def downgrade() -> None:
    """Take this step back."""
    for tables in (*AREAS.values(), *ERASABLE.values(), ("trail_entry",)):
        for table in tables:
            unprotect(table)
