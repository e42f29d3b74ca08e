"""Upkeep: changes in the business, published versions, and intervals."""
