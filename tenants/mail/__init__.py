"""Mail to people: the letters, whom none reaches, and the command that takes in what came back."""
