"""The docker files: well formed, no secret in them, every service watched, the lock's addons."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tools import image, settings

ROOT = settings.ROOT
CONFIG = ROOT / "config"
IMAGES = {
    "db": "postgres:18",
    "replica": "postgres:18",
    "nginx": "nginx:1.30",
    "odoo": "jinxing-after-sales:19.0",
    "odoo-2": "jinxing-after-sales:19.0",
    "install": "jinxing-after-sales:19.0",
}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def _plugin():
    """Return the command of docker compose where it is there."""
    if shutil.which("docker"):
        command = ["docker", "compose"]
        if not subprocess.run([*command, "version"], capture_output=True).returncode:
            return command
    program = shutil.which("docker-compose")
    return [program] if program else None


@pytest.mark.parametrize("profiles", ["", "scale"])
def test_docker_compose_reads_it(compose, profiles):
    command = _plugin()
    if command is None:  # then what the other tests look at must do
        assert compose["services"]
        return
    env = {**os.environ, "POSTGRES_PASSWORD": "x", "COMPOSE_PROFILES": profiles}
    done = subprocess.run(
        [*command, "-f", ROOT / "docker-compose.yml", "config", "--services"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stderr
    assert set(done.stdout.split()) == {
        name
        for name, service in compose["services"].items()
        if profiles in service.get("profiles", [profiles])
    }


def test_images_are_pinned(compose):
    for name, service in compose["services"].items():
        assert service["image"].startswith(IMAGES[name]), name
    assert set(compose["services"]) == set(IMAGES)


def test_every_lasting_service_is_watched(compose):
    for name, service in compose["services"].items():
        if service["restart"] == "no":
            assert name == "install"
        else:
            assert service["healthcheck"]["test"], name


def test_volumes_are_declared(compose):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    assert {name for name in used if not name.startswith(".")} == set(compose["volumes"])
    assert all((ROOT / name).exists() for name in used if name.startswith("."))


def test_no_secret_is_written_down(compose):
    assert compose["secrets"] == {"postgres_password": {"environment": "POSTGRES_PASSWORD"}}
    files = [ROOT / "docker-compose.yml", *CONFIG.iterdir()]
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := re.search(r"passw(?:or)?d\w*\s*[:=]\s*(\S+)", line, re.IGNORECASE):
                value = match.group(1)
                assert value.startswith(("$", "/run/secrets/")), f"{path.name}: {line}"
    example = (ROOT / ".env.example").read_text()
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.MULTILINE)
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert ".env" in ignored and ".env.example" not in ignored


def test_the_second_node_answers_to_the_first_ones_name(compose):
    node = compose["services"]["odoo-2"]
    assert node["profiles"] == ["scale"]
    assert node["networks"]["default"]["aliases"] == ["odoo"]
    nginx = (CONFIG / "nginx.conf").read_text()
    assert "server odoo:8069 resolve" in nginx and "server odoo:8072 resolve" in nginx


def test_nginx_sends_the_websocket_to_its_own_port():
    text = (CONFIG / "nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    block = re.search(r"location /websocket \{(.*?)\}", text, re.DOTALL).group(1)
    assert "proxy_pass http://odoo_live;" in block and "Upgrade $http_upgrade" in block


def test_odoo_conf_suits_a_proxy():
    parser = configparser.ConfigParser()
    parser.read(CONFIG / "odoo.conf")
    options = parser["options"]
    assert options["proxy_mode"] == "True" and options["list_db"] == "False"
    assert int(options["workers"]) > 1 and options["gevent_port"] == "8072"


def test_the_image_holds_what_is_locked():
    """``script/dev image`` after each change of uv.lock."""
    assert image.TARGET.read_text(encoding="utf-8") == image.requirements()


def test_the_image_leaves_odoos_own_packages_alone():
    text = image.TARGET.read_text(encoding="utf-8")
    names = {match.lower() for match in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    assert {"odoo-addon-helpdesk-mgmt", "odoo-addon-session-db"} <= names
    assert not names & {"lxml", "werkzeug", "psycopg2-binary", "reportlab", "odoo"}
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_scripts(path: Path):
    assert os.access(path, os.X_OK)
    assert not subprocess.run(["bash", "-n", path], capture_output=True).stderr
