"""Versions of the plan: draft, in review, approved, in use, superseded; what differs between two; taking back."""
