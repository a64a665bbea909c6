import boto3
from aws_secretsmanager_caching import SecretCache, SecretCacheConfig
from questions import answer

cache = SecretCache(
    config=SecretCacheConfig(secret_refresh_interval=1, exception_retry_delay_base=0.1),
    client=boto3.client("secretsmanager", region_name="us-east-1"),
)
answer(
    {
        "get": cache.get_secret_string,
        "bytes": cache.get_secret_binary,
        "stage": cache.get_secret_string,
    },
    lambda e: e.response["Error"]["Code"] if hasattr(e, "response") else type(e).__name__,
)
