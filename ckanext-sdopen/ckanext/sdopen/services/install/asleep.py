"""The system's own nginx stays asleep while its package is installed: our programs come first.

Debian's package starts a server on port 80 and has it start with the machine. dpkg finds the three
programs that do so by the path that apt gives it; ours let everything pass but that.
"""

from pathlib import Path

_START = "# the nginx of the system is nobody's wish here\n"
PROGRAMS = {
    "invoke-rc.d": (
        'case " $* " in *" nginx start "*) exit 0 ;; esac\nexec /usr/sbin/invoke-rc.d "$@"\n'
    ),
    "update-rc.d": (
        '[ "$1 $2" = "nginx defaults" ] && exec /usr/sbin/update-rc.d nginx defaults-disabled\n'
        'exec /usr/sbin/update-rc.d "$@"\n'
    ),
    # enabled and disabled at once, so that a later upgrade knows the choice and keeps to it
    "deb-systemd-helper": (
        '/usr/bin/deb-systemd-helper "$@"\nstatus=$?\n'
        'case " $* " in *" enable nginx.service "*)\n'
        "    systemctl disable nginx.service >/dev/null 2>&1 || true ;;\nesac\nexit $status\n"
    ),
}
# what dpkg looks for its programs in, after ours
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def options(folder: Path) -> list[str]:
    """Write the programs into a folder; what apt-get must be told so that dpkg finds them first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in PROGRAMS.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{_START}{lines}", encoding="utf-8")
        path.chmod(0o755)
    return ["-o", f"DPkg::Path={folder}:{_PATH}"]
