# Reads secrets from Postern. Copy this file, and source it in a POSIX shell: . ./postern.sh
# It needs curl 7.55 and base64.
#
#   postern_get NAME                     prints the value, and sets postern_version, postern_fetched_at and
#                                        postern_stale (true or false)
#   postern_export NAME...               exports up to 100 secrets as variables, with one request: all or none
#   postern_watch NAME COMMAND [ARG]...  runs COMMAND with the value as its input, and again with each new value; a
#                                        signal ends it
#
# NAME is a reference as in Postern's settings, percent-encoded: [backend:]name[#property][@version]. A failure prints
# Postern's code, or unreachable, no-token or invalid-answer with the status 0. It sets postern_code, postern_status,
# postern_detail and postern_retry_after, and returns 69 if waiting may help, and otherwise 78.
#
# SECRETS_URL is http://host:port or unix:/path. The token file is read for each request, so it may be rotated. Values
# and the token are only in variables and pipes. Names that begin with _p_ are for this file.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034 # Variables for those who source it.

_p_newline='
'
_p_return=$(printf '\r')

postern_get() { # NAME
  if _p_read "$1"; then
    _p_print
  else
    _p_fail "$1" "$_p_answer"
  fi
}

postern_export() { # NAME...
  _p_names=" $* " _p_left=$# _p_listed=''
  for _p_name do
    _p_listed=$_p_listed${_p_listed:+, }$_p_name
    set -- "$@" --data-urlencode "name=$_p_name"
    shift
  done
  if ! _p_ask 10 secrets -H 'Accept: text/x-shellscript' "$@"; then
    _p_all=$_p_answer
    for _p_name in $_p_names; do
      case $_p_all in
        *"\"$_p_name\":{"*) _p_fail "$_p_name" "${_p_all#*"\"$_p_name\":{"}" || : ;;
      esac
    done
    case $_p_all in *'"errors":'*) _p_problem "$_p_all" ;; *) _p_fail "$_p_listed" "$_p_all" ;; esac
    return
  fi
  # Lines like export NAME='it'\''s', split at the quotes. They are not evaluated: any program can take a free port.
  case $- in *f*) _p_globs=-f ;; *) _p_globs=+f ;; esac
  [ -z "${IFS+x}" ] || _p_ifs=$IFS
  set -f
  IFS=\'
  # shellcheck disable=SC2086
  set -- $_p_answer
  set "$_p_globs"
  unset IFS
  [ -z "${_p_ifs+x}" ] || IFS=$_p_ifs
  _p_answer='' _p_inside='' _p_name=''
  for _p_part do
    case $_p_inside$_p_part in
      inside*) _p_value=$_p_value$_p_part _p_inside='' ;;
      '') _p_inside=inside ;;
      \\) _p_value=$_p_value\' ;;
      "export "*= | "${_p_newline}export "*=)
        _p_assign
        _p_name=${_p_part#*export } _p_value='' _p_inside=inside
        _p_name=${_p_name%=}
        ;;
      *) break ;;
    esac
  done
  _p_assign
  [ "$_p_left" = 0 ] || _p_fail "$_p_listed" ''
}

_p_assign() {
  case $_p_name,$_p_names in
    [A-Za-z_]*,*[\ /:#]"$_p_name"[\ @]*) export "$_p_name=$_p_value" && _p_left=$((_p_left - 1)) ;;
  esac
}

postern_watch() { # NAME COMMAND [ARG]...
  _p_watched=$1 _p_tag='' _p_last='' _p_pause=2
  shift
  if ! _p_read "$_p_watched"; then
    _p_fail "$_p_watched" "$_p_answer"
    return
  fi
  while :; do
    # The tags of a restarted Postern are new, even if the value is not.
    if [ "$_p_last" != "=$_p_value" ]; then
      _p_last="=$_p_value"
      _p_print | "$@" || :
    fi
    if _p_read "$_p_watched" "$_p_tag"; then
      _p_pause=2
      continue
    fi
    _p_problem "$_p_answer" || _p_result=$?
    if [ "$_p_result" != 69 ] && [ "$postern_status" != 401 ]; then
      _p_fail "$_p_watched" "$_p_answer"
      return
    fi
    _p_random=$(od -An -N1 -tu1 /dev/urandom)
    _p_seconds=$((_p_pause / 2 + _p_random * _p_pause / 512))
    [ "$_p_seconds" -gt "$postern_retry_after" ] || _p_seconds=$postern_retry_after
    sleep "$_p_seconds"
    [ "$_p_pause" -ge 30 ] || _p_pause=$((_p_pause * 2))
  done
}

# Reads a secret. Its value stays as it is in JSON. With a tag, it waits for another value.
_p_read() { # NAME [TAG]
  _p_reference=$1 _p_path=${1%%@*} _p_limit=10
  set -- "${2-}"
  case $_p_path in *'#'*) set -- "$@" -d "property=${_p_path#*'#'}" ;; esac
  case $_p_reference in *@*) set -- "$@" -d "version=${_p_reference#*@}" ;; esac
  if [ -n "$1" ]; then
    set -- "$@" -d wait=60s -H "If-None-Match: $1"
    _p_limit=70
  fi
  shift
  _p_ask "$_p_limit" "secrets/${_p_path%%'#'*}" -H 'Accept: application/json' "$@" || return
  [ "$_p_status" = 200 ] || return 0
  case $_p_answer in
    '{"name":'*'","encoding":"'*) ;;
    *) _p_answer='' && return 1 ;;
  esac
  # A quote inside a string of JSON has a backslash in front.
  _p_value=${_p_answer#*'"value":"'} _p_encoding=${_p_answer##*'","encoding":"'}
  _p_value=${_p_value%'","encoding":"'*} _p_encoding=${_p_encoding%%\"*}
  postern_fetched_at=${_p_answer##*'"fetchedAt":"'} postern_version=${_p_answer##*'"version":'}
  postern_fetched_at=${postern_fetched_at%%\"*} postern_version=${postern_version%%,*}
  postern_version=${postern_version#\"} postern_version=${postern_version%\"}
  [ "$postern_version" != null ] || postern_version=''
}

_p_print() {
  case $_p_encoding in
    base64) printf %s "$_p_value" | base64 -d ;;
    *)
      # Control characters become octal, which printf knows.
      _p_value=$(printf '%s\n' "$_p_value" | sed 's/\\\\/\\0134/g; s/\\"/"/g; s/\\u000\([0-7]\)/\\000\1/g
        s/\\u000B/\\0013/g; s/\\u000E/\\0016/g; s/\\u000F/\\0017/g; s/\\u001\([0-7]\)/\\002\1/g
        s/\\u0018/\\0030/g; s/\\u0019/\\0031/g; s/\\u001A/\\0032/g; s/\\u001B/\\0033/g
        s/\\u001C/\\0034/g; s/\\u001D/\\0035/g; s/\\u001E/\\0036/g; s/\\u001F/\\0037/g')
      printf %b "$_p_value"
      ;;
  esac
}

# Leaves the body in _p_answer. It fails on other statuses than 200 and 304.
_p_ask() { # SECONDS PATH CURL-ARGUMENT...
  _p_limit=$1 _p_path=$2 _p_url=${SECRETS_URL:-http://127.0.0.1:7740} _p_file=${SECRETS_TOKEN_FILE-} _p_token=''
  shift 2
  case $_p_url in
    unix:*) set -- "$@" --unix-socket "${_p_url#unix:}" && _p_url=http://localhost ;;
  esac
  [ -n "$_p_file" ] || _p_file=/var/run/secrets/postern/token
  [ -n "${SECRETS_TOKEN_FILE-}" ] || [ -e "$_p_file" ] || _p_file=${HOME-}/.postern/token
  postern_retry_after=0
  if ! { read -r _p_token <"$_p_file" || [ -n "$_p_token" ]; } 2>/dev/null; then
    _p_answer="\"detail\":\"cannot read $_p_file\",\"code\":\"no-token\""
    return 1
  fi
  # Every process can see arguments, so the token goes through a pipe. No .curlrc, proxy or redirect may divert it.
  if ! _p_answer=$(printf 'Authorization: Bearer %s\n' "$_p_token" | curl -q -s -g -i -G --path-as-is --noproxy '*' \
    --proto '=http' --connect-timeout 5 --max-time "$_p_limit" -H @- "$@" "$_p_url/$_p_path"); then
    _p_answer="\"detail\":\"curl cannot reach $_p_url\",\"code\":\"unreachable\""
    return 1
  fi
  _p_head=${_p_answer%%"$_p_return$_p_newline$_p_return"*}
  _p_answer=${_p_answer#*"$_p_return$_p_newline$_p_return$_p_newline"}
  _p_status=${_p_head#* }
  _p_status=${_p_status%%[!0-9]*}
  _p_header '[Rr]etry-[Aa]fter'
  postern_retry_after=${_p_found:-0}
  _p_header '[Ee][Tt]ag'
  _p_tag=${_p_found:-${_p_tag-}}
  case $_p_head in *detail=stale*) postern_stale=true ;; *) postern_stale=false ;; esac
  [ "$_p_status" = 200 ] || [ "$_p_status" = 304 ]
}

_p_header() { # PATTERN
  # shellcheck disable=SC2295 # a pattern
  _p_found=${_p_head#*$1: }
  [ "$_p_found" != "$_p_head" ] || _p_found=''
  _p_found=${_p_found%%"$_p_return"*}
}

# Takes a problem apart.
_p_problem() { # JSON
  case $1 in
    *'"code":"'*) ;;
    *) set -- '"detail":"this is not Postern","code":"invalid-answer"' ;;
  esac
  case $1 in *'"status":'*) postern_status=${1#*'"status":'} ;; *) postern_status=0 ;; esac
  case $1 in *'"requestId":"'*) _p_request=${1#*'"requestId":"'} ;; *) _p_request=none ;; esac
  postern_detail=${1#*'"detail":"'} postern_code=${1#*'"code":"'}
  postern_status=${postern_status%%[!0-9]*} postern_detail=${postern_detail%%\"*} postern_code=${postern_code%%\"*}
  _p_request=${_p_request%%\"*}
  case $postern_status in 0 | 429 | 5??) return 69 ;; esac
  return 78
}

_p_fail() { # NAME JSON
  _p_result=0
  _p_problem "$2" || _p_result=$?
  printf 'postern: %s: %s %s: %s (request %s)\n' \
    "$1" "$postern_status" "$postern_code" "$postern_detail" "$_p_request" >&2
  return "$_p_result"
}
