"""Answers to handbook items: fields, seats, and what is left out with a reason."""
