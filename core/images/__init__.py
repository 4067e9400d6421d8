"""Bytes, an address or a sample's name to a Picture."""

from core.images.decode import decode_image
from core.images.fetch import fetch_image
from core.images.samples import GALLERY, SAMPLES, Sample, load_sample

__all__ = ["GALLERY", "SAMPLES", "Sample", "decode_image", "fetch_image", "load_sample"]
