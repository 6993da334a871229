#!/usr/bin/env bash
# Finds the commit that a change on this branch starts from, and makes it the output `base`: the one in BASE, else the
# newest that this workflow carried out in full, else the one before the push (BEFORE).
#
# A run that failed, or that a newer one took the place of, is so made up for by the next.
set -euo pipefail

here=$(dirname "$0")
for commit in ${BASE:-$(python "$here/find.py" applied) "$BEFORE"}; do
  if git merge-base --is-ancestor "$commit^{commit}" HEAD 2>/dev/null; then
    git rev-parse "$commit^{commit}" | sed 's/^/base=/' >>"$GITHUB_OUTPUT"
    exit
  fi
done
echo "error: no commit is known that this change starts from" >&2
echo "  Name one in the input base: it has to be an ancestor of the commit that is applied." >&2
exit 3
