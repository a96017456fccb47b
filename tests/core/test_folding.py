"""Folding of text that is searched and sorted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.core.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Über", "uber"),
        ("U\u0308BER", "uber"),
        ("Физика", "физика"),
        ("ЙОД", "йод"),
        ("Ёлка", "елка"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("İstanbul", "istanbul"),
        ("Işık", "isik"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ｆｕｌｌ", "full"),
        ("हिन्दी", "हिन्दी"),
        ("ภาษาไทย", "ภาษาไทย"),
    ],
)
def test_text_is_folded_as_people_search_it(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
