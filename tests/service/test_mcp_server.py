"""The MCP server through the SDK's own client: in process, and over streamable HTTP on a real socket."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from jsonschema import Draft202012Validator
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from indexer.build import build
from indexer.errors import ServiceExposed
from indexer.manifest import Settings
from service.engine import Engine
from service.mcp_server import PATH, create_server, http_app, run_http
from service.schema import AnswerModel
from service.serving import ServedEngine
from service.settings import ServiceSettings
from tests.conftest import write_folder
from tests.service.conftest import MODEL
from tests.service.test_markdown import harmless
from tests.service.web.making import served

PARADOX = "Qu’est-ce que le paradoxe du back-office ?"
NOTHING = "Quelle est la recette de la ratatouille niçoise ?"


def with_client(target: Any, use: Any, mode: str = "auto") -> Any:
    """The result of ``use(client)``, for a client connected to ``target``."""

    async def run() -> Any:
        async with Client(target, mode=mode) as client:
            return await use(client)

    return anyio.run(run)


def error_of(target: Any, use: Any) -> MCPError:
    """The protocol error that ``use(client)`` raises."""

    async def refused(client: Client) -> MCPError:
        with pytest.raises(MCPError) as told:
            await use(client)
        return told.value

    return with_client(target, refused)


def call(target: Any, tool: str, arguments: dict, mode: str = "auto") -> Any:
    return with_client(target, lambda client: client.call_tool(tool, arguments), mode)


@pytest.fixture(scope="module")
def server(seeds_engine) -> Any:
    return create_server(ServedEngine(seeds_engine), "fr")


@pytest.fixture(scope="module")
def address(server) -> Iterator[str]:
    with served(http_app(server)) as address:
        yield address + PATH


def test_the_tools_tell_their_shapes_and_that_they_change_nothing(server):
    tools = {tool.name: tool for tool in with_client(server, lambda client: client.list_tools()).tools}
    assert set(tools) == {"ask", "search"}
    for tool in tools.values():
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert tool.description
    assert tools["ask"].input_schema["required"] == ["question"]
    assert tools["search"].input_schema["required"] == ["query"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_ask_over_http_answers_in_words_in_its_shape_and_with_links_to_the_documents(address, mode):
    given = call(address, "ask", {"question": PARADOX}, mode)
    assert not given.is_error
    answer = AnswerModel.model_validate(given.structured_content)
    assert answer.status == "quotes"
    text, *links = given.content
    assert "— `000_9df9c6625010bd9b.txt`, ligne 13" in text.text
    assert [link.uri for link in links] == [f"coulisses://documents/{answer.citations[0].document}"]
    read = with_client(address, lambda client: client.read_resource(links[0].uri), mode).contents[0].text
    for citation in answer.citations:
        assert read[citation.start : citation.end] == citation.quote


def test_a_refusal_is_no_error(server):
    given = call(server, "ask", {"question": NOTHING})
    assert not given.is_error
    assert given.structured_content["status"] == "refused"
    assert given.content[0].text.startswith("**Les textes ne répondent pas à cette question.**")
    assert len(given.content) > 1


def test_history_sources_and_since_are_wishes(server):
    given = call(server, "ask", {"question": "pourquoi ?", "history": [PARADOX]}).structured_content
    assert given["rewritten_question"] == "Le paradoxe du back-office : pourquoi ?"
    found = call(server, "search", {"query": "travail", "sources": ["001_"]}).structured_content["hits"]
    assert {hit["path"][:4] for hit in found} == {"001_"}
    assert call(server, "search", {"query": "travail", "since": "2199"}).content[0].text == "Aucun passage."


def test_search_gives_passages_and_the_words_in_common(address, seeds_engine):
    given = call(address, "search", {"query": "travail gratuit des clients", "k": 3})
    hits = given.structured_content["hits"]
    assert len(hits) == 3
    assert "gratuit" in hits[0]["matched"]
    for hit in hits:
        document = seeds_engine.index.corpus.document(hit["document"])
        assert seeds_engine.index.corpus.text(document.number)[hit["start"] : hit["end"]] == hit["text"]
    assert given.structured_content["index"] == "gen-000001"
    assert given.content[0].text.startswith("1. ")


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": " "}, "La question est vide"),
        ("ask", {}, "question : champ obligatoire absent"),
        ("ask", {"question": "a", "color": 1}, "color : champ inconnu"),
        ("ask", {"question": "a", "sources": ["absent"]}, "absent"),
        ("ask", {"question": "mot " * 400}, "question : au plus 1000 caractères"),
        ("search", {"query": "travail", "k": 99}, "k : au plus 50"),
        ("search", {"query": 12}, "query : un texte est attendu"),
        ("search", {"query": "travail", "since": "hier"}, "AAAA"),
    ],
)
def test_an_error_is_a_sentence(server, tool, arguments, said):
    given = call(server, tool, arguments)
    assert given.is_error
    assert said in given.content[0].text
    assert "http" not in given.content[0].text  # pydantic's own messages link to its manual


def test_errors_in_english(seeds_engine):
    given = call(create_server(ServedEngine(seeds_engine), "en"), "ask", {"question": ""})
    assert "The question is empty" in given.content[0].text


def test_an_unknown_tool_is_told(address):
    assert "Il n’y a pas d’outil « nulle »" in str(error_of(address, lambda client: client.call_tool("nulle", {})))


def test_every_document_is_a_resource_that_can_be_read(server, seeds_engine):
    corpus = seeds_engine.index.corpus
    listed = with_client(server, lambda client: client.list_resources())
    assert listed.next_cursor is None
    assert [one.uri for one in listed.resources] == [f"coulisses://documents/{d.id}" for d in corpus.documents()]
    for one, stored in zip(listed.resources, corpus.documents(), strict=True):
        contents = with_client(server, lambda client, uri=one.uri: client.read_resource(uri)).contents
        assert [content.text for content in contents] == [corpus.text(stored.number)]
        assert one.mime_type == "text/plain"
    (template,) = with_client(server, lambda client: client.list_resource_templates()).resource_templates
    assert template.uri_template == "coulisses://documents/{id}"


@pytest.mark.parametrize(
    "uri", ["coulisses://documents/0123456789ab", "file:///etc/passwd", "coulisses://documents/../x"]
)
def test_a_resource_that_is_not_there_is_told(server, uri):
    error = error_of(server, lambda client: client.read_resource(uri))
    assert "Il n’y a pas de document" in str(error)
    assert error.data == {"uri": uri}


def test_many_documents_come_page_by_page_and_a_cursor_of_another_generation_is_refused(engine_of):
    engine = engine_of({f"{n:03}.md": f"Le navire numéro {n} rentre au port.\n" for n in range(101)})
    server = create_server(ServedEngine(engine), "fr")

    async def pages(client: Client) -> tuple[list[str], str]:
        first = await client.list_resources()
        second = await client.list_resources(cursor=first.next_cursor)
        assert second.next_cursor is None
        assert first.resources[0].mime_type == "text/markdown"
        return [one.name for one in (*first.resources, *second.resources)], first.next_cursor

    names, cursor = with_client(server, pages)
    assert names == [f"{n:03}.md" for n in range(101)]
    for wrong in ("gen-000009/100", cursor + "0", "n’importe quoi", f"{cursor.split('/')[0]}/-1"):
        assert "curseur" in str(error_of(server, lambda client, wrong=wrong: client.list_resources(cursor=wrong)))


def test_a_changed_file_is_not_read_and_a_new_generation_is_taken_up(engine_of):
    engine: Engine = engine_of({"phare.txt": "Le phare de la pointe nord guide les pêcheurs depuis 1854.\n"})
    folder, server = Path(engine.index.manifest.folder), create_server(ServedEngine(engine), "fr")
    uri = with_client(server, lambda client: client.list_resources()).resources[0].uri
    write_folder(folder, {"moulin.txt": "Le moulin de la colline moud le blé des fermes depuis 1702.\n"})
    assert "a changé ou disparu" in str(error_of(server, lambda client: client.read_resource(uri)))
    build(folder, engine.index.location, Settings(), MODEL, 1)
    given = call(server, "ask", {"question": "Depuis quand le moulin moud-il le blé des fermes ?"})
    assert given.structured_content["citations"][0]["path"] == "moulin.txt"


def test_a_hostile_document_makes_no_link_or_image_in_what_is_told(engine_of):
    hostile = "Le phare ![vu](https://mal.com/p.png) guide les pêcheurs <img src=https://mal.com/x> depuis 1854.\n"
    server = create_server(ServedEngine(engine_of({"phare.txt": hostile})), "fr")
    question = "Depuis quand le phare guide-t-il les pêcheurs ?"
    for tool, arguments in (("ask", {"question": question}), ("search", {"query": question})):
        text = call(server, tool, arguments).content[0].text
        assert "mal.com" in text
        harmless(text)


HELLO = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 400), ({"Host": "mal.com"}, 421), ({"Host": "127.0.0.1.mal.com:80"}, 421), ({"Origin": "https://mal.com"}, 403),
     ({"Origin": "null"}, 403)],
)  # fmt: skip
def test_a_page_of_another_site_reaches_nothing(address, headers, status):
    given = httpx.post(
        address, json=HELLO, headers={"Accept": "application/json, text/event-stream", **headers}, trust_env=False
    )
    assert given.status_code == status


def test_a_name_that_is_allowed_is_answered(server):
    with served(http_app(server, names=("textes.lan",))) as address:
        body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}  # fmt: skip
        headers = {"Accept": "application/json, text/event-stream", "Host": "textes.lan"}
        given = httpx.post(address + PATH, json=body, headers=headers, trust_env=False)
        assert given.status_code == 200
        data = json.loads(next(line for line in given.text.splitlines() if line.startswith("data: {"))[6:])
        assert data["result"]["serverInfo"]["name"] == "coulisses"
        assert "citations exactes" in data["result"]["instructions"]
        assert httpx.post(address + PATH, content=b"x" * 70_000, headers={**headers, "Content-Type": "application/json"},
                          trust_env=False).status_code == 413  # fmt: skip


def test_with_a_key_only_who_has_it_is_answered(server):
    key = "cle-de-seize-lettres"
    with served(http_app(server, key=key)) as address:
        headers = {"Accept": "application/json, text/event-stream"}
        refused = httpx.post(address + PATH, json=HELLO, headers=headers, trust_env=False)
        assert refused.status_code == 401

        async def use() -> Any:
            async with (
                httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, trust_env=False) as sender,
                Client(streamable_http_client(address + PATH, http_client=sender)) as client,
            ):
                return await client.call_tool("search", {"query": "travail"})

        assert not anyio.run(use).is_error


def test_it_does_not_listen_to_the_network_without_a_key(server):
    with pytest.raises(ServiceExposed):
        run_http(server, ServiceSettings.model_construct(host="0.0.0.0", port=0))
