"""Sealed deliveries: made in the supplier's browser, opened by two officers together, never read here."""
