"""Spreadsheets as plain cells: what comes in by upload, what goes out by download."""
