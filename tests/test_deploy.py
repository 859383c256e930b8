"""What is shipped for machines that run by themselves: units that systemd takes, and images that hold what their commands need."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cli.servers import NAMES

ROOT = Path(__file__).parents[1]
UNITS = ROOT / "deploy" / "systemd"
CONFINED = {
    "User": "redress", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict", "ReadWritePaths": "/var/lib/redress",
    "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "MemoryDenyWriteExecute": "yes", "RestrictNamespaces": "yes",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "LimitCORE": "0", "MemorySwapMax": "0", "Restart": "always", "UMask": "0077",
}  # fmt: skip


def unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit; systemd allows each more than once."""
    found: dict[str, list[str]] = {}
    for line in (UNITS / f"redress-{name}.service").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def environment(name: str) -> dict[str, str]:
    return dict(setting.split("=", 1) for setting in unit(name)["Environment"])


@pytest.mark.parametrize("name", NAMES)
def test_each_part_is_confined_and_comes_back(name: str) -> None:
    settings = unit(name)
    assert {key: settings.get(key) for key in CONFINED} == {key: [value] for key, value in CONFINED.items()}
    assert settings["SystemCallFilter"] == ["@system-service", "~@privileged"]
    # Tried for ever: a limit of starts would leave people without an answer after a bad minute.
    assert settings["StartLimitIntervalSec"] == ["0"] and settings["RestartMaxDelaySec"] == ["30"]
    assert environment(name)["REDRESS_SECRET_ALWAYS"] == "1"
    assert environment(name)["REDRESS_DATA_DIR"] == settings["ReadWritePaths"][0] == f"/var/lib/{settings['StateDirectory'][0]}"


def test_only_the_gateway_may_speak_beyond_the_machine_and_needs_nobody() -> None:
    for name in ("rasa", "actions"):
        assert unit(name)["IPAddressDeny"] == ["any"] and unit(name)["IPAddressAllow"] == ["localhost"]
    assert "IPAddressDeny" not in unit("web")
    assert not {"Requires", "BindsTo", "PartOf"} & set(unit("web"))
    assert unit("web")["Wants"] == ["redress-rasa.service redress-actions.service"]


def test_the_look_at_the_sources_is_confined_and_no_failure_when_it_finds_something() -> None:
    settings = unit("sources")
    once = {key: value for key, value in CONFINED.items() if key != "Restart"}
    assert {key: settings.get(key) for key in once} == {key: [value] for key, value in once.items()}
    assert settings["Type"] == ["oneshot"] and "Restart" not in settings and settings["SuccessExitStatus"] == ["1"]
    command = settings["ExecStart"][0].removeprefix("/opt/redress/.venv/bin/python -m cli.main ").split()
    known = run(sys.executable, "-m", "cli.main", *command[:2], "--help").stdout
    assert command[:2] == ["sources", "check"] and all(option in known for option in command[2:])
    timer = (UNITS / "redress-sources.timer").read_text(encoding="utf-8")
    assert "Persistent=yes" in timer and "RandomizedDelaySec=" in timer


@pytest.mark.parametrize("name", (*NAMES, "sources"))
def test_systemd_takes_the_unit(name: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    # As if it were installed: the folders and the program it names are here.
    unit_file = tmp_path / f"redress-{name}.service"
    unit_file.write_text((UNITS / unit_file.name).read_text(encoding="utf-8").replace("/opt/redress", str(ROOT)), encoding="utf-8")
    checked = run(analyze, "verify", "--man=no", "--recursive-errors=no", str(unit_file))
    # Before version 254 systemd did not know pauses that grow, and passes over them.
    faults = [line for line in checked.stderr.splitlines() if unit_file.name in line and "'Restart" not in line]
    assert checked.returncode == 0 and not faults, checked.stderr
    rated = run(analyze, "security", "--offline=true", "--threshold=15", str(unit_file))
    assert rated.returncode == 0, rated.stdout[-300:]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_of_a_unit_and_of_an_image_is_one_the_launcher_knows(name: str) -> None:
    assert unit(name)["ExecStart"] == [f"/opt/redress/.venv/bin/python -m cli.stack --only {name}"]
    assert f'CMD ["python", "-m", "cli.stack", "--only", "{name}"]' in stages()[name]
    assert re.search(r"--only \{" + ",".join(NAMES), run(sys.executable, "-m", "cli.stack", "--help").stdout)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def stages() -> dict[str, str]:
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    return {match[1]: match[0] for match in re.finditer(r"FROM \S+ AS (\w+)\n.*?(?=\nFROM |\Z)", text, re.DOTALL)}


def imported_from(folder: str, found: frozenset[str] = frozenset()) -> set[str]:
    """The folders of the repository that its modules import, through all of them, and itself."""
    seen = {*found, folder}
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            for first in {name.partition(".")[0] for name in names} - seen:
                if (ROOT / first / "__init__.py").exists():
                    seen |= imported_from(first, frozenset(seen))
    return seen


def test_images_are_not_root_and_hold_every_folder_that_gateway_and_actions_import() -> None:
    found = stages()
    assert "USER 10001:10001" in found["main"] and "USER 10001:10001" in found["rasa"]
    assert all(f"FROM main AS {name}" in found[name] and "USER" not in found[name] for name in ("web", "actions"))
    copied = set(re.findall(r"^COPY --from=build /opt/redress/(\S+) \1$", found["main"], re.MULTILINE))
    imported = imported_from("cli")
    assert {"calculator", "web", "workbench", "erasure"} <= imported
    assert imported | {"actions", "locales", ".venv", "build/parsed", "var/contacts.json", "models/danger.letters"} == copied
    assert "python3.10" not in found["main"] + found["web"] + found["actions"]


def test_what_is_copied_into_the_build_exists_and_no_key_is() -> None:
    patterns = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert patterns[0] == "**"
    allowed = {line[1:] for line in patterns if line.startswith("!")}
    assert all((ROOT / name).exists() for name in allowed)
    assert imported_from("cli") | imported_from("actions") | {"locales"} <= allowed
    assert not allowed & {"var", ".git", ".venv", ".venv-rasa", "models", "build", "tests"}


def test_containers_have_no_way_out_but_the_gateway_and_can_write_nowhere_else() -> None:
    compose = YAML(typ="safe").load(ROOT / "deploy" / "compose.yaml")
    assert set(compose["services"]) == set(NAMES)
    assert compose["networks"]["inside"]["internal"] is True
    for name, part in compose["services"].items():
        assert part["read_only"] is True and part["cap_drop"] == ["ALL"] and part["user"] == "10001:10001"
        assert part["security_opt"] == ["no-new-privileges:true"] and part["mem_limit"] == part["memswap_limit"]
        assert part["healthcheck"]["test"] == ["CMD", "python", "-m", "cli.alive", name]
        assert part["build"]["target"] == name and (ROOT / "deploy" / part["build"]["context"] / part["build"]["dockerfile"]).is_file()
        assert part["networks"] == (["inside", "outside"] if name == "web" else ["inside"])
        assert part.get("ports") == (["127.0.0.1:8000:8000"] if name == "web" else None)
        assert "depends_on" not in part or name != "web"
    assert compose["services"]["actions"]["volumes"] == ["secret:/secret:ro"]
