"""``ask mcp`` as a client starts it: a process of its own, spoken to by the SDK's client."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters
from typer.testing import CliRunner

from ask.main import FAILED, app

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ["-m", "ask.main", "mcp"]


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    return {"COULISSES_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


def test_over_standard_input_and_output(small_index, environment):
    parameters = StdioServerParameters(
        command=sys.executable, args=[*COMMAND, "--index", str(small_index)], env=environment, cwd=ROOT
    )

    async def use() -> None:
        async with Client(parameters, read_timeout_seconds=60) as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == ["ask", "search"]
            answer = await client.call_tool("ask", {"question": "À quelle heure ferme le local à vélos ?"})
            assert answer.structured_content["citations"][0]["path"] == "vélo.txt"
            resources = (await client.list_resources()).resources
            assert [one.name for one in resources] == ["castor.md", "dossier/piscine.txt", "vélo.txt"]
            text = (await client.read_resource(resources[1].uri)).contents[0].text
            assert text.startswith("La piscine est ouverte")
            wrong = await client.call_tool("ask", {"question": ""})
            assert wrong.is_error

    anyio.run(use)


def test_nothing_but_messages_goes_to_standard_output(small_index, environment):
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
            "name": "ask", "arguments": {"question": "À quelle heure ferme le local à vélos ?"}}},
    ]  # fmt: skip
    with subprocess.Popen(
        [sys.executable, *COMMAND, "--index", str(small_index)], env=environment, cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        process.stdin.write("".join(json.dumps(message) + "\n" for message in messages) + "pas du JSON\n")
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(2)]
        rest, told = process.communicate(timeout=60)  # closes its input: it ends
    assert process.returncode == 0, told
    answers = {line["id"]: line for line in map(json.loads, [*lines, *rest.splitlines()]) if line.get("id")}
    assert answers[2]["result"]["structuredContent"]["status"] == "quotes"


def test_over_http(small_index, environment):
    with subprocess.Popen(
        [sys.executable, *COMMAND, "--http", "--port", "0", "--index", str(small_index)], env=environment, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            assert address.endswith("/mcp")

            async def use() -> None:
                async with Client(address) as client:
                    found = await client.call_tool("search", {"query": "peupliers de la Loire", "k": 1})
                    assert found.structured_content["hits"][0]["path"] == "castor.md"

            anyio.run(use)
        finally:
            process.terminate()


def test_a_port_in_use_is_one_french_sentence(small_index):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["mcp", "--http", "--port", port, "--index", str(small_index)])
    assert done.exit_code == FAILED
    assert port in done.output
    assert "ne peut pas écouter" in done.output


WITHOUT = """
import sys
sys.modules["mcp"] = None  # as where the extra is not installed
from ask.main import app
app(["mcp"])
"""


def test_without_the_extra_it_is_told_what_to_install(environment):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], env={**environment, "LANG": os.environ.get("LANG", "C.UTF-8")}, cwd=ROOT,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == FAILED
    assert 'pip install "coulisses[mcp]"' in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
