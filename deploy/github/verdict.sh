#!/usr/bin/env bash
# The step `Verdict` of action.yml: ends with the exit code that the input `fail-on` asks for.
set -euo pipefail

code="${EXIT_CODE:-5}" # no exit code: the step before broke off
if [ "$code" = 0 ] && [ "${COMPARISON:-}" = worse ]; then code=1; fi
if [ "$code" = 0 ] && [ "${COMPARISON:-}" = impossible ]; then code=3; fi

case "$INPUT_FAIL_ON" in
    never) exit 0 ;;
    fail) if [ "$code" = 3 ]; then exit 0; fi ;;
    no-verdict) ;;
    *)
        echo "::error title=verify-harness::the input 'fail-on' is fail, no-verdict or never"
        exit 2
        ;;
esac
exit "$code"
