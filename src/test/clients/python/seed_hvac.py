import hvac

def get_vault_secrets(path: str) -> dict:
    """Load secrets from HashiCorp Vault."""
    client = hvac.Client(
        url=os.getenv("VAULT_ADDR", "http://localhost:8200"),
        token=os.getenv("VAULT_TOKEN"),
    )

    try:
        response = client.secrets.kv.v2.read_secret_version(path=path)
        return response["data"]["data"]
    except Exception as e:
        print(f"Warning: Could not load secrets from {path}: {e}")
        return {}

# Usage
if ENV == "production":
    app_secrets = get_vault_secrets("ml-workflow/production/config")
