"""Database servers for a test: on loopback, in a folder of their own, gone afterwards."""
import contextlib
import glob
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

USER = "nobody"  # neither server runs as root


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port, process, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}:\n" + pathlib.Path(log).read_text(errors="replace")[-4000:])


@contextlib.contextmanager
def folder():
    """A folder that the servers' user may use, and nobody else."""
    path = tempfile.mkdtemp(prefix="wsd-")
    if os.geteuid() == 0:
        shutil.chown(path, USER)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def as_user(*command):
    return ["runuser", "-u", USER, "--", *command] if os.geteuid() == 0 else list(command)


@contextlib.contextmanager
def server(port, log, *command):
    with open(log, "ab") as output:
        process = subprocess.Popen(as_user(*command), stdout=output, stderr=output)
    try:
        wait_for(port, process, log)
        yield
    finally:
        process.terminate()
        process.wait()


def make(log, *command):
    with open(log, "ab") as output:
        if subprocess.run(as_user(*command), stdout=output, stderr=output).returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n" + pathlib.Path(log).read_text(errors="replace")[-4000:])


@contextlib.contextmanager
def postgresql():
    """PostgreSQL, as PHP and Java name it."""
    port, password = free_port(), secrets.token_hex(16)
    with folder() as place:
        binaries, data, log = max(glob.glob("/usr/lib/postgresql/*/bin")), f"{place}/data", f"{place}/log"
        given = pathlib.Path(place, "password")
        given.write_text(password)
        if os.geteuid() == 0:
            shutil.chown(given, USER)
        make(log, f"{binaries}/initdb", "-D", data, "-U", "site", "-A", "scram-sha-256", "--pwfile", str(given))
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off",
                   "max_connections": 200}
        options = [f"--{name}={value}" for name, value in options.items()]
        with server(port, log, f"{binaries}/postgres", "-D", data, *options):
            yield {"php": f"pgsql:host=127.0.0.1;port={port};dbname=postgres;user=site;password={password}",
                   "java": f"jdbc:postgresql://127.0.0.1:{port}/postgres?user=site&password={password}"}


@contextlib.contextmanager
def mariadb():
    """MariaDB, as PHP and Java name it."""
    port, password = free_port(), secrets.token_hex(16)
    with folder() as place:
        data, log = f"{place}/data", f"{place}/log"
        make(log, "mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db", "--skip-name-resolve")
        first = pathlib.Path(place, "first.sql")
        first.write_text(f"CREATE DATABASE site;\nCREATE USER 'site'@'127.0.0.1' IDENTIFIED BY '{password}';\n"
                         "GRANT ALL ON site.* TO 'site'@'127.0.0.1';\n")
        first.chmod(0o644)
        options = {"datadir": data, "bind-address": "127.0.0.1", "port": port, "socket": f"{place}/socket",
                   "init-file": first, "innodb-flush-log-at-trx-commit": 0, "max-connections": 200}
        options = [f"--{name}={value}" for name, value in options.items()]
        with server(port, log, shutil.which("mariadbd") or "/usr/sbin/mariadbd", "--no-defaults", "--skip-name-resolve",
                    *options):
            yield {"php": f"mysql:host=127.0.0.1;port={port};dbname=site;user=site;password={password}",
                   "java": f"jdbc:mariadb://127.0.0.1:{port}/site?user=site&password={password}"}
