"""From the guardrails that a file chooses to the policies of the organization.

`choosing` says which guardrail is in force where and how, `placing` to which OUs and accounts its
content is attached, `statements` and `packing` make policies of statements that fit the quotas,
`policies` the resources, `lockout` and `proactive` what is refused before anything is sent.
"""
