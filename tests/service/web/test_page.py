"""The page's files and their headers over a real socket, and that they ship."""

import re
from pathlib import Path

import httpx
import pytest
from hatchling.builders.wheel import WheelBuilder

from service.web.page import SECURITY_HEADERS

FOLDER = Path(__file__).resolve().parents[3] / "service" / "web" / "page"
FILES = sorted(path.name for path in FOLDER.iterdir())


@pytest.fixture(scope="module")
def client(small_service):
    with httpx.Client(base_url=small_service, timeout=20, trust_env=False) as client:
        yield client


def test_the_page_is_at_the_root(client):
    response = client.get("/")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Coulisses</title>" in response.text


@pytest.mark.parametrize("name", [name for name in FILES if name != "index.html"])
def test_each_file_is_served_as_what_it_is(client, name):
    response = client.get(f"/page/{name}")
    assert response.content == (FOLDER / name).read_bytes()
    kinds = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
    assert response.headers["content-type"] == kinds[Path(name).suffix]


@pytest.mark.parametrize(
    "path", ["/", "/page/app.js", "/page/nothing.js", "/documents/nothing", "/healthz", "/openapi.json"]
)
def test_every_response_keeps_scripts_frames_and_referrers_out(client, path):
    headers = client.get(path).headers
    for name, value in SECURITY_HEADERS.items():
        assert headers[name] == value
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert not {"script-src", "style-src"} & set(policy)  # nothing wider than the default


@pytest.mark.parametrize("path", ["/", "/page/style.css"])
def test_a_copy_that_is_still_good_is_not_sent_again(client, path):
    first = client.get(path)
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_sends_no_body(client):
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) > 1000


@pytest.mark.parametrize("name", ["index.html", "nothing.js", "..%2Fpage.py", "%2Fetc%2Fpasswd", ""])
def test_nothing_but_the_files_of_the_page_is_served(client, name):
    response = client.get(f"/page/{name}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_the_page_is_no_part_of_the_described_interface(client):
    assert not {"/", "/page/{name}"} & set(client.get("/openapi.json").json()["paths"])


def test_no_file_reads_markup_or_asks_outside():
    for name in FILES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser", text
        ), name
        assert not re.search(r"""(?:https?:)?//[\w.-]+\.\w{2,}""", text.replace("http://www.w3.org/2000/svg", "")), name
        assert not re.search(r"\sstyle=|\son\w+=|javascript:", text), name


def test_the_files_ship_in_the_wheel():
    wheel = WheelBuilder(str(FOLDER.parents[2]))
    shipped = {Path(file.distribution_path) for file in wheel.recurse_included_files()}
    assert {path.name for path in shipped if path.parent == Path("service/web/page")} == set(FILES)
