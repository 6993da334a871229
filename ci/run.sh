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

# GitHub reads two streams at the same time; what is stopped and resumed below has to stay in order.
if [ -n "${GITHUB_ACTIONS:-}" ]; then exec 2>&1; fi

# Has GitHub take no line that a command prints for a command of the workflow: a name may look like one. The token that
# ends this is masked, so that nobody who reads along learns it.
plainly() {
  local token ended
  if [ -z "${GITHUB_ACTIONS:-}" ]; then
    "$@"
    return
  fi
  token=$(python -I -c 'import secrets; print(secrets.token_hex())') || exit
  printf '::add-mask::%s\n::stop-commands::%s\n' "$token" "$token"
  "$@"
  ended=$?
  echo "::$token::"
  return "$ended"
}

attempt() {
  accessplan "$@" ${options[@]+"${options[@]}"} 2>"$kept.err" | tee "$kept.out"
  return "${PIPESTATUS[0]}"
}

for try in 1 2 3; do
  case " $* " in
  *" --format github "* | *" --format=github "*) attempt "$@" ;; # is made of such commands, and escapes names
  *) plainly attempt "$@" ;;
  esac
  code=$?
  plainly cat "$kept.err" >&2
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
