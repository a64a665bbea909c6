#!/usr/bin/env bash
# Starts Postern, reads secrets and appends them, masked, to $GITHUB_ENV: all of them or none. Runs outside of GitHub as well; needs java and curl.
#
#   EXPORT_JAR      quarkus-run.jar
#   EXPORT_SECRETS  a line for each: NAME, or NAME=secret, or NAME=secret#property. A secret is written as in the path of a URL, with
#                   "backend:" before it where it is not the default backend's, and a property likewise
#   GITHUB_ENV      the file to append to
#   RUNNER_TEMP     where to work, /tmp where this is absent
#
# Everything else in the environment is Postern's: SECRETS_BACKEND, the manager's own variables, POSTERN_CONFIG. Without POSTERN_CONFIG there is no
# file of settings, and relative paths lead nowhere; with it, they begin where that file is.
{ set +x; } 2>/dev/null # a trace would show the values
set -euo pipefail
umask 077

# Prints the file $2 as a group with the title $1. The runner takes no line of it for a command.
show() {
  local resume
  if [ -s "$2" ]; then
    resume=$(random)
    printf '::group::%s\n::stop-commands::%s\n' "$1" "$resume"
    sed "\$a\\" "$2" # with an end of its last line
    printf '::%s::\n::endgroup::\n' "$resume"
  fi
}

random() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

absolute() {
  case $1 in
    /*) printf '%s' "$1" ;;
    *) printf '%s/%s' "$PWD" "$1" ;;
  esac
}

work=$(absolute "$(mktemp -d "${RUNNER_TEMP:-/tmp}/postern.XXXXXXXX")")
pid=
cleanup() {
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  show "What was read, by Postern's audit log" "$work/audit" || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 143' INT TERM

# What stands after "::command::" is decoded by the runner.
escape() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

fail() {
  printf '::error::%s\n' "$(escape "$1")"
  exit 1
}

# Percent-encodes what may not stand in a path or a query as it is, and leaves what is encoded already.
encode() {
  local LC_ALL=C text=$1 out='' i byte
  for ((i = 0; i < ${#text}; i++)); do
    byte=${text:i:1}
    case $byte in
      [A-Za-z0-9._~/:%-]) ;;
      *)
        printf -v byte '%d' "'$byte"
        printf -v byte '%%%02X' $((byte & 255))
        ;;
    esac
    out+=$byte
  done
  printf '%s' "$out"
}

start() {
  local jar config=/dev/null directory=$work
  jar=$(absolute "$EXPORT_JAR")
  if [ -n "${POSTERN_CONFIG:-}" ]; then
    config=$(absolute "$POSTERN_CONFIG")
    directory=$(dirname "$config")
  fi
  # What is read below may be read before the shell in the background has made it.
  : >"$work/log"
  # This directory may be a stranger's checkout, and what nobody has named would be taken from it: settings from postern.yaml and
  # config/application.properties, which could send the manager's token elsewhere, and values from .env.
  (
    cd "$directory"
    POSTERN_CONFIG=$config POSTERN_TOKEN_FILE=$work/token POSTERN_HTTP_PORT=0 POSTERN_HTTP_MANAGEMENT_PORT=0 \
      exec java -Djava.io.tmpdir="$work" -jar "$jar"
  ) >"$work/audit" 2>"$work/log" </dev/null &
  pid=$!
  for _ in $(seq 300); do
    url=$(sed -n 's/.*Listening on: \(http:[^ ]*\).*/\1/p' "$work/log" | head -n 1)
    if [ -n "$url" ]; then
      return
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  show "Postern's log" "$work/log"
  fail 'Postern did not start'
}

# Reads the secret $2 into the file $1. The token is in a file, for arguments can be seen by every process; and whatever the runner's proxy and
# .curlrc say, the request stays on this machine.
read_secret() {
  local reference=$2 query='' status
  case $reference in
    *'#'*) query="?property=$(encode "${reference#*'#'}")" ;;
  esac
  status=$(curl --disable --noproxy '*' --path-as-is --silent --show-error --max-time 60 --header "@$work/headers" \
    --output "$1" --write-out '%{http_code}' "$url/secrets/$(encode "${reference%%'#'*}")$query") || fail "$reference: Postern did not answer"
  if [ "$status" != 200 ]; then
    fail "$reference: $status $(sed -n 's/.*"code" *: *"\([a-z-]*\)".*/\1/p' "$1")"
  fi
  if [ "$(tr -d '\0' <"$1" | wc -c)" != "$(wc -c <"$1")" ]; then
    fail "$reference: a value with a NUL cannot be a variable"
  fi
}

# Masks every line of the file $1, but those that are one bracket of JSON or an empty pair, with or without a comma. Without the blanks around it: they
# may be gone where it is shown.
mask() {
  local line bracket='^([][{}]|\{\}|\[\]),?$'
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line#"${line%%[![:space:]]*}"}
    line=${line%"${line##*[![:space:]]}"}
    if [ -n "$line" ] && ! [[ $line =~ $bracket ]]; then
      printf '::add-mask::%s\n' "$(escape "$line")"
    fi
  done <"$1"
}

# Writes the variable $1 with the value in the file $2. No line of the value can end it.
assign() {
  local delimiter
  until delimiter=$(random) && ! grep -qF "$delimiter" "$2"; do :; done
  printf '%s<<%s\n' "$1" "$delimiter"
  cat "$2"
  printf '\n%s\n' "$delimiter"
}

names=() references=()
while IFS= read -r line; do
  line=${line//[$' \t\r']/}
  if [ -z "$line" ]; then
    continue
  fi
  name=${line%%=*}
  if ! [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then
    fail "$name: not the name of a variable"
  fi
  names+=("$name")
  references+=("${line#*=}")
done <<<"$EXPORT_SECRETS"
if [ ${#names[@]} = 0 ]; then
  fail 'no secrets are named'
fi

start
printf 'Authorization: Bearer %s\nAccept: text/plain\n' "$(cat "$work/token")" >"$work/headers"
for i in "${!names[@]}"; do
  read_secret "$work/value.$i" "${references[i]}"
  mask "$work/value.$i"
done
for i in "${!names[@]}"; do
  assign "${names[i]}" "$work/value.$i"
done >"$work/assignments"
cat "$work/assignments" >>"$GITHUB_ENV"
printf 'Exported: %s\n' "${names[*]}"
