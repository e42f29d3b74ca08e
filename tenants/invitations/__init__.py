"""Invitations: how somebody who stands outside comes to belong to an organisation, or to audit it."""
