"""What guardrails in `monitor` would have denied, told from the trail.

`records` reads CloudTrail's records as requests, with what is known of them and what is not;
`deciding` decides them by the guardrail's statements in three values; `run` asks every account's
event history and counts. What cannot be decided is said, and why.
"""
