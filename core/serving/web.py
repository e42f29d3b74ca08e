"""What every answer carries: security headers, a request id, an error page in the reader's language."""

from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, current_app, render_template, request, session
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from core.serving import problems
from core.serving.problems import Problem
from core.serving.request_ids import number_request, request_id
from core.settings import Environment, Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ERRORS = {
    400: (_l("This form is no longer valid"), _l("Go back, reload the page and send it once more.")),
    403: (_l("You may not do this"), _l("Your role does not include it. Ask the owner of the organisation.")),
    404: (_l("Not found"), _l("This page does not exist, or it is not yours.")),
    405: (_l("Not possible this way"), _l("This address does not accept what was sent.")),
    409: (_l("Somebody was before you"), _l("This was changed in the meantime. Look at the newest state first.")),
    410: (
        _l("No longer there"),
        _l("This was here, and was removed or ran out. Whoever gave you the address knows more."),
    ),
    413: (_l("Too large"), _l("What was sent is larger than this service accepts.")),
    415: (_l("Not readable"), _l("What was sent is of a kind this service does not read. Send it from its own page.")),
    422: (_l("Something does not fit"), _l("What was sent could not be used. Go back and look at what you filled in.")),
    429: (_l("Please wait a moment"), _l("This was tried too often just now. Try again in a quarter of an hour.")),
    500: (
        _l("Something went wrong"),
        _l(
            "The mistake is ours and has been logged. Nothing of yours was saved half. Try again in a moment; if it "
            "happens again, give the number below to whoever runs this service for you."
        ),
    ),
}

NUL = "\x00"
SIGNED = "waarborg.signed_tokens"
SIGNED_KEPT = 10_000

csrf = CSRFProtect()
log = structlog.get_logger("web")


class _Cookies(SecureCookieSessionInterface):
    """Session cookies signed as Flask signs them, by a signer that is made once: Flask makes two for each request."""

    def __init__(self) -> None:
        """Begin without a signer."""
        self._made: dict[tuple[object, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and checks under the keys of `app`, None without one."""
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in self._made:
            self._made = {keys: super().get_signing_serializer(app)}
        return self._made[keys]


def init_web(app: Flask, settings: Settings) -> None:
    """Give `app` its headers, ids, error pages and protection against forged requests."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_limit + 100_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_NAME="__Host-waarborg" if settings.https else "waarborg",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
    )
    if settings.env is Environment.PRODUCTION:
        # Whatever makes an address of the request's host would otherwise take it from a header that anybody sends.
        app.config["TRUSTED_HOSTS"] = [urlsplit(settings.base_url).hostname]
    if settings.trusted_proxies:
        # The limits on trying would otherwise count every visitor as the proxy; one too many lets a visitor choose
        # an address by a header.
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    app.session_interface = _Cookies()
    csrf.init_app(app)
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.before_request(number_request)
    app.before_request(_refuse_nul)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Problem, problems.answer)
    app.register_error_handler(Exception, _our_mistake)
    app.config["HTTPS"] = settings.https


def csrf_token() -> str:
    """Return what a form of this session shows to tell that it is ours; signed once, not at each page."""
    kept: dict[str, str] = current_app.extensions.setdefault(SIGNED, {})
    told = kept.get(session.get("csrf_token", ""))
    if told is None:
        if len(kept) >= SIGNED_KEPT:
            kept.clear()
        told = str(generate_csrf())
        kept[session["csrf_token"]] = told
    return told


def _refuse_nul() -> None:
    """Let no address with a NUL in it reach a query: PostgreSQL takes none in a text, and nothing is called so.

    Programs are told what is wrong with their arguments; a secret in an address is only ever looked up by its hash.
    """
    named = (request.view_args or {}).items()
    if any(name != "token" and isinstance(value, str) and NUL in value for name, value in named):
        abort(404)
    if not problems.for_programs() and any(NUL in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)


def local_path(target: str | None) -> str | None:
    """Return `target` when it is a path on this site, else None: nobody is sent elsewhere by a link."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or urlsplit(target).netloc:
        return None
    return target if "\\" not in target and target.isprintable() else None


def _add_headers(response: Response) -> Response:
    carried = dict(HEADERS)
    if request.endpoint != "static":
        # A page shows one person's data: no shared computer's back button may show it to the next.
        carried["Cache-Control"] = "no-store"
    if request.is_secure:
        carried["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    # What an answer says by itself stays. Asked once: werkzeug raises and catches for each header that is not there.
    said = {name.lower() for name, _value in response.headers}
    for name, value in carried.items():
        if name.lower() not in said:
            response.headers.add(name, value)
    response.headers["X-Request-Id"] = request_id()
    return response


def _error_page(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):
        # A host that is not ours: no address can be made for the links of a page.
        return "This service does not answer to this host.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}
    if problems.for_programs():
        return problems.from_http(error)
    code = 400 if isinstance(error, CSRFError) else (error.code or 500)
    headers: list[tuple[str, Any]] = [pair for pair in error.get_headers() if pair[0].lower() == "allow"]
    return _told(code), code, headers


def _our_mistake(error: Exception) -> ResponseReturnValue:
    # The rule, not the path: a path can hold the secret of a mailed link.
    log.error("request failed", path=str(request.url_rule or request.path), method=request.method, exc_info=error)
    if problems.for_programs():
        return problems.answer(Problem(500, problems.DETAILS[500]))
    return _told(500), 500


def _told(code: int) -> Response:
    """Return the error as a page, or in plain words to who takes no pages, such as a calendar."""
    title, text = ERRORS.get(code, ERRORS[500 if code >= 500 else 405])
    taken = request.accept_mimetypes
    if taken and not taken.accept_html:
        number = _("Error %(code)s, number %(number)s", code=code, number=request_id())
        return Response(f"{title}\n{text}\n{number}\n", mimetype="text/plain")
    return Response(render_template("error.html", code=code, title=title, text=text, request_id=request_id()))
