"""Sextant: plain facts in, one explained next step out."""

__version__ = "0.1.0"
