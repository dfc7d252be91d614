"""The one way into the local AWS: HTTP and in process, authenticated, authorized, recorded.

`server` puts it together; `app` reads requests, `gate` is where every call passes.
"""
