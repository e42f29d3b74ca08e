"""If it happened today: what lapses before the period of continuity ends, also in the registers of the plan."""
