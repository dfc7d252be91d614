"""Landrail stands up and runs an enterprise machine-learning platform over many AWS accounts.

The package is two houses that meet only at the AWS API. The author's house (`spec`, `guardrails`,
`resources`, `compiler`, `plan`, `aws`, `operations`, `cli`) turns one file into API calls; the
local cloud (`localaws`) answers API calls on the user's own machine. Both stand on `diagnostics`
and `policy`. `docs/architecture.md` has the floors and the rules of import.
"""

__version__ = "0.1.0"
