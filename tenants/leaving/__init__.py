"""Leaving: an organisation closes its door behind itself, at once and for everybody."""
