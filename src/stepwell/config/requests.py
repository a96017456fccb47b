"""Read requests as UTF-8."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest


class Utf8Request(WSGIRequest):
    """A request in UTF-8, whatever encoding its `Content-Type` names.

    Django decodes the query by that name before any middleware runs. It fails where the codec
    yields no text, as "hex" and "idna" do, and lets through halves of characters with UTF-7.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        try:
            super().__init__(environ)
        except ValueError:  # from a parameter in an encoding that doesn't exist
            super().__init__(environ | {"CONTENT_TYPE": ""})

    @property
    def encoding(self) -> str:
        return "utf-8"

    @encoding.setter
    def encoding(self, named: str | None) -> None:
        """Ignore the name."""

    def parse_file_upload(self, META: Any, post_data: Any) -> Any:  # noqa: N803  Django's name
        """Refuse a form that says it is written otherwise."""
        named = (self.content_params or {}).get("charset", "utf-8")
        if named.lower().replace("_", "-") not in {"utf-8", "utf8"}:
            raise BadRequest("The form is not in UTF-8")
        return super().parse_file_upload(META, post_data)
