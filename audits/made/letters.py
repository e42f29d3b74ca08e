"""Tell the people of a schedule that a report is ready: by a link behind sign-in, never by the file."""

from datetime import datetime

import sqlalchemy as sa

from audits.made import rights
from audits.made.models import MadeReport, SchedulePerson
from audits.made.naming import title_of
from core import db
from core.i18n import written_in
from core.mail import NotAnAddress
from tenants import links
from tenants.mail import letters
from tenants.models import Tenant, User

PAGE = "made.show"


def tell(row: MadeReport, *, at: datetime) -> int:
    """Queue a mail to each person of the report's schedule who may have it now; return how many.

    In the transaction in which it became ready. Who lost the right is told nothing. at: aware UTC.
    """
    if row.schedule_id is None:
        return 0
    people = db.session().execute(
        sa.select(User.id, User.name, User.email, User.language)
        .join(SchedulePerson, SchedulePerson.user_id == User.id)
        .where(SchedulePerson.schedule_id == row.schedule_id)
        .order_by(User.id)
    )
    told, found = 0, rights.told_by(row)
    tenant = db.session().get_one(Tenant, row.tenant_id)
    link = links.address(PAGE, where={"slug": tenant.slug, "report_id": row.id})
    for user_id, name, email, language in people.all():
        standing = rights.standing_of(row.tenant_id, user_id)
        if standing is None or not rights.may_have(found, row.name, standing):
            continue
        spoken = language or tenant.language
        with written_in(spoken):
            title = title_of(row.name)
        words = {"name": name, "organisation": tenant.name, "title": title, "as_of": row.as_of, "link": link}
        try:
            letters.write("report_ready", email, spoken, words, organisation_id=row.tenant_id)
        except NotAnAddress:
            continue
        told += 1
    return told
