"""The page on which an owner connects the organisation's own sign-in page."""

import structlog
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from tenants import links
from tenants.door import needs, standing
from tenants.errors import AccountError
from tenants.oidc import protocol, services
from tenants.oidc.forms import ProviderForm
from tenants.oidc.protocol import ProviderError
from tenants.oidc.views import outside, without_database
from tenants.permissions import Permission

log = structlog.get_logger("sign_on")
bp = Blueprint("sign_on", __name__, url_prefix="/o/<slug>/sign-on")


@bp.route("/", methods=["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def settings() -> ResponseReturnValue:
    """Show and change the provider of the organisation."""
    form = ProviderForm(obj=services.provider_here())
    if form.validate_on_submit():
        try:
            with without_database(writes=True):
                protocol.discover(form.values().issuer, outside())
            services.save_provider(form.values(), standing().tenant_id)
        except ProviderError as error:
            log.warning("sign-on provider refused", reason=str(error))
            form.issuer.errors = [_("This provider cannot be reached, or says something else about itself.")]
        except AccountError as error:
            form[error.field].errors = [str(error.text)]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".settings"))
    found = services.provider_here()
    page = render_template(
        "sign_on/settings.html",
        form=form,
        provider=found,
        proved=found is not None and services.proved_domain(standing().tenant_id) == found.domain,
        path=services.PROOF_PATH,
        redirect_uri=links.address("oidc.back"),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/prove")
@needs(Permission.PEOPLE_EDIT)
def prove() -> ResponseReturnValue:
    """Read the file on the domain and note that the domain is the organisation's."""
    found = services.provider_here()
    if found is None:
        return redirect(url_for(".settings"))
    domain = found.domain
    with without_database(writes=True):
        shown = services.read_proof(domain, outside())
    try:
        services.prove_domain(domain, shown, at=clock.now())
    except AccountError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("The domain is yours. People can sign in with your organisation now."), "success")
    return redirect(url_for(".settings"))


@bp.post("/remove")
@needs(Permission.PEOPLE_EDIT)
def remove() -> ResponseReturnValue:
    """Forget the provider."""
    services.remove_provider(standing().tenant_id)
    flash(_("Nobody signs in with your organisation any more. Everybody uses a password or passkey."), "success")
    return redirect(url_for(".settings"))
