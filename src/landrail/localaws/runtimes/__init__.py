"""Processes, image layers and the host's Python: what jobs, builds and endpoints run on.

Knows nothing of AWS. `process` starts one process in its sandbox, `images` unpacks an image's
layers, `host` says what the base image `host` is on this machine.
"""
