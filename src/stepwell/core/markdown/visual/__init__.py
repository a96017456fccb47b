"""Lessons as a visual editor shows them: a document made of stored Markdown, and Markdown again.

The Markdown is the truth. A block that the document can't express is shown as it is and stays as
it was written, as does every block that nobody touches. Names of nodes are those of Tiptap.
"""

from .documents import document_of
from .inline import BadDocument
from .writing import source_of

__all__ = ["BadDocument", "document_of", "source_of"]
