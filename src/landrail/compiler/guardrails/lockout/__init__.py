"""Guardrails that would lock out the platform itself are refused before anything is sent.

`machines` reads off the compiled templates which roles are machines' and what each must be able to
do, `requests` says what pipelines ask for in full, `deciding` which of it the packed policies are
sure to deny, `check` what is wrong in the user's words.
"""
