"""Registering a service under the scheme, and what is known of it besides contracts, clients and handovers."""
