"""A reseller's clients: invited one list at a time, each of which decides for itself."""
