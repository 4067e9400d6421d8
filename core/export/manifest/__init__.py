"""The manifest: what a comparison was made of, as JSON, and the way back from it to the same comparison."""

from core.export.manifest.reading import read_manifest
from core.export.manifest.records import Manifest
from core.export.manifest.reproducing import Reproduction, check, reproduce
from core.export.manifest.writing import manifest_of, to_json

__all__ = ["Manifest", "Reproduction", "check", "manifest_of", "read_manifest", "reproduce", "to_json"]
