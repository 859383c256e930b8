"""The audit: what is known and not allowed fails it; and so does everything that would make it look better than it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tools.audit import (
    OPTIONS,
    PIP_AUDIT,
    REQUIREMENTS,
    Advisory,
    Allowed,
    NotAuditedError,
    Package,
    ask,
    judge,
    locked,
    main,
    read_allowed,
    rounds,
)  # fmt: skip

TODAY = date(2026, 11, 30)
needs_pip_audit = pytest.mark.skipif(not PIP_AUDIT.exists(), reason="`make audit` makes the environment of pip-audit")
HASH = " \\\n    --hash=sha256:00"


@pytest.fixture
def audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the whole command on two small locks, with a program in pip-audit's place that answers as ordered."""
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "main.lock").write_text(f"alpha==1.0{HASH}\nBeta.Two[extra]==2.0 ; sys_platform == 'win32'{HASH}\n")
    (folder / "rasa.lock").write_text(f"alpha==0.9{HASH}\n")
    program = tmp_path / "pip-audit"

    def run(answer: str, allow: str = "[]") -> tuple[int, str, str]:
        program.write_text(f"#!{sys.executable}\nimport json, sys\nlines = open(sys.argv[-1]).read().split()\n{answer}\n")
        program.chmod(0o700)
        (folder / "allow.yaml").write_text(allow)
        code = main(["--requirements", str(folder), "--allow", str(folder / "allow.yaml"), "--command", str(program)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


REPORT = (
    "report = [{'name': l.split('==')[0], 'version': l.split('==')[1], 'vulns': []} for l in lines]\n"
    "%s\nprint(json.dumps({'dependencies': report, 'fixes': []}))\nsys.exit(any(r.get('vulns') for r in report))"
)
KNOWN = "for r in report:\n    if r['version'] == '0.9': r['vulns'] = [{'id': 'PYSEC-1', 'aliases': ['CVE-1'], 'fix_versions': ['1.0']}]"


def test_nothing_known_is_good_and_every_package_was_asked_about(audit) -> None:
    code, out, _ = audit(REPORT % "")
    assert code == 0
    assert out == "3 packages of 2 locks were asked about.\nNothing is known that may not wait.\n"


def test_what_is_known_fails_with_its_lock_and_the_version_that_mends_it(audit) -> None:
    code, out, _ = audit(REPORT % KNOWN)
    assert code == 1
    assert "vulnerable: alpha 0.9 (rasa): PYSEC-1; mended in: 1.0" in out


@pytest.mark.parametrize("known_as", ["PYSEC-1", "CVE-1"])
def test_what_is_allowed_waits_by_any_of_its_names_until_its_day(audit, known_as: str) -> None:
    entry = f"[{{id: {known_as}, reason: not reached, expires: {{}}}}]".replace("{}", "%s")
    code, out, _ = audit(REPORT % KNOWN, entry % (date.today() + timedelta(days=1)))
    assert code == 0 and "not reached" in out
    code, out, _ = audit(REPORT % KNOWN, entry % (date.today() - timedelta(days=1)))
    assert code == 1 and f"expired: {known_as}" in out and "vulnerable: alpha 0.9" in out


@pytest.mark.parametrize(
    "answer",
    [
        REPORT % "report[0] = {'name': 'alpha', 'skip_reason': 'not found'}",
        REPORT % "report.pop()",
        REPORT % "del report[0]['vulns']",
        REPORT % "report[0]['version'] = '7'",
        "print('', file=sys.stderr); sys.exit(1)",
        "sys.exit(0)",
        "print('not json')",
        "print('[]')",
        "print('could not connect', file=sys.stderr); sys.exit(1)",
    ],
)
def test_an_audit_with_a_gap_is_none(audit, answer: str) -> None:
    code, out, err = audit(answer)
    assert code == 2 and out == "" and err.startswith("not audited: ")


@pytest.mark.parametrize(
    "allow",
    [
        "[{id: A, expires: 2099-01-01}]",
        "[{id: A, reason: '', expires: 2099-01-01}]",
        "[{id: A, reason: b}]",
        "[{id: A, reason: b, expires: never}]",
        "[{id: A, reason: b, expires: 2099-01-01T00:00:00}]",
        "{",
        "3",
    ],
)
def test_a_list_that_allows_without_reason_or_end_is_refused(audit, allow: str) -> None:
    code, _, err = audit(REPORT % "", allow)
    assert code == 2 and "not audited: allow.yaml" in err


def test_without_pip_audit_it_is_not_audited() -> None:
    with pytest.raises(NotAuditedError, match="could not be run"):
        ask([Package("alpha", "1.0")], [os.devnull + "/nothing"])


def test_an_expired_entry_fails_even_where_nothing_is_found_any_more() -> None:
    old = Allowed("A", "b", TODAY - timedelta(days=1))
    last_day, unused = Allowed("B", "b", TODAY), Allowed("C", "b", TODAY)
    found = Advisory(Package("alpha", "1.0"), ("B",))
    verdict = judge([found], [old, last_day, unused], TODAY)
    assert not verdict.good and verdict.expired == [old] and verdict.needless == [unused] and verdict.waiting == [(found, last_day)]


def test_two_versions_of_a_package_are_two_questions() -> None:
    packages = [Package("a", "1"), Package("a", "2"), Package("b", "1"), Package("a", "3")]
    lists = rounds(packages)
    assert sorted(package for one in lists for package in one) == sorted(packages)
    assert all(len({package.name for package in one}) == len(one) for one in lists) and len(lists) == 3


def test_the_locks_of_the_repository_are_read_whole_and_its_list_is_sound() -> None:
    found = locked(REQUIREMENTS)
    for lock in REQUIREMENTS.glob("*.lock"):
        lines = [line for line in lock.read_text().splitlines() if line[:1].isalnum()]
        assert sum(lock.stem in names for names in found.values()) == len(lines), lock.name
    read_allowed(REQUIREMENTS / "audit-allow.yaml")


def test_a_folder_without_locks_is_not_audited(tmp_path: Path) -> None:
    with pytest.raises(NotAuditedError):
        locked(tmp_path)
    (tmp_path / "main.lock").touch()
    with pytest.raises(NotAuditedError, match="main.lock"):
        locked(tmp_path)


class _Advisories(BaseHTTPRequestHandler):
    """A service that knows one vulnerability of one version of one package."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_known = (asked["package"]["name"], asked["version"]) == ("alpha", "0.9")
        fixed = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.0"}]}]
        affected = [{"package": {"name": "alpha", "ecosystem": "PyPI"}, "ranges": fixed}]
        known = {"id": "GHSA-1", "aliases": ["CVE-1"], "summary": "bad", "affected": affected, "published": "2026-01-01T00:00:00Z"}
        body = json.dumps({"vulns": [known]} if is_known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@needs_pip_audit
def test_pip_audit_and_a_service_together(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "rasa.lock").write_text(f"alpha==0.9{HASH}\nbeta==1.0 ; python_version < '3'{HASH}\n")
    (tmp_path / "allow.yaml").write_text("[]")
    server = HTTPServer(("127.0.0.1", 0), _Advisories)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        code = main(["--requirements", str(tmp_path), "--allow", str(tmp_path / "allow.yaml"), "--service", address])
    finally:
        server.shutdown()
        server.server_close()
    said = capsys.readouterr()
    assert code == 1, said.err
    assert "2 packages of 1 locks" in said.out and "vulnerable: alpha 0.9 (rasa): CVE-1; mended in: 1.0" in said.out


@needs_pip_audit
def test_pip_audit_itself_understands_what_it_is_asked(tmp_path: Path) -> None:
    """With the service out of reach: the options are known to it, and its failure is no empty report."""
    (tmp_path / "list.txt").write_text("idna==3.10\n")
    environment = os.environ | {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
    done = subprocess.run([PIP_AUDIT, *OPTIONS, "-r", str(tmp_path / "list.txt")], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and "usage:" not in done.stderr
    with pytest.raises(ValueError):
        json.loads(done.stdout)
