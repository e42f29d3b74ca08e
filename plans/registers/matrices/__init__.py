"""Which department uses which system, and needs which data set: two tables of the same shape."""
