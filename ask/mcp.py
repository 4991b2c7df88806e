"""``ask mcp``: the texts for clients of the Model Context Protocol, over standard input and output or over HTTP."""

from typing import Annotated

import typer

from ask.edge import IndexOption, Lang, LangOption, fail, open_chosen
from indexer.errors import CoulissesError, McpExtraMissing


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Par HTTP (/mcp), et non par l’entrée et la sortie.")] = False,
    host: Annotated[str, typer.Option(help="Adresse d’écoute, avec --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port d’écoute, avec --http.", min=0, max=65535)] = 8766,
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="Nom sous lequel le service est aussi appelé, avec --http.")
    ] = None,
    index: IndexOption = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Ouvre les textes aux clients MCP : outils « ask » et « search », documents en ressources."""
    try:
        try:
            from service.mcp_server import create_server, run_http, run_stdio
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "mcp":
                raise
            raise McpExtraMissing() from error
        from service.serving import ServedEngine

        server = create_server(ServedEngine(open_chosen(index, lang)), lang)
        if http:
            run_http(server, host, port, tuple(allowed_host or ()))
        else:
            run_stdio(server)
    except CoulissesError as error:
        fail(error, lang)
