"""Reports of tests and coverage: groups, what builds put into them, and what is told of them."""
