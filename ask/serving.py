"""``ask serve``: the settings, the engine, the service; and the note that lets ``ask`` find it while it runs."""

import secrets
from collections.abc import Mapping
from contextlib import ExitStack, closing

from ask.edge import Lang, open_chosen
from ask.places import places
from ask.running import announced
from ask.show import note

_UNANNOUNCED = {
    "fr": "`ask` ne trouvera pas ce service : rien n’a pu être écrit dans « {home} » ({why}).",
    "en": "`ask` will not find this service: nothing could be written to “{home}” ({why}).",
}


def serve_it(options: Mapping[str, object], lang: Lang) -> None:
    """Serve until stopped. Raises the classes under ``SettingsFault``, ``ServiceFault`` and ``GeneratorFault``, and
    like ``open_engine``."""
    from service.prose.chosen import generator_choice
    from service.prose.open import open_generator
    from service.settings import load_settings
    from service.web.app import run
    from service.web.drain import exit_on_sigterm

    home = places().home
    settings = load_settings(home, options)
    choice = generator_choice(settings, home / "models")
    engine = open_chosen(settings.index, lang)
    key = secrets.token_urlsafe(32)
    with ExitStack() as stack:
        if choice is not None:
            engine = engine.writing(stack.enter_context(closing(open_generator(choice))))

        def announce(address: str) -> None:
            try:
                stack.enter_context(announced(home, address, engine.index.location, key))
            except OSError as error:
                note(_UNANNOUNCED[lang].format(home=home, why=error.strerror or error))

        exit_on_sigterm()
        run(engine, settings, key, announce)
