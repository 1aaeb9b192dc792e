"""PostgreSQL: a cluster of our own; also as root, which PostgreSQL itself refuses."""

import os
import pwd
import shlex
import shutil
import subprocess
import time
from glob import glob
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ckanext.sdopen.services import commands, stack_state
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble

SERVER_USER = "postgres"
# of a busy machine; they leave at once
ORPHANS_LEAVE_WITHIN = 120.0


def binaries(layout: Layout) -> Path:
    """The folder of PostgreSQL's programs, of the version that made the cluster."""
    mark = layout.postgres / "PG_VERSION"
    version = mark.read_text().strip() if mark.exists() else "*"
    found = sorted(glob(f"/usr/lib/postgresql/{version}/bin/postgres"), key=_version)
    if found:
        return Path(found[-1]).parent
    plain = shutil.which("postgres")
    if plain is None:
        raise Trouble("postgres_version", version=version, folder=layout.postgres)
    return Path(plain).resolve().parent


def _version(program: str) -> float:
    return float(Path(program).parts[4])


def as_server_user() -> list[str]:
    """The prefix of a PostgreSQL program: as root, another user who may pass closed folders."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError as error:
        raise Trouble("no_server_user", user=SERVER_USER) from error
    # root's home is closed to others: this one capability lets the server reach var/ in it
    capability = "-all,+dac_override"
    ids = [f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--clear-groups"]
    return ["setpriv", *ids, f"--inh-caps={capability}", f"--ambient-caps={capability}"]


def is_absent(layout: Layout) -> bool:
    """Whether there is no cluster yet."""
    return not (layout.postgres / "PG_VERSION").exists()


def create_cluster(layout: Layout) -> None:
    """Make the cluster beside its place and move it there when it is whole."""
    new = layout.var / "postgres.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(new, SERVER_USER)
    password = layout.var / "postgres.password"
    stack_state.write_private(password, stack_state.stack_secrets(layout)["postgres"])
    initdb = [str(binaries(layout) / "initdb"), "-D", str(new), "-U", "postgres"]
    initdb += ["-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8"]
    # the order of the bytes is that of the characters, and compared without the C library
    initdb += ["--locale=C.UTF-8", "--lc-collate=C"]
    try:
        # the working directory must be one that the server's user may enter
        commands.run("cluster", [*as_server_user(), *initdb], layout.log("initdb"), cwd=Path("/"))
    finally:
        password.unlink()
    stack_state.State(layout).forget("database", "sample", "harvest")
    new.rename(layout.postgres)


def environment(layout: Layout) -> dict[str, str]:
    """What the Procfile's line for PostgreSQL needs."""
    server = [*as_server_user(), str(binaries(layout) / "postgres")]
    return {"SDOPEN_POSTGRES": shlex.join(server)}


def wait_for_orphans(layout: Layout) -> None:
    """After a killed server its children leave by themselves; then its lock file may go."""
    lock = layout.postgres / "postmaster.pid"
    if not lock.exists():
        return
    deadline = time.monotonic() + ORPHANS_LEAVE_WITHIN
    while holders := _working_in(layout.postgres):
        if time.monotonic() > deadline:
            pids = ", ".join(map(str, holders))
            raise Trouble("still_running", what="PostgreSQL", pids=pids)
        time.sleep(0.2)
    # the number in it may belong to anybody by now, and PostgreSQL would believe it
    lock.unlink(missing_ok=True)


def _working_in(folder: Path) -> list[int]:
    """The processes whose working directory is the folder, as PostgreSQL's always is."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == str(folder):
                found.append(int(entry.name))
        except OSError:
            continue  # gone meanwhile, or another user's
    return found


def create_databases(layout: Layout, port: int) -> None:
    """Make the roles and databases that are absent."""
    run_sql(layout, port, _creation(stack_state.stack_secrets(layout)))


def run_sql(layout: Layout, port: int, script: str) -> None:
    """Run a script as the cluster's administrator."""
    secrets = stack_state.stack_secrets(layout)
    argv = [str(binaries(layout) / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres"]
    argv += ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    env = {**os.environ, "PGPASSWORD": secrets["postgres"]}
    commands.run("database", argv, layout.log("database"), env=env, feed=script)


def number(url: str, statement: str) -> int:
    """The number that a statement gives on the database of a URL; 0 where it cannot be asked."""
    program = shutil.which("psql")
    if program is None:
        return 0
    parts = urlsplit(url)
    # not as arguments, which everybody on the machine may read
    own = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
        "PGCONNECT_TIMEOUT": "10",
    }
    argv = [program, "-X", "-q", "-t", "-A", "-c", statement]
    env = {**os.environ, **own}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    said = done.stdout.strip()
    return int(said) if said.isdigit() else 0


def _creation(secrets: dict[str, str]) -> str:
    """The SQL for two roles and two databases; passwords are hexadecimal, so need no quoting."""
    lines = []
    for role, password in (("sdopen", "database"), ("sdopen_reader", "reader")):
        absent = f"WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        lines.append(f"SELECT 'CREATE ROLE {role} LOGIN' {absent} \\gexec")
        lines.append(f"ALTER ROLE {role} PASSWORD '{secrets[password]}';")
    for name in ("sdopen", "sdopen_datastore"):
        absent = f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')"
        lines.append(f"SELECT 'CREATE DATABASE {name} OWNER sdopen' {absent} \\gexec")
    return "\n".join(lines) + "\n"
