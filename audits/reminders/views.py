"""Pages about reminders: behind the link in a mail, and a person's own choices."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from audits.reminders import asked, calendar, queries, services, standing
from audits.reminders.forms import AnswerForm, FrequencyForm
from audits.reminders.models import HoldKind
from core import clock, db, mail
from core.calendars import MEDIA_TYPE, calendar_text
from core.i18n import Language, written_in
from tenants import links
from tenants.door import public, signed_in
from tenants.errors import AccountError
from tenants.mail import undelivered
from tenants.models import Frequency, LinkPurpose, User
from tenants.relations import Standing
from tenants.scope import close_scope

bp = Blueprint("reminders", __name__)


@bp.get("/reminders/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """Show what the person of this link was reminded of."""
    user = _recipient(token)
    return _listed(user, token) if user else links.dead_page()


@bp.post("/reminders/<token>/<uuid:reminder_id>")
@public
def answer_one(token: str, reminder_id: UUID) -> ResponseReturnValue:
    """Take the answer to one reminder."""
    user = _recipient(token)
    return _answered(user, reminder_id, token) if user else links.dead_page()


@bp.post("/account/reminders/<uuid:reminder_id>")
@signed_in
def answer_here(reminder_id: UUID) -> ResponseReturnValue:
    """Take the answer to one reminder from somebody who is signed in."""
    return _answered(db.session().get_one(User, g.me.user_id), reminder_id, "")


def _recipient(token: str) -> User | None:
    """Return whose link this is while it works."""
    link = links.find(LinkPurpose.REMINDER, token, at=clock.now())
    user = db.session().get(User, link.about) if link else None
    closed = user is None or user.disabled_at is not None or user.erased_at is not None
    return None if closed else user


def _speak(user_language: Language | None, places: Mapping[int, Standing]) -> None:
    """Write as the mail was written, unless this browser chose a language or somebody is signed in."""
    first = next((one.language for one in places.values()), None)
    chosen = user_language or first
    if chosen is not None and g.me is None and "language" not in request.cookies:
        g.language = chosen.value
        refresh()


def _listed(user: User, token: str, form: AnswerForm | None = None, wrong: UUID | None = None) -> Response:
    user_id, name, spoken, today = user.id, user.name, user.language, clock.today()
    places = standing.places_of(user_id)
    _speak(spoken, places)
    page = render_template(
        "reminders/answer.html",
        name=name,
        token=token,
        reminders=standing.open_reminders(user_id, places, today),
        form=form or AnswerForm(),
        wrong=wrong,
        today=today,
    )
    return links.quiet(make_response(page, 422 if wrong else 200))


def _answered(user: User, reminder_id: UUID, token: str) -> ResponseReturnValue:
    """Keep an answer of `user`, in the organisation whose reminder it is."""
    user_id, name, form, today = user.id, user.name, AnswerForm(), clock.today()
    places = standing.places_of(user_id)
    mine = {one.id: one for one in standing.open_reminders(user_id, places, today)}
    if reminder_id not in mine:
        abort(404)
    if form.validate_on_submit():
        place = mine[reminder_id].place
        standing.act_at(place, user_id, name)
        kind, day = HoldKind(form.kind.data), form.day.data
        assert day is not None  # the form asks for it
        try:
            for_all = place.capacity in queries.ANSWERING
            services.answer(reminder_id, kind, day, user_id, for_all=for_all, at=clock.now(), today=today)
        except AccountError as error:
            (form.kind if error.field == "kind" else form.day).errors = [str(error.text)]
        else:
            flash(_("Your answer was kept."), "success")
            where = url_for(".answer", token=token) if token else url_for(".choices")
            return links.quiet(make_response(redirect(where, 303)))
    close_scope()
    return _listed(db.session().get_one(User, user_id), token, form, reminder_id)


@bp.route("/account/reminders/", methods=["GET", "POST"])
@signed_in
def choices() -> ResponseReturnValue:
    """Show what somebody was reminded of, and let them choose how often."""
    form = FrequencyForm()
    if form.validate_on_submit():
        services.choose(g.me.user_id, Frequency(form.frequency.data))
        flash(_("From now on reminders come as you chose."), "success")
        return redirect(url_for(".choices"))
    return _choices(form, 422 if form.is_submitted() else 200)


def _choices(form: FrequencyForm, status: int = 200, calendar_link: str = "") -> Response:
    user_id, today, choice = g.me.user_id, clock.today(), queries.choice_of(g.me.user_id)
    if not form.is_submitted():
        form.frequency.data = (choice.frequency if choice else Frequency.DAILY).value
    made_at, refused = (choice.calendar_made_at if choice else None), mail.refused([g.me.email])
    places = standing.places_of(user_id)
    page = render_template(
        "reminders/choices.html",
        form=form,
        calendar_link=calendar_link,
        calendar_made_at=made_at,
        refused=refused.get(g.me.email),
        bounce_reason=undelivered.reason_of(user_id) if g.me.bounced_at else "",
        reminders=standing.open_reminders(user_id, places, today),
        answer_form=AnswerForm(formdata=None),
        told=[one for one in queries.told_to(user_id) if _may_see(places, one)],
        places=places,
        title_of=asked.title,
        today=today,
    )
    return make_response(page, status)


def _may_see(places: Mapping[int, Standing], one: queries.Told) -> bool:
    return one.tenant_id in places and queries.opens(places[one.tenant_id], one.code)


@bp.post("/account/reminders/mail-works")
@signed_in
def mail_works() -> ResponseReturnValue:
    """Take somebody's word that mail reaches them again."""
    undelivered.works_again(g.me.user_id)
    flash(_("If mail comes back again, we tell you so."), "success")
    return redirect(url_for(".choices"))


@bp.post("/account/reminders/calendar")
@signed_in
def calendar_make() -> ResponseReturnValue:
    """Make a new address for the calendar and show it, this once."""
    token = services.make_calendar(g.me.user_id, at=clock.now())
    form = FrequencyForm(formdata=None)
    return links.quiet(_choices(form, calendar_link=links.address("reminders.calendar_feed", token)))


@bp.post("/account/reminders/calendar/end")
@signed_in
def calendar_end() -> ResponseReturnValue:
    """Let nothing open the calendar any more."""
    services.end_calendar(g.me.user_id)
    flash(_("The address of the calendar opens nothing any more."), "success")
    return redirect(url_for(".choices"))


@bp.post("/account/reminders/links/end")
@signed_in
def links_end() -> ResponseReturnValue:
    """Let the links in mails of before open nothing any more."""
    links.end(LinkPurpose.REMINDER, g.me.user_id, at=clock.now())
    flash(_("The links in reminders of before open nothing any more."), "success")
    return redirect(url_for(".choices"))


@bp.get("/calendar/<token>.ics")
@public
def calendar_feed(token: str) -> ResponseReturnValue:
    """Give the calendar of whoever this address belongs to."""
    user_id, at = services.whose_calendar(token), clock.now()
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname or "localhost"
    found = calendar.events(user_id, host, clock.day_of(at)) if user_id else None
    if found is None:
        abort(404)
    language, events = found
    with written_in(language):
        text = calendar_text(_("Waarborg: what lapses"), events, at=at)
    return links.quiet(Response(text, mimetype=MEDIA_TYPE))
