"""FHIR R4 bundles in: what they say of one patient, what was used, and what was set aside and why."""

from sextant.fhir.bundle import MAX_BYTES
from sextant.fhir.importer import Imported, SetAside, read_bundle
from sextant.fhir.refusal import BundleError, OutOfScopeError

__all__ = ["MAX_BYTES", "BundleError", "Imported", "OutOfScopeError", "SetAside", "read_bundle"]
