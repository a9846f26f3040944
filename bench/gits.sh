# What an idle tick of a fleet without a journal asks of git, one after the other.
git version
git rev-parse --absolute-git-dir --is-shallow-repository --symbolic-full-name refs/remotes/origin/HEAD
git fetch --quiet --no-tags --prune --no-write-fetch-head --no-auto-maintenance --refmap= origin \
  "+refs/heads/main:refs/remotes/origin/main" "+refs/heads/pullbeat/*:refs/remotes/origin/pullbeat/*" \
  "+refs/pullbeat/*:refs/pullbeat/*" "^refs/pullbeat/transcripts/*"
git for-each-ref --format="%(objectname) %(refname)" refs/remotes/origin/main refs/remotes/origin/pullbeat refs/pullbeat
git ls-tree -r -z --full-tree origin/main
git cat-file --batch --batch-all-objects --buffer
git log --first-parent --diff-merges=first-parent --raw -z --no-abbrev --no-renames --format="%H %ct" origin/main -- agents
