"""The packages that a project depends on, in its image: a build fails on what is not there, and no
job has to find out."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from packaging.requirements import Requirement

from landrail.aws.builds import BuildSession
from landrail.aws.packages import index_of
from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.images import Base, ImageError, fetch, for_image, installed, parsed, unmet
from landrail.operations.model.recipe import Recipe
from landrail.operations.model.settings import Settings, Variable


def check_on_host(recipe: Recipe) -> None:
    """Raise Mistakes with every requirement that this machine does not meet: an image on the base
    `host` has the machine's packages and no others."""
    here = installed()
    found = []
    for one, version in unmet(_read(recipe), here):
        near = nearest(one.name, list(here))
        if version is not None:
            found.append(
                Diagnostic(
                    f"`{one}` is not met: {one.name} {version} is installed",
                    "the local AWS runs images on this machine's packages: ask for that one, or "
                    "install another",
                )
            )
        else:
            hint = f"did you mean `{near}`? " if near else ""
            found.append(
                Diagnostic(
                    f"`{one}` is not installed",
                    f"{hint}the local AWS runs images on this machine's packages: install it there "
                    "and begin anew",
                )
            )
    if found:
        raise Mistakes(found)


def fetch_wheels(
    settings: Settings, session: BuildSession, recipe: Recipe, base: Base, into: Path
) -> list[Path]:
    """Fetch the wheels of a project's dependencies from the platform's package repository; raises
    Mistakes with the words of what is not there."""
    asked = for_image(_read(recipe))
    repository = settings[Variable.CODEARTIFACT_REPOSITORY]
    url, token = index_of(
        session,
        domain=settings[Variable.CODEARTIFACT_DOMAIN],
        owner=settings[Variable.CODEARTIFACT_OWNER],
        repository=repository,
    )
    parts = urlsplit(url)
    host = f"aws:{token}@{parts.netloc}"
    index = urlunsplit((parts.scheme, host, f"{parts.path}simple/", "", ""))
    try:
        return fetch(asked, base, index, into)
    except ImageError as error:
        raise Mistakes(
            [
                Diagnostic(
                    f"the image's packages cannot be fetched from `{repository}`: {error}",
                    f"publish their wheels there: {', '.join(asked)}",
                )
            ]
        ) from error


def _read(recipe: Recipe) -> list[Requirement]:
    """Return the project's requirements; raises Mistakes for texts that are none."""
    read = {text: parsed(text) for text in recipe.dependencies}
    wrong = [text for text, one in read.items() if one is None]
    if wrong:
        raise Mistakes(
            [
                Diagnostic(f"`{text}` is no requirement of a package", 'as in `"numpy>=2"`')
                for text in wrong
            ]
        )
    return [one for one in read.values() if one is not None]
