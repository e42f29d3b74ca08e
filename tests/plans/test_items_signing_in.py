"""At the step of a register it is asked, a record at a time, how one signs in; until somebody told it of each."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from core import clock, db
from plans.items.signing_in import ITEMS
from plans.models import Asset, AssetKind, SecondStep
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, page

CLOUD = "inventory.cloud-services"
AT = "/signing-in?path=on"
ASKS = "Signing in to "
Row = tuple[UUID, int]


def services(scope_of: ScopeOf, cast: Cast, *names: str) -> list[Row]:
    with scope_of(cast.bakery):
        rows = [Asset(kind=AssetKind.CLOUD_SERVICE, name=name) for name in names]
        for row in rows:
            db.session().add(row)
            db.session().flush()
        return [(row.id, row.version) for row in rows]


def told(scope_of: ScopeOf, cast: Cast) -> dict[str, tuple[SecondStep | None, str]]:
    with scope_of(cast.bakery):
        return {one.name: (one.second_step, one.second_step_spare) for one in db.session().scalars(sa.select(Asset))}


def sent(row: Row, **more: str) -> dict[str, str]:
    return {"row_id": str(row[0]), "version": str(row[1]), **more}


def test_it_is_asked_of_accounts_that_much_depends_on() -> None:
    assert sorted(ITEMS) == ["inventory.backup-units", CLOUD, "inventory.internet"]


def test_each_record_is_asked_about_and_then_the_path_goes_on(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, step = visitor(cast.editor), page(cast.bakery, CLOUD) + "?path=on"
    assert ASKS not in browser.get(step).text, "there is nothing to sign in to yet"
    bank, mail = services(scope_of, cast, "Bank", "mail")
    shown = browser.get(step).text
    assert "Signing in to Bank" in shown
    assert "1 more record of this kind" in shown
    assert shown.count("Why do we ask this?") == 2
    spare = {"second_step": "app", "second_step_spare": "Codes in the safe"}
    answer = browser.post(page(cast.bakery, CLOUD, AT), sent(bank, **spare))
    assert answer.location == step
    assert "Signing in to mail" in browser.get(step).text
    answer = browser.post(page(cast.bakery, CLOUD, AT), sent(mail, second_step="none"))
    assert answer.location != step
    assert answer.location.endswith("?path=on")
    assert ASKS not in browser.get(step).text
    assert told(scope_of, cast) == {"Bank": (SecondStep.APP, "Codes in the safe"), "mail": (SecondStep.NONE, "")}


def test_not_knowing_keeps_nothing_and_goes_on(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    (mail,) = services(scope_of, cast, "Mail")
    answer = browser.post(page(cast.bakery, CLOUD, AT), sent(mail, second_step="", second_step_spare=" "))
    assert "The question stays open until you know." in browser.get(answer.location).text
    assert told(scope_of, cast) == {"Mail": (None, "")}


@pytest.mark.parametrize("wrong", [{"second_step": "fax"}, {"second_step": "app", "second_step_spare": "x" * 501}])
def test_what_cannot_be_kept_is_told_and_stays_on_the_page(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, wrong: dict[str, str]
) -> None:
    (mail,) = services(scope_of, cast, "Mail")
    answer = visitor(cast.editor).post(page(cast.bakery, CLOUD, AT), sent(mail, **wrong))
    assert answer.status_code == 422
    assert "Signing in to Mail" in answer.text
    assert wrong.get("second_step_spare", "") in answer.text
    assert told(scope_of, cast) == {"Mail": (None, "")}


def test_nobody_saves_over_somebody_else(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    (mail,) = services(scope_of, cast, "Mail")
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(Asset)).one().website = "https://mail.example"
    answer = browser.post(page(cast.bakery, CLOUD, AT), sent(mail, second_step="app"))
    assert answer.status_code == 422
    assert "Somebody else saved this record meanwhile." in answer.text
    assert told(scope_of, cast) == {"Mail": (None, "")}
    again = browser.post(page(cast.bakery, CLOUD, AT), sent(mail, second_step="app") | {"version": "2"})
    assert again.status_code == 302
    assert told(scope_of, cast)["Mail"][0] is SecondStep.APP


def test_what_was_told_or_put_away_meanwhile_is_left_alone(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    mail, gone = services(scope_of, cast, "Mail", "Gone")
    with scope_of(cast.bakery):
        rows = {one.name: one for one in db.session().scalars(sa.select(Asset))}
        rows["Mail"].second_step, rows["Gone"].archived_at = SecondStep.KEY, clock.now()
    for row in (mail, gone):
        assert browser.post(page(cast.bakery, CLOUD, AT), sent(row, second_step="none")).status_code == 302
    for strange in ("", "no id", "%00"):
        more = {"row_id": strange, "version": "1", "second_step": "none"}
        assert browser.post(page(cast.bakery, CLOUD, AT), more).status_code == 302
    assert browser.post(page(cast.bakery, "inventory.servers", AT), sent(mail, second_step="none")).status_code == 302
    assert told(scope_of, cast) == {"Mail": (SecondStep.KEY, ""), "Gone": (None, "")}


def test_whoever_only_reads_is_not_asked(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    (mail,) = services(scope_of, cast, "Mail")
    reader = visitor(cast.reader)
    assert ASKS not in reader.get(page(cast.bakery, CLOUD)).text
    assert reader.post(page(cast.bakery, CLOUD, AT), sent(mail, second_step="none")).status_code == 403
