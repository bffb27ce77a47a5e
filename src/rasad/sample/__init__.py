"""The sample city (نمونه‌شهر): invented files in the shape and the mess of real ones. Everything in it is fiction."""

from rasad.sample.generate import generate

__all__ = ["generate"]
