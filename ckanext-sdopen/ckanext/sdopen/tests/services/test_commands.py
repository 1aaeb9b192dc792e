import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running import processes, ready

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


@pytest.fixture(autouse=True)
def _go_on_afterwards():
    yield
    commands.resume()


def test_a_failed_command_names_its_log_and_shows_its_end(tmp_path):
    log = tmp_path / "step.log"
    with pytest.raises(Trouble) as trouble:
        commands.run("solr", ["sh", "-c", "echo the cause >&2; exit 3"], log)
    assert trouble.value.key == "step_failed"
    assert str(log) in str(trouble.value)
    assert "the cause" in str(trouble.value)


def test_a_full_disk_is_called_by_its_name(tmp_path):
    with pytest.raises(Trouble) as trouble:
        commands.run("solr", ["sh", "-c", "cat /etc/passwd > /dev/full"], tmp_path / "step.log")
    assert trouble.value.key == "disk_full"


def test_an_unreachable_registry_is_called_by_its_name(tmp_path):
    pip = [sys.executable, "-m", "pip", "download", "--no-cache-dir", "--retries=1"]
    pip += ["--index-url=http://127.0.0.1:9/simple", "--dest", str(tmp_path), "nothing-at-all"]
    env = {"PATH": "/usr/bin:/bin", "PIP_CONFIG_FILE": "/dev/null", "HOME": str(tmp_path)}
    with pytest.raises(Trouble) as trouble:
        commands.run("python", pip, tmp_path / "step.log", env=env)
    assert trouble.value.key == "registry_unreachable"


def test_maven_without_its_registry_is_called_by_its_name(tmp_path):
    pom = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
      <groupId>a</groupId><artifactId>a</artifactId><version>1</version></project>"""
    (tmp_path / "pom.xml").write_text(pom)
    mvn = ["mvn", "-B", "-q", "package", f"-Dmaven.repo.local={tmp_path}/repository"]
    (tmp_path / "settings.xml").write_text(
        "<settings><mirrors><mirror><id>none</id><mirrorOf>*</mirrorOf>"
        "<url>https://127.0.0.1:9/</url></mirror></mirrors></settings>"
    )
    with pytest.raises(Trouble) as trouble:
        commands.run("solr", [*mvn, "-s", "settings.xml"], tmp_path / "step.log", cwd=tmp_path)
    assert trouble.value.key == "registry_unreachable"


def test_a_stop_ends_the_running_command_but_lets_a_patient_one_finish(tmp_path):
    ended: dict[str, object] = {}

    def run(name: str, patient: bool) -> None:
        lasts = f"touch {name}; while [ ! -e go ]; do sleep 0.05; done"
        log = tmp_path / f"{name}.log"
        try:
            commands.run("solr", ["sh", "-c", lasts], log, cwd=tmp_path, patient=patient)
            ended[name] = "finished"
        except commands.Stopped:
            ended[name] = "stopped"

    threads = [
        threading.Thread(target=run, args=("patient", True)),
        threading.Thread(target=run, args=("other", False)),
    ]
    for thread in threads:
        thread.start()
    both = lambda: (tmp_path / "patient").exists() and (tmp_path / "other").exists()  # noqa: E731
    try:
        assert ready.until(both, PATIENCE, lambda: True)
        commands.stop_all()
        threads[1].join()
        assert ended == {"other": "stopped"}
    finally:
        (tmp_path / "go").touch()
    threads[0].join()
    assert ended == {"patient": "finished", "other": "stopped"}
    with pytest.raises(commands.Stopped):
        commands.run("solr", ["true"], tmp_path / "late.log")


def test_the_tail_is_the_logs_end_without_empty_lines(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("\n".join(f"line {n}\n" for n in range(100)))
    assert commands.tail(log, 2) == "line 98\nline 99"
    assert commands.tail(tmp_path / "absent.log") == ""


def test_a_command_on_the_terminal_gives_its_status(tmp_path):
    argv = [sys.executable, "-c", "raise SystemExit(4)"]
    assert commands.attend(argv, {"PATH": "/usr/bin:/bin"}, tmp_path) == 4
    assert subprocess.run(argv, check=False).returncode == 4


def test_a_command_ends_when_the_run_that_started_it_is_killed(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from ckanext.sdopen.services import commands\n"
        "commands.run('solr', ['sleep', '601.5'], Path(sys.argv[1]))\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "a.log")])
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    assert ready.until(lambda: bool(children.read_text().split()), PATIENCE, lambda: True)
    child = int(children.read_text().split()[0])
    argv = Path(f"/proc/{child}/cmdline")
    assert ready.until(lambda: argv.read_bytes().startswith(b"sleep"), PATIENCE, lambda: True)
    run.kill()
    run.wait()
    assert ready.until(lambda: not processes.born(child), PATIENCE, lambda: True)
