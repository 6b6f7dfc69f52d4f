"""A store of files over HTTP: moto's server on loopback, as an S3 service would answer."""

from contextlib import contextmanager
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-west-2"


class Bucket:
    """A bucket and its address; ``keys`` is what lies in it."""

    def __init__(self, server, setenv):
        host, port = server.get_host_and_port()
        self.server, address = server, f"http://{host}:{port}"
        names = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        for name, value in {
            **names,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT": address,
            "AWS_ALLOW_HTTP": "true",
        }.items():
            setenv(name, value)
        self.name = f"plumbline-{uuid4()}"  # moto's buckets are those of the whole process
        self.url = f"s3://{self.name}/files"
        self._client = boto3.client(
            "s3",
            endpoint_url=address,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        self._client.create_bucket(
            Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    @property
    def keys(self):
        """The keys of everything that is stored."""
        found = self._client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return [one["Key"] for one in found]

    @property
    def unfinished(self):
        """Uploads that were begun and neither finished nor given up."""
        return self._client.list_multipart_uploads(Bucket=self.name).get("Uploads", [])

    def close(self):
        """Let go of the connections."""
        self._client.close()


@contextmanager
def serving(setenv):
    """A new, empty bucket until the block ends; ``setenv`` tells the process where it is."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    bucket = Bucket(server, setenv)
    try:
        yield bucket
    finally:
        bucket.close()
        server.stop()
