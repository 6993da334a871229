#!/usr/bin/env bash
# Runs accessplan with the arguments given, and ends well whatever came of it: what was said has to be told first.
#
# The exit code becomes the output `code`, and what the job is to end with the output `end`. Code, stdout and stderr are
# kept as COMMAND.code, COMMAND.out and COMMAND.err in the folder ACCESS_FOLDER (RUNNER_TEMP/access). ACCESSPLAN_LIVE and
# ACCESSPLAN_LEDGER become options. While another run holds the lock, it is tried again, three times in all, LOCK_WAIT
# seconds apart.
set -uo pipefail

command=$1
folder=${ACCESS_FOLDER:-$RUNNER_TEMP/access}
kept=$folder/$command
mkdir -p "$folder"

options=()
case " $* " in *" --live "*) ;; *) options+=(${ACCESSPLAN_LIVE:+--live "$ACCESSPLAN_LIVE"}) ;; esac
options+=(${ACCESSPLAN_LEDGER:+--ledger "$ACCESSPLAN_LEDGER"})

for try in 1 2 3; do
  accessplan "$@" ${options[@]+"${options[@]}"} 2>"$kept.err" | tee "$kept.out"
  code=${PIPESTATUS[0]}
  cat "$kept.err" >&2
  if [ "$code" -ne 9 ] || [ "$try" -eq 3 ]; then break; fi
  sleep "${LOCK_WAIT:-60}"
done

# Differences are no fault; nor are steps that are left to people, where all the rest was done.
is_left_to_people() {
  grep -qE '^Applied: ([0-9]+ done, )?[0-9]+ by hand\.$' "$kept.out" &&
    ! grep -qE '^(Run accessplan plan to see what is left\.|MOVED MEANWHILE)' "$kept.out"
}
end=$code
if [ "$code" -eq 2 ] || { [ "$code" -eq 6 ] && is_left_to_people; }; then end=0; fi

echo "$code" >"$kept.code"
printf 'code=%s\nend=%s\n' "$code" "$end" >>"${GITHUB_OUTPUT:-$kept.outputs}"
