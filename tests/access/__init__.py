"""Everybody against every route: who gets in, and what they learn."""
