#!/usr/bin/env bash
# Fetches a release of Postern with the gh command, and checks that the repository's own workflow for releases has built it, from this version's tag,
# on a runner of GitHub's.
#
#   FETCH_VERSION     the version, without "v"
#   FETCH_REPOSITORY  owner/name
#   GH_TOKEN          for gh
#   RUNNER_TEMP       where to unpack
#   GITHUB_OUTPUT     gets the path of quarkus-run.jar
set -euo pipefail

fail() {
  printf '::error::%s\n' "$1"
  exit 1
}

[[ $FETCH_VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail 'version: it is not three numbers, such as 0.1.0'
[ -n "$FETCH_REPOSITORY" ] || fail 'repository: the runner does not tell which repository this action is from; name it, as owner/name'
[[ $FETCH_REPOSITORY =~ ^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*$ ]] || fail 'repository: it is not owner/name'

archive=postern-$FETCH_VERSION.tar.gz
target=$RUNNER_TEMP/postern-$FETCH_VERSION
mkdir -p "$target"
gh release download "v$FETCH_VERSION" --repo "$FETCH_REPOSITORY" --pattern "$archive" --dir "$RUNNER_TEMP" --clobber
gh attestation verify "$RUNNER_TEMP/$archive" --repo "$FETCH_REPOSITORY" --deny-self-hosted-runners \
  --cert-identity "https://github.com/$FETCH_REPOSITORY/.github/workflows/release.yml@refs/tags/v$FETCH_VERSION"
tar -xzf "$RUNNER_TEMP/$archive" -C "$target" --strip-components=1
printf 'jar=%s\n' "$target/quarkus-run.jar" >>"$GITHUB_OUTPUT"
