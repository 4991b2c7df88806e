"""``ask mcp``: the texts for clients of the Model Context Protocol, over standard input and output or over HTTP."""

from typing import Annotated

import typer

from ask.edge import IndexOption, Lang, LangOption, fail, open_chosen
from ask.places import places
from indexer.errors import CoulissesError, McpExtraMissing


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Par HTTP (/mcp), et non par l’entrée et la sortie.")] = False,
    host: Annotated[str, typer.Option(help="Adresse d’écoute, avec --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port d’écoute, avec --http.", min=0, max=65535)] = 8766,
    index: IndexOption = None,
    listen_anywhere: Annotated[
        bool,
        typer.Option(
            "--listen-anywhere", help="Écoute hors de la machine sans clé : l’accès est protégé par ailleurs."
        ),
    ] = False,
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
        from service.settings import load_settings

        options = {"host": host, "port": port, "index": index, "listen_anywhere": listen_anywhere or None}
        settings = load_settings(places().home, options)
        server = create_server(ServedEngine(open_chosen(settings.index, lang)), lang)
        if http:
            run_http(server, settings)
        else:
            run_stdio(server)
    except CoulissesError as error:
        fail(error, lang)
