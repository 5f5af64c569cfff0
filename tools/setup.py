"""Bring everything the project runs on to this machine; run again, it does only what is missing.

Only Python's standard library: at this point there is nothing else.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from . import settings
from .fetch import SetupError, download, explain
from .locks import only_one

STUB = (
    "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js",
    "// Left out by Debian (no source); without this stub every page logs a load error.\n",
)
NEEDED_BYTES = 2_500_000_000


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"[setup] {text}", flush=True)


def check_machine() -> None:
    """Refuse a machine this cannot work on, naming what is wrong.

    :raises SetupError: not Linux, unknown processor, old Python, or too little disk
    """
    if platform.system() != "Linux":
        raise SetupError(
            f"This machine runs {platform.system()}. Use Linux (Debian 12 or 13, Ubuntu 24.04), "
            "or docker compose up (README)."
        )
    if settings.machine() not in settings.UV_WHEELS:
        raise SetupError(f"Processor {platform.machine()} is not supported (x86_64, aarch64 are).")
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SetupError(
            f"Python 3.11, 3.12 or 3.13 is needed; this is {platform.python_version()}. "
            "Set PYTHON to another one, for example PYTHON=python3.12 script/setup."
        )
    if not shutil.which("dpkg-deb"):
        raise SetupError("dpkg-deb is missing: this needs a Debian or Ubuntu machine, or docker.")
    settings.CACHE.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.CACHE).free
    if free < NEEDED_BYTES and not (settings.CACHE / f"odoo-{settings.ODOO_VERSION}").exists():
        raise SetupError(
            f"The disk is full: {free / 1e9:.1f} GB free in {settings.CACHE}, 2.5 GB needed."
        )


def odoo() -> None:
    """Fetch and unpack Odoo and the fonts and scripts its links point to."""
    if os.environ.get("ODOO_SOURCE"):
        if not (settings.odoo_home() / "odoo" / "api").exists():
            raise SetupError(f"ODOO_SOURCE={settings.odoo_home()} holds no odoo/ package.")
        say(f"Odoo from {settings.odoo_home()}")
        return
    root = settings.CACHE / f"odoo-{settings.ODOO_VERSION}"
    if (root / ".complete").exists():
        return
    work = root.with_name(root.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for number, (path, digest) in enumerate(settings.DEBS.items(), 1):
        name = Path(path).name
        say(f"Odoo {number}/{len(settings.DEBS)}: {name}")
        deb = download(settings.MIRROR + path, settings.CACHE / "debs" / name, digest)
        done = subprocess.run(["dpkg-deb", "-x", deb, work], capture_output=True, text=True)
        if done.returncode:
            raise SetupError(f"{name} cannot be unpacked: {done.stderr.strip()}")
    packages = work / "usr" / "lib" / "python3" / "dist-packages"
    for copy in ("addons", "doc", "setup"):
        shutil.rmtree(packages / copy, ignore_errors=True)
    stub = packages / STUB[0]
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.write_text(STUB[1])
    (work / ".complete").touch()
    shutil.rmtree(root, ignore_errors=True)
    work.rename(root)


def uv() -> Path:
    """Return the uv program, fetched as a wheel and unpacked: no pip is needed for that."""
    target = settings.CACHE / f"uv-{settings.UV_VERSION}" / "uv"
    if target.exists():
        return target
    address, digest = settings.UV_WHEELS[settings.machine()]
    say(f"uv {settings.UV_VERSION}")
    wheel = download(
        settings.UV_HOST + address, settings.CACHE / "wheels" / Path(address).name, digest
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/scripts/uv"))
        part.write_bytes(archive.read(name))
    part.chmod(0o755)
    part.rename(target)
    return target


def run_uv(*args: str) -> str:
    """Run uv with its cache in ours; return what it prints.

    :raises SetupError: with the end of what uv said
    """
    env = {
        **os.environ,
        "UV_CACHE_DIR": str(settings.CACHE / "uv-cache"),
        "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "hardlink"),
        "UV_NO_PROGRESS": "1",
    }
    env.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        [str(uv()), *args], cwd=settings.ROOT, env=env, capture_output=True, text=True
    )
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        raise SetupError(f"uv {args[0]} failed (network, disk?):\n{tail}")
    return done.stdout


def environment() -> None:
    """Make the virtual environment from the lock, with Odoo on its path."""
    stamp = settings.VENV / ".jinxing"
    # hash of what it is made of: the lock, the interpreter, where Odoo lies
    wanted = "\n".join(
        [
            settings.tree_hash(settings.ROOT / "uv.lock", settings.ROOT / "pyproject.toml"),
            platform.python_version(),
            str(settings.odoo_home()),
        ]
    )
    if stamp.exists() and stamp.read_text() == wanted and settings.PYTHON.exists():
        return
    say("Python packages (locked, with hashes)")
    run_uv("sync", "--frozen", "--python", sys.executable)
    packages = next((settings.VENV / "lib").glob("python3*/site-packages"))
    (packages / "odoo-source.pth").write_text(f"{settings.odoo_home()}\n")
    wkhtmltopdf()
    stamp.write_text(wanted)


def wkhtmltopdf() -> None:
    """Put the patched PDF printer first on the environment's path (docs/adr/0005)."""
    packed = settings.VENV / "bin" / "wkhtmltopdf-pack"
    if packed.exists():
        link = settings.VENV / "bin" / "wkhtmltopdf"
        link.unlink(missing_ok=True)
        link.symlink_to(packed.name)


def have_font() -> bool:
    """Tell whether Chinese can be printed."""
    return any(
        Path(folder).exists() and any(Path(folder).rglob("NotoSansCJK*"))
        for folder in ("/usr/share/fonts", Path.home() / ".local/share/fonts")
    )


def system_packages() -> None:
    """Install what only browser tests and Chinese PDFs need, where we may; else name it."""
    missing = [] if have_font() else ["fonts-noto-cjk"]
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        missing.append("chromium")
    if not missing:
        return
    prefix: list[str] | None = None
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"]).returncode:
        prefix = ["sudo", "-n"]
    if prefix is None:
        say(f"For browser tests and Chinese PDFs: sudo apt-get install {' '.join(missing)}")
        return
    say(f"System packages: {' '.join(missing)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    for command in ([*prefix, "apt-get", "update", "-qq"], install):
        done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode:
        say(f"Could not install {' '.join(missing)}: {done.stderr.strip()[-300:]}")
        say("The server works without; browser tests and Chinese PDFs need them.")


def main() -> int:
    """Run all steps; return 0, or 1 with a message for a person."""
    began = time.monotonic()
    try:
        check_machine()
        busy = "another setup is under way; waiting for it"
        with only_one(settings.CACHE / "setup.lock", lambda: say(busy)):
            odoo()
            environment()
        system_packages()
    except SetupError as error:
        print(f"\nsetup stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nsetup stopped: {explain(error, 'the files')}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nsetup interrupted; run it again, it goes on where it was.", file=sys.stderr)
        return 130
    if time.monotonic() - began > 2:
        say(f"ready after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
