"""Everything in a folder that no lesson needed: nothing is left out in silence."""

import posixpath
from collections import defaultdict
from collections.abc import Collection

from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.folder import SourceFolder

MARKDOWN = (".md", ".mdx", ".markdown")
NAMED = 8


def left_out(folder: SourceFolder, taken: Collection[str]) -> list[Finding]:
    """Return a finding for each page, and one for each folder of files, that was not taken."""
    findings = []
    others: dict[str, list[str]] = defaultdict(list)
    for path in folder.files:
        if path in taken:
            continue
        if path.lower().endswith(MARKDOWN):
            findings.append(Finding(FindingKind.PAGE_LEFT_OUT, path))
        else:
            others[posixpath.dirname(path) or "."].append(posixpath.basename(path))
    return findings + [
        Finding(FindingKind.FILE_LEFT_OUT, place, None, _listed(names))
        for place, names in others.items()
    ]


def _listed(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" … (+{more})" if more > 0 else "")
