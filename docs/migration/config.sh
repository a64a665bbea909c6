# The application's settings: secrets from Postern, for a POSIX shell. To be sourced: . ./config.sh
# It exports all of the names, or ends the script with the code of what is wrong.

SECRETS_URL=${SECRETS_URL:-http://127.0.0.1:7740}
SECRETS_TOKEN_FILE=${SECRETS_TOKEN_FILE:-/var/run/secrets/postern/token}

# The token goes through a pipe, because every process can see arguments. No proxy and no .curlrc has a say.
token=$(cat "$SECRETS_TOKEN_FILE") || exit 1
secret() {
  printf 'Authorization: Bearer %s\n' "$token" |
    curl --disable --noproxy '*' --silent --show-error --max-time 10 --fail-with-body \
      --header @- --header 'Accept: text/plain' "$SECRETS_URL/secrets/$1"
}

for name in SECRET_KEY DATABASE_URL REDIS_URL OPENAI_API_KEY ANTHROPIC_API_KEY HF_API_TOKEN; do
  # The x keeps newlines at the value's end. Nothing is evaluated.
  if ! value=$(secret "$name" && printf x); then
    # A problem, which never holds a value.
    printf 'No secrets: %s\n' "$value" >&2
    exit 1
  fi
  export "$name=${value%x}"
done
unset token name value
