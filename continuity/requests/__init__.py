"""Clients ask the foundation for continuity: asking, checking, granting, paying, delivering, leaving in time."""
