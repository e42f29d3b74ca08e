"""The beneficiary deed: its versions, how each stands in law, and the conditions it asks."""
