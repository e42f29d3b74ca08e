"""The cockpit of a reseller: all its clients on one page, worst first, from what was judged and kept."""
