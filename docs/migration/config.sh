# The application's settings: secrets from Postern, for a POSIX shell. To be sourced: . ./config.sh
# It exports all of the names, or ends the script with the code of what is wrong.
. ./postern.sh
postern_export SECRET_KEY DATABASE_URL REDIS_URL OPENAI_API_KEY ANTHROPIC_API_KEY HF_API_TOKEN || exit 1
