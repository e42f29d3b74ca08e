"""Measurements: each module here is one, and has a `main()` that prints what it found."""
