"""Copies of the back-up as records, and who saw them when."""
