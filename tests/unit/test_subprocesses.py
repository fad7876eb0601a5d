"""Children get nothing of the environment that changes what they trust or do."""

import json
import os
import subprocess
import sys

import pytest

from verify_harness.subprocesses import clean_environment, spawn

MISLEADING = (
    *("SSLKEYLOGFILE", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"),
    *("LOCUST_HOST", "LOCUST_USERS", "LOCUST_LOCUSTFILE", "HYPOTHESIS_STORAGE_DIRECTORY"),
    *("COV_CORE_SOURCE", "COVERAGE_PROCESS_START", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME"),
    *("PYTHONWARNINGS", "PYTHONINSPECT", "PYTHONBREAKPOINT", "LD_PRELOAD"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "NO_PROXY"),
    *("TELNYX_API_KEY", "VERIFY_HARNESS_TARGET", "VERIFY_HARNESS_PROXY", "AWS_SECRET_ACCESS_KEY"),
)


def test_what_may_mislead_a_child_does_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in MISLEADING:
        monkeypatch.setenv(name, "1" if name.startswith("PYTHON") else "/planted")
    program = "import os, json; print(json.dumps(dict(os.environ)))"
    child = spawn([sys.executable, "-c", program], clean_environment(), stdout=subprocess.PIPE)
    out, _ = child.communicate(timeout=20)
    found = json.loads(out)
    assert not found.keys() & set(MISLEADING)
    assert found["LC_ALL"] == "C.UTF-8"
    assert found["PATH"] == os.environ["PATH"]
    assert found["PYTHONSAFEPATH"] == "1"
