"""Grants: what a client lets the staff of its reseller do, and which clients a reseller has."""
