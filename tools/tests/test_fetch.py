"""Downloads are checked, taken up where they stopped, and their failures are readable."""

import errno
import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.fetch import SetupError, download, explain

CONTENT = b"an archive" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    asked: list[str | None] = []

    def log_message(self, *args):
        """Say nothing."""

    def do_GET(self):
        """Answer a wish for the rest of a file, as real mirrors do."""
        wish = self.headers.get("Range")
        self.asked.append(wish)
        if wish is None:
            super().do_GET()
            return
        rest = CONTENT[int(wish.removeprefix("bytes=").rstrip("-")) :]
        self.send_response(206 if rest else 416)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest)


@pytest.fixture
def mirror(tmp_path):
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "a.deb").write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_download_once(mirror, tmp_path):
    target = download(mirror + "a.deb", tmp_path / "cache" / "a.deb", DIGEST)
    assert target.read_bytes() == CONTENT
    assert download("http://127.0.0.1:1/never-asked", target, DIGEST) == target


@pytest.mark.parametrize("have", [4000, len(CONTENT)])
def test_a_broken_download_is_taken_up_where_it_stopped(mirror, tmp_path, have):
    part = tmp_path / "a.deb.part"
    part.write_bytes(CONTENT[:have])
    target = download(mirror + "a.deb", tmp_path / "a.deb", DIGEST)
    assert target.read_bytes() == CONTENT and not part.exists()
    assert Quiet.asked[-1] == f"bytes={have}-"


def test_wrong_checksum_is_thrown_away(mirror, tmp_path):
    with pytest.raises(SetupError, match="Wrong checksum for a.deb"):
        download(mirror + "a.deb", tmp_path / "a.deb", "0" * 64)
    assert list(tmp_path.glob("a.deb*")) == []


def test_a_file_that_is_gone_says_what_to_do(mirror, tmp_path):
    with pytest.raises(SetupError, match="is gone.*ODOO_SOURCE"):
        download(mirror + "b.deb", tmp_path / "b.deb", DIGEST)


def test_no_network_is_named(tmp_path):
    with pytest.raises(SetupError, match="No network"):
        download("http://127.0.0.1:1/a.deb", tmp_path / "a.deb", DIGEST)


def test_a_full_disk_is_named():
    assert "disk is full" in explain(OSError(errno.ENOSPC, "x"), "a.deb")
