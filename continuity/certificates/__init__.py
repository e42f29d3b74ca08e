"""Public certificates: a page, a badge and a PDF that tell whether a client is covered at the moment of asking."""
