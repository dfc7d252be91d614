"""The audit: what is in every account, held against the guardrails that are in force there.

`scope` says what is looked at and by which rules, `gathering` reads it into Parquet files,
`judging` runs the rules over them, `trend` compares with the last time, `run` does all of it.
"""
