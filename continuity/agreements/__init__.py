"""The contracts of the scheme and their files."""
