"""The stacks, one file for each concern of an account.

A section is a function from the file (and an account) to stacks. Sections know `site` and `parts`,
never each other: what they share stands in `site`.
"""
