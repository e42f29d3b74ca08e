"""Signing in at the provider of one's own organisation, by OpenID Connect."""
