"""The demo county: a year of invented returns to try the system on, made from a seed."""

from diaodu.adapters.demo_county.make import make_demo

__all__ = ["make_demo"]
