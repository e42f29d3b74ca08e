"""The role the service has on PostgreSQL: it must not be one that row-level security lets through."""

from core import db

_UNSAFE = """
SELECT CASE
  WHEN rolsuper THEN 'is a superuser'
  WHEN rolbypassrls THEN 'bypasses row-level security'
  WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
                 AND pg_has_role(current_user, c.relowner, 'MEMBER')) THEN 'owns the tables'
  WHEN EXISTS (SELECT FROM pg_roles other
               WHERE (other.rolsuper OR other.rolbypassrls) AND pg_has_role(current_user, other.oid, 'MEMBER'))
    THEN 'may become a role that bypasses row-level security'
END
FROM pg_roles WHERE rolname = current_user
"""


def unsafe_role() -> str | None:
    """Tell why the role of the service could walk around row-level security; None when it cannot, and on SQLite."""
    target = db.engine()
    if target.dialect.name != "postgresql":
        return None
    with target.connect() as connection:
        found = connection.exec_driver_sql(_UNSAFE).scalar()
    return None if found is None else str(found)
