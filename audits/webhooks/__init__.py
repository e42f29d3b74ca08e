"""Telling other programs what the audit found: signed, once in effect, and given up only after days."""
