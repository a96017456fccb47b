"""What the variable parts of addresses may hold: never what a database would refuse."""

from django.urls.converters import PathConverter, StringConverter


class WordConverter(StringConverter):
    """A slug, handle or key: letters of any script, digits, hyphens and underscores."""

    regex = r"[-\w]+"


class NameConverter(PathConverter):
    """The name of a file, with slashes, but without control characters."""

    regex = r"[^\x00-\x1f]+"
