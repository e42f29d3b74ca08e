"""Grants of clients to their reseller, the cockpit, and inviting a list of clients."""
