"""From the file to what is wanted in AWS: organization, guardrail policies, stacks.

Pure: `compile_platform(document)` returns `Wanted` or raises `Mistakes`. `names` makes every
derived name, `site` says where things are, `parts` are pieces of templates, `sections` the stacks.
"""

from landrail.compiler.platform import compile_platform, diagnose, wanted_of

__all__ = ["compile_platform", "diagnose", "wanted_of"]
