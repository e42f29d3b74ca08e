"""The sweep: who waits to be judged, judging them, and the ledger of what was found."""
