"""The square of a document that leads whoever scans it to a page."""

from io import BytesIO

from flask_babel import gettext as _


def square(address: str, text: str) -> dict[str, str]:
    """Return the QR code of `address` as a template of paper/ takes it, with the words beside it."""
    import segno  # not at the start: only papers need it

    drawn = BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None)
    return {
        "svg": drawn.getvalue().decode(),
        "alt": _("QR code with the address %(address)s", address=address),
        "text": text,
    }
