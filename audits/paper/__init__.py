"""The plan on paper and the offline kit: what lies in a drawer when nothing else works."""
