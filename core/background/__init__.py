"""Work that nobody waits for: jobs at their times, due work as rows, batches and workers."""
