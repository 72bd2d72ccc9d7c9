"""Signs the requests that come as lines of JSON, and prints an Authorization header for each: botocore's opinion."""

import base64
import hashlib
import json
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

for line in sys.stdin:
    asked = json.loads(line)
    body = base64.b64decode(asked["body"])
    request = AWSRequest(method=asked["method"], url=asked["url"], data=body)
    for name, value in asked["headers"]:
        request.headers[name] = value
    credentials = Credentials(asked["key"], asked["secret"], asked["token"])
    if asked["service"] == "s3":
        signer = S3SigV4Auth(credentials, "s3", asked["region"])
        request.context["client_config"] = Config(s3={"payload_signing_enabled": asked["signed"]})
    else:
        signer = SigV4Auth(credentials, asked["service"], asked["region"])
        request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
    # As add_auth does, with our time.
    request.context["timestamp"] = asked["time"]
    signer._modify_request_before_signing(request)
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    signer._inject_signature_to_request(request, signature)
    print(request.headers["Authorization"])
