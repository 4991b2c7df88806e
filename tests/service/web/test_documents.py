"""The documents of the index over HTTP: listed by page, filtered, read."""

from collections.abc import Iterator

import httpx
import pytest

from service.web.app import create_app
from tests.service.web.making import served


@pytest.fixture(scope="module")
def client(seeds_engine) -> Iterator[httpx.Client]:
    with served(create_app(seeds_engine)) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


def test_every_document_is_listed_as_the_index_holds_it(client, seeds_engine):
    listed = client.get("/documents").json()
    corpus = seeds_engine.index.corpus
    assert (listed["index"], listed["total"], listed["offset"], listed["next"]) == ("gen-000001", 5, 0, None)
    for item, stored in zip(listed["documents"], corpus.documents(), strict=True):
        assert (item["id"], item["path"], item["sha256"]) == (stored.id, stored.path, stored.sha256)
        assert item["passages"] == len(corpus.passages(stored.number)) > 0
        whole = client.get(f"/documents/{item['id']}").json()
        assert {name: whole[name] for name in item if name != "passages"} == {
            name: value for name, value in item.items() if name != "passages"
        }
    assert any(item["author"] and item["publication"] and item["date"] for item in listed["documents"])


def test_pages_put_together_are_the_whole(client):
    whole = client.get("/documents").json()["documents"]
    pages, offset = [], 0
    while offset is not None:
        page = client.get("/documents", params={"offset": offset, "limit": 2}).json()
        assert len(page["documents"]) <= 2
        pages += page["documents"]
        offset = page["next"]
    assert pages == whole
    assert client.get("/documents", params={"offset": 99}).json()["documents"] == []


def test_filters_are_those_of_questions(client):
    whole = client.get("/documents").json()["documents"]

    def listed(**params) -> list[str]:
        return [item["path"] for item in client.get("/documents", params=params).json()["documents"]]

    assert listed(source="003_") == [item["path"] for item in whole if item["path"].startswith("003_")]
    assert len(listed(source=["003_", whole[0]["id"]])) == 2
    since = sorted(item["date"] for item in whole if item["date"])[-1]
    assert listed(since=since) == [item["path"] for item in whole if (item["date"] or "") >= since]
    assert listed(since="2199") == []


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"source": "nulle part"}, "nulle part"),
        ({"since": "hier"}, "AAAA"),
        ({"limit": 0}, "au moins 1"),
        ({"limit": 501}, "au plus 500"),
        ({"offset": -1}, "au moins 0"),
        ({"source": ""}, "au moins 1 caractère"),
    ],
)
def test_what_cannot_be_listed_is_a_problem(client, params, said):
    response = client.get("/documents", params=params)
    assert response.status_code == 422
    data = response.json()
    assert said in " ".join([data["detail"], *data.get("errors", [])])
