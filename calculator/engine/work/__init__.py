"""What is due for work: pay rules, the jobs they are for, stretches of work, claims."""
