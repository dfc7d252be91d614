"""`landrail model step build`: a commit becomes a tested wheel and an image by digest."""

from __future__ import annotations

import tempfile
from pathlib import Path

import landrail
from landrail.aws.builds import BuildSession
from landrail.aws.packages import publish_wheel
from landrail.aws.registry import Reference, Registry
from landrail.diagnostics import Failure
from landrail.images import (
    SITE_FOLDER,
    Base,
    File,
    ImageError,
    below,
    build,
    host_base,
    read_folder,
)
from landrail.operations.model.artifacts import Build, write_build
from landrail.operations.model.dependencies import check_on_host, fetch_wheels
from landrail.operations.model.recipe import Recipe, read_recipe
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.shelves import BUILDS, keep
from landrail.operations.model.wheels import build_wheel, run_tests

HOST = "host"


def build_model(settings: Settings, session: BuildSession, repository: Path) -> Build:
    """Test the checked-out repository, publish its wheel, push its image; leave `build.json`."""
    recipe = read_recipe(repository)
    if settings[Variable.BASE_IMAGE] == HOST:
        check_on_host(recipe)
    commit = settings[Variable.COMMIT]
    run_tests(repository)
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(repository, recipe, commit, Path(folder))
        publish_wheel(
            session,
            wheel,
            domain=settings[Variable.CODEARTIFACT_DOMAIN],
            owner=settings[Variable.CODEARTIFACT_OWNER],
            repository=settings[Variable.CODEARTIFACT_REPOSITORY],
        )
        image = push_image(settings, session, recipe, commit, wheel)
    made = Build(
        model=settings[Variable.MODEL],
        commit=commit,
        image=image,
        digest=image.partition("@")[2],
        package=wheel.name,
        entrypoint=recipe.entrypoint,
        data=recipe.data,
        hyperparameters=recipe.hyperparameters,
        instance_type=recipe.instance_type,
        batch=recipe.batch,
        serving="landrail" in recipe.requires,
        card=recipe.card,
    )
    write_build(made)
    keep(settings, session, BUILDS, commit)
    return made


def push_image(
    settings: Settings, session: BuildSession, recipe: Recipe, commit: str, wheel: Path
) -> str:
    """Build the image on its base and push it; return its URI by digest."""
    repository = Reference.parse(settings[Variable.IMAGE_REPOSITORY])
    registry = Registry(session.client("ecr"), repository.host)
    base = _base(settings[Variable.BASE_IMAGE], registry, repository)
    with tempfile.TemporaryDirectory() as folder:
        wheels = [wheel]
        if settings[Variable.BASE_IMAGE] != HOST:
            wheels += fetch_wheels(settings, session, recipe, base, Path(folder))
        packed = [one.read_bytes() for one in wheels]
    image = build(
        base,
        files=_server(recipe),
        wheels=packed,
        entrypoint=recipe.entrypoint,
        labels={
            "org.opencontainers.image.revision": commit,
            "org.opencontainers.image.title": recipe.name,
        },
    )
    try:
        return registry.push(image, repository.name, tag=commit)
    except ImageError as error:
        raise Failure(f"the image cannot be pushed: {error}") from error


def _server(recipe: Recipe) -> dict[str, File]:
    """Return `landrail.serving` where the project asks for Landrail: that of the Landrail that
    builds, and nothing else of it. What serves is then part of the image, like all that runs."""
    if "landrail" not in recipe.requires:
        return {}
    package = Path(landrail.__file__).parent
    files = {
        "__init__.py": File((package / "__init__.py").read_bytes()),
        **below("serving", read_folder(package / "serving")),
    }
    return below(f"{SITE_FOLDER}/landrail", files)


def _base(name: str, registry: Registry, repository: Reference) -> Base:
    if name == HOST:
        return host_base()
    return registry.mount(repository.name, registry.base(Reference.parse(name)))
