"""The pipelines of a model as people run them: start, look, stop, retry, approve, roll back.

What happens inside a build is `operations.model`; here are only calls that a person may make.
"""
