"""Keys of a foundation's officers: made in their browsers, proved to be theirs, compared by suppliers."""
