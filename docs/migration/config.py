"""The application's settings: secrets from Postern, read once, when the program starts."""
import sys

from postern import Client, PosternError

NAMES = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HF_API_TOKEN")

try:
    secrets = {name: secret.text for name, secret in Client().get_all(NAMES).items()}
except PosternError as error:
    sys.exit(f"No secrets: {error}")
