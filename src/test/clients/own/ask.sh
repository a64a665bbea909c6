#!/bin/sh
# Answers questions about clients/shell/postern.sh: a line of JSON for each line. Usage: ask.sh CLIENT NAME
# shellcheck disable=SC2154 # The variables of the client.
set -eu
# shellcheck source=/dev/null
. "$1"
work=$(mktemp -d)
trap 'kill "$watch" 2>/dev/null || :; rm -r "$work"' EXIT

strings() { # of lines
  sed 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g; s/.*/"&"/' | paste -s -d , -
}

describe() { # EXIT-CODE
  retry=false temporary=false detail=false
  [ "$postern_retry_after" = 0 ] || retry=true
  [ "$1" != 69 ] || temporary=true
  [ -z "$postern_detail" ] || detail=true
  printf '{"error":[%s,"%s",%s,%s,%s],"names":[%s],"message":%s}\n' \
    "$postern_status" "$postern_code" "$retry" "$temporary" "$detail" \
    "$(sed 's/^postern: \(.*\): [0-9]* \([a-z-]*\): .*/\1 \2/' "$work/err" | sort | strings)" \
    "$(tr '\n' ' ' <"$work/err" | strings)"
}

answer() {
  question=$1
  shift
  case $question in
    seen) printf '[%s]\n' "$(strings <"$work/seen")" ;;
    cancel)
      kill "$watch"
      wait "$watch" || [ $? = 143 ]
      echo '["cancelled",true]'
      ;;
    all)
      postern_export "$@" 2>"$work/err" || return
      for name do
        printf '%s"%s":%s' "$([ "$name" = "$1" ] && echo '{' || echo ,)" "$name" "$(printenv "$name" | strings)"
      done
      echo '}'
      ;;
    *)
      postern_get "$1" >"$work/value" 2>"$work/err" || return
      if [ "$question" = bytes ]; then
        value=\"$(base64 <"$work/value" | tr -d '\n')\"
      else
        value=$(strings <"$work/value")
      fi
      version=null fresh=false
      [ -z "$postern_version" ] || version=\"$postern_version\"
      [ $(($(date +%s) - $(date -d "$postern_fetched_at" +%s))) -ge 60 ] || fresh=true
      printf '[%s,%s,%s,%s,false]\n' "$value" "$postern_stale" "$version" "$fresh"
      ;;
  esac
}

{ postern_watch "$2" sh -c 'cat && echo' || echo "$postern_code"; } >"$work/seen" 2>/dev/null &
watch=$!
while read -r line; do
  # shellcheck disable=SC2086 # words
  answer $line || describe $?
done
