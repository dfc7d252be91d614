"""The demo: an airline's platform from one file to a model in production, every call real.

Nothing here is scripted to succeed: each step is what a person or a pipeline would do, signed in as
they would be, and what the demo reports it has read back from the local AWS.
"""
