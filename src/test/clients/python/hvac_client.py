import os

import hvac
from questions import answer

client = hvac.Client(url=os.environ["VAULT_ADDR"], token=os.environ["VAULT_TOKEN"])
kv = client.secrets.kv


def get(name, version=None):
    return kv.v2.read_secret_version(path=name, version=version, raise_on_deleted_version=True)["data"]["data"]


def again(name):
    """By the number that was just given."""
    version = kv.v2.read_secret_version(path=name, raise_on_deleted_version=True)["data"]["metadata"]["version"]
    return version == kv.v2.read_secret_metadata(path=name)["data"]["current_version"]


def login(path):
    with open(path) as file:
        token = client.auth.kubernetes.login(role="any", jwt=file.read(), use_token=False)["auth"]["client_token"]
    pod = hvac.Client(url=os.environ["VAULT_ADDR"], token=token)
    pod.auth.token.renew_self()
    value = pod.secrets.kv.v2.read_secret_version(path="app/json", raise_on_deleted_version=True)["data"]["data"]
    pod.logout(revoke_token=True)
    return value


def namespace(name):
    other = hvac.Client(url=os.environ["VAULT_ADDR"], token=os.environ["VAULT_TOKEN"], namespace="team")
    return other.secrets.kv.v2.read_secret_version(path=name, raise_on_deleted_version=True)


answer(
    {
        "get": get,
        "version": get,
        "first": lambda name: kv.v1.read_secret(path=name, mount_point="kv")["data"],
        "names": lambda path="": kv.v2.list_secrets(path=path)["data"]["keys"],
        "put": lambda name: kv.v2.create_or_update_secret(path=name, secret={"a": "b"}),
        "again": again,
        "login": login,
        "namespace": namespace,
        "authenticated": client.is_authenticated,
        "sealed": client.sys.is_sealed,
    },
    lambda e: type(e).__name__,
)
