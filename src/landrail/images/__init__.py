"""Container images without a daemon: a base, a layer of wheels, a layer of code, byte for byte.

The same inputs give the same digest on any machine: no clock, no user, no order of a folder goes
in. Nothing here speaks to a registry (`landrail.aws.registry` does) and nothing runs an image; of a
package index, `needs` alone asks.
"""

from landrail.images.build import SITE_FOLDER, build
from landrail.images.files import File, below, read_folder
from landrail.images.host import host_base, installed
from landrail.images.image import Base, Descriptor, Image, ImageError, Layer
from landrail.images.needs import fetch, for_image, parsed, unmet

__all__ = [
    "SITE_FOLDER",
    "Base",
    "Descriptor",
    "File",
    "Image",
    "ImageError",
    "Layer",
    "below",
    "build",
    "fetch",
    "for_image",
    "host_base",
    "installed",
    "parsed",
    "read_folder",
    "unmet",
]
