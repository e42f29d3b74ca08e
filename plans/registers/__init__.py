"""Registers: people, parties, departments, systems, data sets and the inventory, described as data."""
