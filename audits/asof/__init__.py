"""How it stood: what was judged on a day, and the rows it was judged over, kept so that the day can be told again."""
