"""Reminders: what lapses, told in time and once, in one mail a person."""
