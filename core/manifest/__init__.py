"""The manifest: what a comparison was made of, as JSON, and the way back from it to the same comparison."""

from core.manifest.reading import read_manifest
from core.manifest.records import Manifest
from core.manifest.reproducing import Reproduction, check, reproduce
from core.manifest.writing import manifest_of, to_json

__all__ = ["Manifest", "Reproduction", "check", "manifest_of", "read_manifest", "reproduce", "to_json"]
