"""The instruction to staff: what it says, its published versions, and who acknowledged which."""
