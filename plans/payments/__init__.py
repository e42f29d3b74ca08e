"""The six agreements about payments as one whole: what was agreed, drafts to adapt, and who approved it."""
