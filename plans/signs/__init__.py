"""The signs by which those who decide know that the plan holds now."""
