"""What the variable parts of addresses may hold: never what a database would refuse."""

from django.urls.converters import PathConverter, StringConverter


class WordConverter(StringConverter):
    """A slug, handle or key: letters, digits and marks of any script, hyphens and underscores."""

    # Whatever is not ASCII passes, because `re` has no class for combining marks.
    regex = r"[-\w\u0080-\U0010ffff]+"


class NameConverter(PathConverter):
    """The name of a file, with slashes, but without control characters."""

    regex = r"[^\x00-\x1f]+"
