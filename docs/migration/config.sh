# The application's settings: secrets from Postern, for a POSIX shell. To be sourced: . ./config.sh
# It exports all of the names, or ends the script with the code of what is wrong.

SECRETS_URL=${SECRETS_URL:-http://127.0.0.1:7740}
SECRETS_TOKEN_FILE=${SECRETS_TOKEN_FILE:-/var/run/secrets/postern/token}

# The token goes through a pipe, for arguments can be seen by every process; and no proxy and no .curlrc has a say.
token=$(cat "$SECRETS_TOKEN_FILE") || exit 1
answer=$(printf 'Authorization: Bearer %s\n' "$token" |
  curl --disable --noproxy '*' --silent --show-error --max-time 10 --write-out '\n# %{http_code}' \
    --header @- --header 'Accept: text/x-shellscript' \
    "$SECRETS_URL/secrets?name=SECRET_KEY&name=DATABASE_URL&name=REDIS_URL&name=OPENAI_API_KEY&name=ANTHROPIC_API_KEY&name=HF_API_TOKEN") || exit 1
case $answer in
  *'# 200') eval "$answer" ;;
  *)
    # A problem, which never holds a value.
    printf 'No secrets: %s\n' "$answer" >&2
    exit 1
    ;;
esac
unset token answer
