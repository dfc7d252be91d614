"""Base and project to an image: one layer of wheels, one of code, a config and a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landrail.images.files import File, below
from landrail.images.image import FAMILIES, Base, Descriptor, Image, canonical, digest_of
from landrail.images.layers import layer
from landrail.images.wheels import unpack

PROGRAM = "/opt/program"
SITE_FOLDER = "site"
SITE = f"{PROGRAM}/{SITE_FOLDER}"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def build(
    base: Base,
    files: Mapping[str, File],
    wheels: Sequence[bytes],
    entrypoint: Sequence[str],
    labels: Mapping[str, str],
) -> Image:
    """Return the image of a project: `files` below `/opt/program`, wheels importable below
    `/opt/program/site`.

    The wheels have a layer of their own, below the code's: they change less often. Raises
    ImageError for a path that leaves the image or a damaged wheel.
    """
    config_type, layer_type = FAMILIES[base.manifest_type]
    layers = list(base.layers)
    if wheels:
        layers.append(layer(below(SITE.lstrip("/"), unpack(wheels)), layer_type))
    if files:
        layers.append(layer(below(PROGRAM.lstrip("/"), files), layer_type))
    diff_ids = [item.diff_id for item in layers]
    config = canonical(
        {
            "architecture": base.architecture,
            "os": base.system,
            "config": {
                "Env": [f"{name}={value}" for name, value in sorted(_env(base).items())],
                "Entrypoint": list(entrypoint),
                "WorkingDir": PROGRAM,
                "Labels": {**base.labels, **labels},
                **({"User": base.user} if base.user else {}),
            },
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        }
    )
    manifest = canonical(
        {
            "schemaVersion": 2,
            "mediaType": base.manifest_type,
            "config": Descriptor(config_type, digest_of(config), len(config)).to_json(),
            "layers": [item.descriptor.to_json() for item in layers],
        }
    )
    return Image(manifest, base.manifest_type, config, tuple(layers))


def _env(base: Base) -> dict[str, str]:
    inherited = {
        name: [part for part in base.env.get(name, "").split(":") if part]
        for name in ("PATH", "PYTHONPATH")
    }
    return {
        **base.env,
        "PATH": ":".join([f"{SITE}/bin", *(inherited["PATH"] or _PATH.split(":"))]),
        "PYTHONPATH": ":".join([PROGRAM, SITE, *inherited["PYTHONPATH"]]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
