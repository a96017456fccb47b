"""Characters that no text should hold."""

import re

# Tabs, line ends and form feeds are mere space; half a surrogate pair is no character at all.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def without_control_characters(text: str) -> str:
    """Return a text that can be stored, exported and imported again.

    A vertical tab, which word processors paste for a line break, becomes one.
    """
    return CONTROL.sub("", text.replace("\x0b", "\n"))
