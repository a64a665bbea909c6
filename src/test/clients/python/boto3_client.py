import boto3
from questions import answer

client = boto3.client("secretsmanager", region_name="us-east-1")


def value(response):
    return response["SecretString"] if "SecretString" in response else response["SecretBinary"]


def batch(*names):
    response = client.batch_get_secret_value(SecretIdList=names)
    found = {secret["Name"]: value(secret) for secret in response["SecretValues"]}
    return found | {error["SecretId"]: error["ErrorCode"] for error in response["Errors"]}


def describe(name):
    response = client.describe_secret(SecretId=name)
    current = client.get_secret_value(SecretId=name)
    return {
        "same": response["VersionIdsToStages"] == {current["VersionId"]: current["VersionStages"]},
        "arn": response["ARN"] == current["ARN"],
        "created": response["CreatedDate"] == current["CreatedDate"],
    }


answer(
    {
        "get": lambda name: value(client.get_secret_value(SecretId=name)),
        "stage": lambda name, stage: value(client.get_secret_value(SecretId=name, VersionStage=stage)),
        "version": lambda name, version: value(client.get_secret_value(SecretId=name, VersionId=version)),
        "arn": lambda name: client.get_secret_value(SecretId=name)["ARN"],
        "put": lambda name: client.put_secret_value(SecretId=name, SecretString="x"),
        "names": lambda: [secret["Name"] for secret in client.list_secrets()["SecretList"]],
        "batch": batch,
        "describe": describe,
    },
    lambda e: e.response["Error"]["Code"] if hasattr(e, "response") else type(e).__name__,
)
