"""manage.py create_bucket: make the bucket of S3_BUCKET when the store does not have it yet."""

from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Make the bucket for uploaded files; does nothing when it exists or files are kept in a folder."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.S3_BUCKET:
            self.stdout.write("Files are kept in a folder: no bucket is needed.")
            return
        client = default_storage.connection.meta.client  # type: ignore[attr-defined]
        try:
            client.head_bucket(Bucket=settings.S3_BUCKET)
        except ClientError as answer:
            if answer.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            client.create_bucket(Bucket=settings.S3_BUCKET)
        self.stdout.write(f"The bucket {settings.S3_BUCKET} is there.")
