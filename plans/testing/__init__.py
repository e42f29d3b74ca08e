"""Results of the yearly tests."""
