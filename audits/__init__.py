"""What is judged: facts and rules in, findings, expiries and workbooks out."""
