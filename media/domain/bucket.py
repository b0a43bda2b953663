"""Generations of videos as objects of an S3 bucket, below videos/<key>/<generation>/."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from media.domain.disk import KEY

UPLOADS_AT_ONCE = 8
DELETED_AT_ONCE = 1000  # S3's own limit
CACHE_CONTROL = "private, max-age=86400"


@dataclass(frozen=True)
class Bucket:
    """`storage` is the S3 storage of the uploads; `workshops` a folder on this disk where runs work meanwhile."""

    storage: Any
    workshops: Path
    content_type_of: Callable[[str], str]

    def publish(self, key: UUID, generation: int, work: Path) -> int:
        """Upload all files; an exception of any of them goes to the caller, who then names no such generation."""
        files = sorted(path for path in work.rglob("*") if path.is_file())
        prefix = self._prefix(key, generation)
        kept = {prefix + path.relative_to(work).as_posix() for path in files}
        self._delete([name for name, _ in self._objects(prefix) if name not in kept])
        client = self._client  # one for all threads: storage would make another for each
        with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
            uploads = [
                pool.submit(self._upload, client, path, prefix + path.relative_to(work).as_posix()) for path in files
            ]
            try:
                for upload in uploads:
                    upload.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)  # the rest would fail as slowly, one by one
                raise
        return sum(path.stat().st_size for path in files)

    def workshop(self, key: UUID) -> Path:
        return self.workshops / str(key)

    def generations(self, key: UUID) -> list[int]:
        prefix = self._prefix(key)
        found = self._pages(Prefix=prefix, Delimiter="/")
        names = [entry["Prefix"][len(prefix) : -1] for page in found for entry in page.get("CommonPrefixes", ())]
        return sorted(int(name) for name in names if name.isdigit())

    def keys(self) -> list[UUID]:
        prefix = "/".join(part for part in (self.storage.location, "videos") if part) + "/"
        found = self._pages(Prefix=prefix, Delimiter="/")
        names = [entry["Prefix"][len(prefix) : -1] for page in found for entry in page.get("CommonPrefixes", ())]
        return sorted(UUID(name) for name in names if KEY.fullmatch(name))

    def changed_at(self, key: UUID) -> float:
        pages = self._pages(Prefix=self._prefix(key))
        times = [entry["LastModified"].timestamp() for page in pages for entry in page.get("Contents", ())]
        return max(times, default=0)

    def remove(self, key: UUID, generation: int) -> int:
        objects = list(self._objects(self._prefix(key, generation)))
        self._delete([name for name, _ in objects])
        return sum(size for _, size in objects)

    def bytes_of(self, key: UUID, generation: int) -> int:
        return sum(size for _, size in self._objects(self._prefix(key, generation)))

    def fetch(self, key: UUID, generation: int, name: str, target: Path) -> None:
        try:
            self._client.download_file(self._bucket, self._prefix(key, generation) + name, str(target))
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                raise FileNotFoundError(name) from error
            raise

    def replace(self, key: UUID, generation: int, name: str, new: Path) -> None:
        self._upload(self._client, new, self._prefix(key, generation) + name)

    def download(self, name: str, target: Path) -> None:
        """Copy an uploaded file to this disk; storage's own way would hold all of it in memory."""
        key = "/".join(part for part in (self.storage.location, name) if part)
        self._client.download_file(self._bucket, key, str(target))

    def text_of(self, key: UUID, generation: int, name: str) -> str | None:
        if not _is_plain(name):
            return None
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._prefix(key, generation) + name)
        except self._client.exceptions.NoSuchKey:
            return None
        return str(found["Body"].read().decode())

    def address_of(self, key: UUID, generation: int, name: str, seconds: int) -> str:
        wanted = {"Bucket": self._bucket, "Key": self._prefix(key, generation) + name}
        return str(self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds))

    @property
    def _client(self) -> Any:
        """The client, unlike boto's resources, may be shared by threads."""
        return self.storage.connection.meta.client

    @property
    def _bucket(self) -> str:
        return str(self.storage.bucket_name)

    def _prefix(self, key: UUID, generation: int | None = None) -> str:
        parts = [self.storage.location, "videos", str(key), *([] if generation is None else [str(generation)])]
        return "/".join(part for part in parts if part) + "/"

    def _pages(self, **wanted: str) -> Iterator[dict[str, Any]]:
        yield from self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, **wanted)

    def _objects(self, prefix: str) -> Iterator[tuple[str, int]]:
        for page in self._pages(Prefix=prefix):
            for entry in page.get("Contents", ()):
                yield entry["Key"], entry["Size"]

    def _upload(self, client: Any, path: Path, name: str) -> None:
        extra = {"ContentType": self.content_type_of(path.name), "CacheControl": CACHE_CONTROL}
        client.upload_file(str(path), self._bucket, name, ExtraArgs=extra)

    def _delete(self, names: list[str]) -> None:
        for start in range(0, len(names), DELETED_AT_ONCE):
            batch = [{"Key": name} for name in names[start : start + DELETED_AT_ONCE]]
            answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                raise OSError(f"the bucket kept {len(answer['Errors'])} of {len(batch)} objects")


def _is_plain(name: str) -> bool:
    return ".." not in PurePosixPath(name).parts and "\0" not in name
