"""Bring a spreadsheet in: upload, columns, preview, apply. Every step can be left and taken up again."""
