"""What arrives and leaves by HTTP: heads, hosts, bodies, chunks and checksums.

Nothing here knows accounts or policies.
"""
