import pytest

from stepwell.transfer.dialects.javascript import Literal, NotLiteralError, parse_literal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a"', "a"),
        ("'it\\'s'", "it's"),
        ("`line\n${x}`", "line\n${x}"),
        (r'"\n\t\u00e9\x41\u{1F917}\q"', "\n\té" + "A🤗q"),
        ("-1.5", -1.5),
        ("[]", []),
        ("[1, 2,]", [1.0, 2.0]),
        ("[true, false, null, undefined]", [True, False, None, None]),
        ("{}", {}),
        ('{a: "x", "b c": [ {d: 1} ],}', {"a": "x", "b c": [{"d": 1.0}]}),
        ("[ // why\n 1 /* not */ ]", [1.0]),
    ],
)
def test_a_literal_is_read(text: str, value: Literal) -> None:
    assert parse_literal(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "f()",
        "[1 2]",
        "{a 1}",
        "{a: 1",
        "[1",
        '"open',
        '"a" + "b"',
        "[" * 50,
        "1 1",
        "{1: 2}",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotLiteralError):
        parse_literal(text)


def test_half_a_surrogate_is_replaced() -> None:
    assert parse_literal(r'"\ud83e"') == "�"
