"""What schemathesis needs to know about Postern beyond its documents."""
import re
import zlib

import schemathesis

# Those of HTTP itself.
FRAMING = {"connection", "content-length", "content-type"}


@schemathesis.check
def documented_headers_only(ctx, response, case):
    documented = case.operation.responses.find_by_status_code(response.status_code)
    if documented is not None:
        unknown = set(response.headers) - FRAMING - {name.lower() for name, _ in documented.headers.items()}
        assert not unknown, f"undocumented headers: {sorted(unknown)}"


def in_normal_form(name):
    """A name of Greek letters. Which others are normalized and printable, no JSON Schema can say."""
    return re.sub(r"[^\x00-\x7f]", lambda found: chr(0x3B1 + ord(found.group()) % 25), name)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Does not wait, asks only for backends that are enabled, and accepts each of the formats of one secret.

    The formats of several secrets want names of variables.
    """
    if re.fullmatch("[0-9]{1,2}s", str(case.query.get("wait"))):
        case.query["wait"] = "0s"
    if isinstance(case.query.get("name"), list):
        case.query["name"] = [
            re.sub("^(aws|azure|gcp):", "vault:", in_normal_form(str(name))) for name in case.query["name"]]
    if "name" in case.path_parameters:
        case.path_parameters["name"] = in_normal_form(str(case.path_parameters["name"]))
        accepted = ["*/*", "application/json", "text/plain", "application/octet-stream"]
        which = zlib.crc32(repr((case.path_parameters, case.query)).encode()) % len(accepted)
        case.headers.setdefault("Accept", accepted[which])


@schemathesis.deserializer("application/octet-stream")
def octets(context, response):
    return response.content.decode("latin-1")
