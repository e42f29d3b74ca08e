"""The sample bakery's plan on paper: CPU seconds for gathering, each PDF, the offline page and kits, and their size.

Programs that are started count too.

The whole plan as PDF has to be there within 2 seconds, the page has to stay under 2 MB.
"""

import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

import sample
from audits.paper.kit import make_kit
from audits.paper.material import gather_paper
from audits.paper.models import PaperKind
from audits.paper.offline import offline_page
from audits.paper.opener import Outside, browser_kit
from audits.paper.printing import Printed, print_paper
from audits.paper.services import says
from audits.paper.variants import VARIANTS
from audits.workbooks.material import Made
from bench.place import fresh
from core import clock, db
from core.i18n import Language, written_in
from sample.organisations import BAKERY
from tenants.models import Tenant
from tenants.scope import scoped, whole

T = TypeVar("T")
PDF_SECONDS, PAGE_BYTES = 2.0, 2_000_000


def main() -> None:
    """Print a line for each; end with exit status 1 when a limit is passed."""
    with fresh() as app:
        with app.app_context():
            sample.fill_example(today=clock.today(), password="brood op de plank")  # noqa: S106 -- nobody signs in
            tenant_id = db.session().scalars(sa.select(Tenant.id).where(Tenant.slug == BAKERY.slug)).one()
            db.rollback()
        with app.test_request_context(), scoped(whole(tenant_id), writes=False), written_in(Language.DUTCH):
            _measure(tenant_id)


def _measure(tenant_id: int) -> None:
    printed = Printed(Made(clock.now(), "bench"), "https://waarborg.example/p/0123456789abcdefghijklmn")
    gather_paper(tenant_id, clock.today())  # what is imported and compiled once does not count
    material, gathered = _timed("gather", lambda: gather_paper(tenant_id, clock.today()))
    whole_plan = 0.0
    for kind, variant in VARIANTS.items():
        pdf, spent = _timed(f"pdf {kind}", partial(print_paper, variant, material, printed))
        print(f"{'':14}{len(pdf) / 1000:8.0f} kB")
        whole_plan = spent + gathered if kind is PaperKind.ALL else whole_plan
    page, _spent = _timed("offline page", lambda: offline_page(material, printed))
    print(f"{'':14}{len(page) / 1000:8.0f} kB")
    kit, _spent = _timed("kit", lambda: make_kit((Language.DUTCH,), lambda: material, printed, "six words of no use"))
    print(f"{'':14}{len(kit) / 1000:8.0f} kB")
    outside = Outside(says(material), clock.today(), printed.address)
    opener, _spent = _timed("opens itself", lambda: browser_kit(kit, (Language.DUTCH,), outside))
    print(f"{'':14}{len(opener) / 1000:8.0f} kB")
    if whole_plan > PDF_SECONDS or len(page) > PAGE_BYTES:
        raise SystemExit(f"too slow or too large: {whole_plan:.2f} s, {len(page)} bytes")


def _timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    before = sum(os.times()[:4])
    found = work()
    spent = sum(os.times()[:4]) - before
    print(f"{name:14}{spent:8.2f} s")
    return found, spent


if __name__ == "__main__":
    main()
