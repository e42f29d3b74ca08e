"""The plan at work, in a calamity or an exercise: what was frozen of it, what happens, and how it went."""
