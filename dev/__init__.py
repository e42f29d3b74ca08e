"""Run, test and build Waarborg on a machine that has nothing but Python 3.11."""
