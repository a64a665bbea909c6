#!/usr/bin/env bash
# Fetches a release of Postern with the gh command, and checks that the repository's own workflow has built it.
#
#   FETCH_VERSION     the version, without "v"
#   FETCH_REPOSITORY  owner/name
#   GH_TOKEN          for gh
#   RUNNER_TEMP       where to unpack
#   GITHUB_OUTPUT     gets the path of quarkus-run.jar
set -euo pipefail

archive=postern-$FETCH_VERSION.tar.gz
target=$RUNNER_TEMP/postern-$FETCH_VERSION
mkdir -p "$target"
gh release download "v$FETCH_VERSION" --repo "$FETCH_REPOSITORY" --pattern "$archive" --dir "$RUNNER_TEMP" --clobber
gh attestation verify "$RUNNER_TEMP/$archive" --repo "$FETCH_REPOSITORY"
tar -xzf "$RUNNER_TEMP/$archive" -C "$target" --strip-components=1
printf 'jar=%s\n' "$target/quarkus-run.jar" >>"$GITHUB_OUTPUT"
