"""Images travel to and from the registry by the distribution API, named by digest."""

import pytest
from sagemaker_studio import ENTRYPOINT

from landrail.aws.registry import Reference, Registry
from landrail.images import File, ImageError, build, host_base


@pytest.fixture
def registry(studio):
    ecr = studio.client("ecr")
    return Registry(ecr, studio.image.split("/")[0])


@pytest.fixture
def repository(studio, unique):
    name = unique("images")
    studio.client("ecr").create_repository(repositoryName=name)
    return name


def test_what_is_pulled_is_what_was_pushed(registry, repository, studio):
    image = build(host_base(), {"a.py": File(b"1")}, [], ENTRYPOINT, {"commit": "abc"})
    uri = registry.push(image, repository, tag="first")
    assert uri.endswith(f"/{repository}@{image.digest}")
    assert registry.pull(Reference.parse(uri)) == image
    listed = studio.client("ecr").describe_images(repositoryName=repository)["imageDetails"]
    assert [(i["imageDigest"], i["imageTags"]) for i in listed] == [(image.digest, ["first"])]
    assert registry.push(image, repository) == uri


def test_one_changed_line_is_another_image(registry, repository):
    uris = [
        registry.push(build(host_base(), {"a.py": File(line)}, [], ENTRYPOINT, {}), repository)
        for line in (b"1", b"2")
    ]
    assert uris[0] != uris[1]


@pytest.mark.parametrize("mutability", ["IMMUTABLE", "MUTABLE"])
def test_a_tag_that_never_moves_keeps_its_first_image(registry, studio, unique, mutability):
    ecr, name = studio.client("ecr"), unique("images")
    ecr.create_repository(repositoryName=name, imageTagMutability=mutability)
    first, second = (
        build(host_base(), {"a.py": File(line)}, [], ENTRYPOINT, {}) for line in (b"1", b"2")
    )
    registry.push(first, name, tag="commit")
    assert registry.push(second, name, tag="commit").endswith(f"@{second.digest}")
    tagged = ecr.describe_images(repositoryName=name, imageIds=[{"imageTag": "commit"}])
    kept = first if mutability == "IMMUTABLE" else second
    assert tagged["imageDetails"][0]["imageDigest"] == kept.digest


def test_an_image_of_the_registry_is_a_base_for_another(registry, repository, studio):
    base = registry.base(Reference.parse(studio.image))
    assert base.env["PYTHONUNBUFFERED"] == "1"
    mounted = registry.mount(repository, base)
    image = build(mounted, {"more.py": File(b"1")}, [], ENTRYPOINT, {})
    uri = registry.push(image, repository)
    pulled = registry.pull(Reference.parse(uri))
    assert (
        pulled.layers[: len(base.layers)] == registry.with_content(base, studio.repository).layers
    )


def test_what_is_refused_is_said(registry, repository):
    with pytest.raises(ImageError, match="404"):
        registry.pull(Reference.parse(f"{registry.host}/{repository}:none"))
    image = build(host_base(), {"a.py": File(b"1")}, [], ENTRYPOINT, {})
    with pytest.raises(ImageError, match="refused"):
        registry.push(image, "no-such-repository")
    with pytest.raises(ImageError, match="not in the registry"):
        registry.base(Reference.parse("public.example.com/python:3.11"))
    with pytest.raises(ImageError, match="is not an image"):
        Reference.parse("no image")
