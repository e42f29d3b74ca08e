"""The end of a scheme on which clients rely: announced, with notice, told to them, and confirmed by the foundation."""
