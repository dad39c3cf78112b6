"""Where each number and each sentence of advice was read."""

from sextant.evidence.sources import Source, UnknownSourceError, source, sources

__all__ = ["Source", "UnknownSourceError", "source", "sources"]
