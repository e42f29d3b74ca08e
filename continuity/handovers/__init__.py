"""What the foundation must always hold: items, deliveries, and what makes them stale."""
