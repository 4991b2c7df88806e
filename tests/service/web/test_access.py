import httpx
import pytest
from pydantic import SecretStr

from indexer.errors import ServiceExposed
from service.settings import ServiceSettings
from service.web.access import is_loopback
from service.web.app import create_app, run
from tests.service.web.making import QUESTION, serving

KEY = "une-clé-de-vingt-quatre-lettres"
LOCAL = "la-clé-des-commandes-du-même-utilisateur"


@pytest.fixture(scope="module")
def open_service(small_engine):
    with serving(
        create_app(small_engine, ServiceSettings.model_construct(trusted_hosts=("textes.example", "*.b.example")))
    ) as client:
        yield client


@pytest.fixture(scope="module")
def locked_service(small_engine):
    settings = ServiceSettings.model_construct(api_key=SecretStr(KEY))
    with serving(create_app(small_engine, settings, local_key=LOCAL)) as client:
        yield client


def refused(response: httpx.Response, status: int) -> httpx.Response:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert response.json()["detail"]
    return response


def bearer(key: str) -> dict[str, bytes]:
    return {"Authorization": f"Bearer {key}".encode()}


@pytest.mark.parametrize("path", ["/ask", "/search?q=piscine", "/documents/abc", "/metrics", "/openapi.json", "/rien"])
def test_without_the_key_nothing_is_told(locked_service, path):
    told = refused(locked_service.get(path), 401)
    assert told.headers["www-authenticate"] == 'Bearer realm="coulisses"'


@pytest.mark.parametrize(
    "given", ["Bearer faux", f"Basic {KEY}", "Bearer", "", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", KEY]
)
def test_a_wrong_key_is_told_to_be_wrong(locked_service, given):
    told = refused(locked_service.get("/search?q=piscine", headers={"Authorization": given.encode()}), 401)
    assert 'error="invalid_token"' in told.headers["www-authenticate"]


@pytest.mark.parametrize("key", [KEY, LOCAL])
def test_either_key_opens(locked_service, key):
    assert locked_service.post("/ask", json={"question": QUESTION}, headers=bearer(key)).json()["status"] == "quotes"
    assert locked_service.get("/metrics", headers={"Authorization": f"bearer  {key}".encode()}).status_code == 200


def test_probes_need_no_key_and_no_known_name(locked_service):
    for path in ("/healthz", "/readyz"):
        assert locked_service.get(path, headers={"Host": "10.1.2.3:8765"}).status_code == 200


def test_the_page_is_open_where_there_is_one_but_not_what_lies_beside_it(locked_service):
    assert locked_service.get("/").status_code != 401
    assert locked_service.get("/page/rien.css").status_code == 404
    refused(locked_service.get("/staticx"), 401)
    refused(locked_service.get("/static"), 401)


def test_the_local_key_alone_does_not_lock_a_service(small_engine):
    with serving(create_app(small_engine, local_key=LOCAL)) as client:
        assert client.get("/search?q=piscine").status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:80",
        "localhost.evil.test",
        "xb.example",
        "10.0.0.1",
        "a@localhost",
        "localhost:x",
        "",
        "[::2]",
        "b.example",
    ],
)
def test_an_unknown_host_name_is_refused(open_service, host):
    refused(open_service.get("/search?q=piscine", headers={"Host": host}), 421)


@pytest.mark.parametrize(
    "host", ["localhost:9", "LOCALHOST", "127.0.0.1", "127.8.8.8:1", "[::1]:80", "textes.example", "x.b.example"]
)
def test_a_known_host_name_is_taken(open_service, host):
    assert open_service.get("/search?q=piscine", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["null", "http://evil.test", "http://127.0.0.1:1", "file://", "http://[", ""])
@pytest.mark.parametrize("path", ["/search?q=piscine", "/ask", "/openapi.json"])
def test_a_foreign_origin_is_refused(open_service, origin, path):
    refused(open_service.get(path, headers={"Origin": origin}), 403)


def test_its_own_origin_is_taken_also_behind_a_proxy_that_ends_tls(open_service):
    own = f"http://{open_service.base_url.netloc.decode()}"
    assert open_service.post("/ask", json={"question": QUESTION}, headers={"Origin": own}).status_code == 200
    behind = {"Host": "textes.example", "Origin": "https://textes.example"}
    assert open_service.post("/ask", json={"question": QUESTION}, headers=behind).status_code == 200


def test_a_foreign_page_that_tells_no_origin_is_known_by_where_it_says_it_comes_from(open_service):
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    refused(open_service.get("/search?q=piscine", headers=foreign), 403)
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert open_service.get("/openapi.json", headers=followed).status_code == 200


def test_no_header_allows_another_site_anything(open_service):
    asked = {"Origin": "http://evil.test", "Access-Control-Request-Method": "POST"}
    told = refused(open_service.options("/ask", headers=asked), 403)
    for response in (told, open_service.get("/search?q=piscine")):
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_refusals_are_in_the_language_of_the_client(open_service):
    told = open_service.get("/search", headers={"Host": "evil.test", "Accept-Language": "en"}).json()
    assert told["title"] == "Unknown host"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "textes.example"])
def test_it_does_not_listen_beyond_the_loopback_without_a_key(small_engine, host):
    with pytest.raises(ServiceExposed, match=host):
        run(small_engine, ServiceSettings.model_construct(host=host))


def test_what_is_the_loopback():
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.1.2.3", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.168.0.1", "example.org", ""))
