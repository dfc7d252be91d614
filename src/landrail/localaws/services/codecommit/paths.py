"""Paths inside a repository, as requests name them."""

from __future__ import annotations

from landrail.localaws.api import ApiError


def path_of(given: object) -> str:
    """Return a path without the slashes around it; raises InvalidPathException for one that git
    would not take."""
    found = str(given).strip("/")
    parts = found.split("/")
    if "\0" in found or any(one in ("", ".", "..") or one.lower() == ".git" for one in parts):
        raise ApiError("InvalidPathException", f"The path {given} is not valid")
    return found
