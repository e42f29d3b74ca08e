"""Made reports: workbooks, packs and portfolios made in the background, once or on a schedule, and kept."""
