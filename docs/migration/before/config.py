# backend/config.py
import json
import boto3
from botocore.exceptions import ClientError

def get_aws_secrets(secret_name: str, region: str = "us-east-1") -> dict:
    """Load secrets from AWS Secrets Manager."""
    client = boto3.client("secretsmanager", region_name=region)

    try:
        response = client.get_secret_value(SecretId=secret_name)
        return json.loads(response["SecretString"])
    except ClientError as e:
        print(f"Warning: Could not load secret {secret_name}: {e}")
        return {}

# Load secrets based on environment
import os
ENV = os.getenv("ENVIRONMENT", "development")

if ENV == "production":
    app_secrets = get_aws_secrets(f"ml-workflow/{ENV}/app")
    api_secrets = get_aws_secrets(f"ml-workflow/{ENV}/api-keys")
else:
    app_secrets = {}
    api_secrets = {}
