"""Take back what was changed in the registers: each change is kept for a month with what stood there before."""
