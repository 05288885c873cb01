"""Addresses by family of pages: every module here lists its own `urlpatterns`."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class CodeConverter(StringConverter):
    """A unit's code or a person's id as one step of an address, whatever signs a city put into it."""

    def to_url(self, value: str) -> str:
        """Write the signs that would make another address of it."""
        safe = value.replace("~", "~7E").replace("/", "~2F")
        return safe if safe.strip(".") else safe.replace(".", "~2E")

    def to_python(self, value: str) -> str:
        """Read them back."""
        return value.replace("~2E", ".").replace("~2F", "/").replace("~7E", "~")


register_converter(CodeConverter, "code")
