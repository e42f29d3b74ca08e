"""Judging: what a judgement is, and facts, rules and a day turned into judgements."""
