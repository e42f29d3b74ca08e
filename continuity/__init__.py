"""What is promised: schemes, agreements, deeds and handovers."""
