#!/usr/bin/env bash
# Finds the commit that a change on this branch starts from, and makes it the output `base`: the one in BASE, else the
# newest that this workflow carried out in full, else the one before the push (BEFORE).
#
# A run that failed, or that a newer one took the place of, is so made up for by the next. Where it cannot be known what
# was carried out, there is no base: from the one before the push, what such a run left would not be seen.
set -euo pipefail

here=$(dirname "$0")
applied=
if [ -z "${BASE:-}" ]; then
  applied=$(python "$here/find.py" applied) # on a line of its own: elsewhere its failure would not end this
fi
commit=${BASE:-${applied:-$BEFORE}}
if git merge-base --is-ancestor "$commit^{commit}" HEAD 2>/dev/null; then
  git rev-parse "$commit^{commit}" | sed 's/^/base=/' >>"$GITHUB_OUTPUT"
  exit
fi
echo "error: no commit is known that this change starts from: ${commit:-none} is no ancestor of what is checked out" >&2
echo "  Name one in the input base: it has to be an ancestor of the commit that is applied." >&2
exit 3
