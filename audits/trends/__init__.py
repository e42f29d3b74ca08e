"""Trends: findings over time, how old they are, how long mending takes and what lapses when, as pictures and tables."""
