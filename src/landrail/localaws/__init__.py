"""The local AWS: a house of its own that answers AWS API calls on the user's machine.

Every call is authenticated, authorized by `landrail.policy` and put on the trail before a service
sees it. Nothing of the author's house is imported here and nobody imports this package: it is
started as `python -m landrail.localaws` and spoken to over HTTP.
"""
