"""The guided path: every item in the order in which somebody without IT knowledge fills a plan in best."""
