#!/usr/bin/env bash
# The step `Run` of action.yml: run, report, and write the outputs. The step `Verdict` decides.
# Inputs come as INPUT_* variables: no text of a caller is ever part of a script.
set -euo pipefail

PATH="$RUNNER_TEMP/verify-harness/bin:$PATH"
run_dir="$RUNNER_TEMP/verify-run-${GITHUB_RUN_ATTEMPT:-1}-$$"

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

read -ra command <<<"$INPUT_COMMAND"
read -ra selected <<<"$INPUT_REQUIREMENTS"
read -ra hosts <<<"$INPUT_ALLOW_REMOTE"
case "$INPUT_COMMAND" in
    "contract run") command+=("${selected[@]}") ;;
    "load run") command+=("$INPUT_PROFILE") ;;
    check | smoke | prove) ;;
    *)
        echo "::error title=verify-harness::no such command for the input 'command'; known: check, smoke, contract run, load run, prove"
        output exit-code 2
        exit 0
        ;;
esac
[ -z "$INPUT_TARGET" ] || command+=(--target "$INPUT_TARGET")
for host in "${hosts[@]}"; do command+=(--allow-remote "$host"); done
while IFS= read -r argument; do
    [ -z "$argument" ] || command+=("$argument")
done <<<"$INPUT_ARGS"

code=0
verify-harness "${command[@]}" --output "$run_dir" || code=$?
output exit-code "$code"
output run-dir "$run_dir"

[ -f "$run_dir/journal.ndjson" ] || exit 0 # nothing began: the message stands above
output report "$run_dir/report.html"
output junit "$run_dir/junit.xml"
verify-harness report "$run_dir" --format outputs | sed '/^exit_code=/d' >>"$GITHUB_OUTPUT"
if [ "$INPUT_ANNOTATIONS" = true ]; then
    verify-harness report "$run_dir" --format github
fi
if [ "$INPUT_SUMMARY" = true ]; then
    cat "$run_dir/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
if [ "$INPUT_SARIF" = true ]; then
    verify-harness report "$run_dir" --format sarif --output "$run_dir/verify.sarif"
    output sarif "$run_dir/verify.sarif"
fi
if [ -n "$INPUT_BASELINE" ]; then
    compared=0
    verify-harness compare "$INPUT_BASELINE" "$run_dir" || compared=$?
    case "$compared" in
        0) output comparison same ;;
        1) output comparison worse ;;
        *) output comparison impossible ;;
    esac
    if [ "$compared" -le 1 ]; then # the report that is kept shows the changes, too
        verify-harness report "$run_dir" --baseline "$INPUT_BASELINE" >/dev/null
    fi
fi
