"""The trail as people read it: a page with filters, and a workbook. How it is written and kept: tenants/trail."""
