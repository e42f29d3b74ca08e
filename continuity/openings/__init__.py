"""Opening a sealed delivery: asked with a purpose, allowed, and done by two officers one after the other."""
