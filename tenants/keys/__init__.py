"""Keys of what is sealed: those of the data, new ones in their place, and the commands for both."""
