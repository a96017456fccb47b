"""Addresses, in every script."""

import sys
from unicodedata import category

import pytest
from django.core.exceptions import ValidationError

from stepwell.core.markdown.anchors import slug_of
from stepwell.core.slugs import free_slug, require_slug, slugify

NOTHING = {"Cn", "Co", "Cs"}  # not assigned, for private use, halves of other characters
SLUGS = {
    "Bread & Butter": "bread-butter",
    "Über Brot": "über-brot",
    "ภาษาไทยเบื้องต้น": "ภาษาไทยเบื้องต้น",
    "น้ำ": "น้ำ",  # keyboards write its last vowel as one character
    "हिन्दी भाषा": "हिन्दी-भाषा",
    "தமிழ் மொழி": "தமிழ்-மொழி",
    "ພາສາລາວ ນ້ຳ": "ພາສາລາວ-ນ້ຳ",
    "עִבְרִית": "עִבְרִית",
    "Ｐｙｔｈｏｎ　３": "python-3",
    "❤️ Hearts": "hearts",
    "1️⃣ One": "1-one",
    "  --a__b--  ": "a__b",
    "e\u0301te\u0301": "été",
    "\u0301": "",
    "Ta\u034fo\ufe0f \u3164Te": "tao-te",
    "\u115f": "",
    "Word \u0301x": "word-x",
    "བོད་ཡིག་": "བོད་ཡིག",
}


@pytest.mark.parametrize(("title", "slug"), SLUGS.items(), ids=list(SLUGS.values()))
def test_slug_of_a_title(title: str, slug: str) -> None:
    assert slugify(title) == slug
    assert slugify(slug) == slug


def test_slug_that_was_typed_is_taken_as_it_is() -> None:
    require_slug("ภาษาไทยเบื้องต้น")

    with pytest.raises(ValidationError, match="small letters"):
        require_slug("Bread & Butter")


@pytest.mark.parametrize("around", ["%s", "%sa", "a%s", "a%s\u0301"])
def test_slug_of_any_character_may_be_typed(around: str) -> None:
    assigned = (sign for sign in map(chr, range(sys.maxunicode)) if category(sign) not in NOTHING)
    for sign in assigned:
        require_slug(slugify(around % sign))


def test_title_without_any_letter_gets_the_fallback() -> None:
    assert free_slug("❤️", is_taken=lambda _slug: False, fallback="lesson") == "lesson"


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("บทที่ ๑: เริ่ม", "บทที่-๑-เริ่ม"),
        ("हिन्दी!", "हिन्दी"),
        ("What’s new?", "whats-new"),
        ("⚙️ Set up", "-set-up"),
    ],
)
def test_anchor_of_a_heading(title: str, anchor: str) -> None:
    assert slug_of(title) == anchor
