from stepwell.transfer.spool import Spool


def test_texts_come_back_by_their_names() -> None:
    spool = Spool()
    texts = {("a", 1): "Größe", "b": "", ("a", 2): "x" * 10_000}
    for name, text in texts.items():
        spool.keep(name, text)

    assert {name: spool.get(name) for name in reversed(texts)} == texts
    assert spool.get("c") is None
    spool.close()
