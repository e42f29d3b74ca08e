"""Findings as people read them: lists, sentences, where to mend."""
