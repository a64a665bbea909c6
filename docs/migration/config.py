"""The application's settings: secrets from Postern, read once, when the program starts."""
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

NAMES = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HF_API_TOKEN")


def read_secrets(names):
    """Reads all of them in one request, or ends the program with the code of what is wrong."""
    url = os.getenv("SECRETS_URL", "http://127.0.0.1:7740")
    try:
        with open(os.getenv("SECRETS_TOKEN_FILE", "/var/run/secrets/postern/token"), encoding="ascii") as file:
            token = file.read().strip()
        request = urllib.request.Request(
            f"{url}/secrets?{urllib.parse.urlencode([('name', name) for name in names])}",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )
        # Whatever proxy the environment names: the token stays on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    except OSError as error:
        sys.exit(f"No secrets: {error}")
    # All that is wrong with single names, or the one problem of the whole request.
    problems = answer["errors"] if "secrets" in answer else {"secrets": answer}
    for name, problem in problems.items():
        print(f"{name}: {problem['status']} {problem['code']}, request {problem['requestId']}", file=sys.stderr)
    if problems:
        sys.exit(1)
    return {name: secret["value"] for name, secret in answer["secrets"].items()}


secrets = read_secrets(NAMES)
