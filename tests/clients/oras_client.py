"""Pushes and pulls with ORAS, a client of OCI registries; run by the Python that it is installed
for: `push REGISTRY/NAME:TAG FILE`, `pull REGISTRY/NAME@DIGEST FOLDER`, the password in
ORAS_PASSWORD."""

import os
import sys

from oras.client import OrasClient


def main() -> None:
    verb, target, place = sys.argv[1:]
    registry = target.partition("/")[0]
    client = OrasClient(hostname=registry, insecure=True, auth_backend="basic")
    client.auth.set_basic_auth("AWS", os.environ["ORAS_PASSWORD"])
    if verb == "push":
        client.push(target=target, files=[place], disable_path_validation=True)
    else:
        client.pull(target=target, outdir=place)


main()
