"""Starters: what a firm of a branch usually has, to be kept, changed or dropped."""
