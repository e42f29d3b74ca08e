"""The sections of a paper, each a function of the material."""
