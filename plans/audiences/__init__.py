"""Audiences of one's own beside staff, customers and media, and who informs them."""
