"""Signing in: passwords, second factors, how often one may try, and what a person sees of it."""
