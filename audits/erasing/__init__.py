"""Erasing a person from an organisation's registers, its findings and its trail."""
