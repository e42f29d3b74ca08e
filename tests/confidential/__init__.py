"""What is kept encrypted, under which keys, and that nothing of it stands anywhere in the clear."""
