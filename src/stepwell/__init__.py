"""Stepwell: a classroom that its owner owns."""

__version__ = "0.1.0"
