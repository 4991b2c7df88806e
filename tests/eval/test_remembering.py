from eval.remembering import RememberingEmbedder, RememberingReader
from indexer.resources import resource
from service.reader import PassageText, Reader

PASSAGES = [
    PassageText("Le castor", text, ((0, len(text)),)) for text in ("Le castor vit en famille.", "Il a plu hier.")
]


class Counted:
    """The bundled reader, and how many passages it was given."""

    def __init__(self) -> None:
        self._reader = Reader(resource("models") / "reader", 1)
        self.name = self._reader.name
        self.given = 0

    def read(self, question, passages, deadline=None):
        self.given += len(passages)
        return self._reader.read(question, passages, deadline)


def test_no_passage_is_read_twice_with_the_same_question():
    counted = Counted()
    reader = RememberingReader(counted)
    first = reader.read("Où vit le castor ?", PASSAGES)
    assert reader.read("Où vit le castor ?", PASSAGES[::-1]) == first[::-1]
    assert counted.given == 2
    assert reader.read("A-t-il plu ?", PASSAGES) != first
    assert counted.given == 4


def test_what_was_not_read_in_time_ends_the_list():
    reader = RememberingReader(Counted())
    assert len(reader.read("Où vit le castor ?", PASSAGES, deadline=0.0)) == 1
    assert len(reader.read("Où vit le castor ?", PASSAGES)) == 2


def test_no_text_is_embedded_twice(counting):
    embedder = RememberingEmbedder(counting)
    first = embedder.embed_passages(["un", "deux", "un"])
    assert first.shape == (3, embedder.dimension)
    assert (embedder.embed_passages(["deux", "un"]) == first[[1, 0]]).all()
    assert counting.asked == ["un", "deux"]
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
