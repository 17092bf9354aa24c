"""A server on loopback that plays the Hugging Face Hub: enough of it for huggingface_hub to upload and download, and,
when told to, it misbehaves."""

import base64
import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional


class LoopbackHub:
    """Repositories in memory; `files` of one: path -> bytes. LFS files are redirected to a second server, the store."""

    def __init__(self) -> None:
        self.repositories: "dict[str, dict[str, bytes]]" = {}
        self.large: "dict[str, bytes]" = {}  # by SHA-256
        self.requests: "list[tuple[str, str, str, Optional[str]]]" = []  # server, method, path, authorization
        self.trouble: "dict[str, Any]" = {}  # what goes wrong, see _Handler
        self.token: "Optional[str]" = None  # what it wants
        self._servers = [self._start("hub"), self._start("store")]
        self.endpoint, self.store = (f"http://127.0.0.1:{server.server_port}" for server in self._servers)

    def _start(self, role: str) -> ThreadingHTTPServer:
        hub = self

        class Bound(_Handler):
            pass

        Bound.hub, Bound.role = hub, role
        server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def commit(self, repository: str) -> str:
        files = self.repositories[repository]
        return hashlib.sha1(repr(sorted((p, hashlib.sha1(b).hexdigest()) for p, b in files.items())).encode()).hexdigest()


def is_large(path: str) -> bool:
    return path.endswith((".onnx", ".safetensors", ".png"))


def git_hash(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: LoopbackHub
    role: str
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _json(self, document: object, status: int = 200) -> None:
        self._answer(status, json.dumps(document).encode(), Content_Type="application/json")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _seen(self) -> None:
        self.hub.requests.append((self.role, self.command, self.path, self.headers.get("Authorization")))

    def do_HEAD(self) -> None:
        self._get()

    def do_GET(self) -> None:
        self._get()

    def do_PUT(self) -> None:
        self._seen()
        data = self._body()
        self.hub.large[hashlib.sha256(data).hexdigest()] = data
        self._answer(200)

    def do_POST(self) -> None:
        self._seen()
        body, path = self._body(), self.path.split("?")[0]
        if path == "/api/repos/create":
            name = json.loads(body)
            repository = f"{name.get('organization') or 'me'}/{name['name']}"
            self.hub.repositories.setdefault(repository, {})
            return self._json({"url": f"{self.hub.endpoint}/{repository}", "name": repository})
        if path == "/api/validate-yaml":
            return self._json({"errors": [], "warnings": []})
        if found := re.fullmatch(r"/api/models/(\w+/[\w.-]+)/preupload/\w+", path):
            files = json.loads(body)["files"]
            answers = [
                {"path": f["path"], "uploadMode": "lfs" if is_large(f["path"]) else "regular", "shouldIgnore": False}
                for f in files
            ]
            return self._json({"files": answers})
        if found := re.fullmatch(r"/(\w+/[\w.-]+)\.git/info/lfs/objects/batch", path):
            objects = [
                {
                    "oid": o["oid"],
                    "size": o["size"],
                    "actions": {"upload": {"href": f"{self.hub.store}/upload/{o['oid']}", "header": {}}},
                }
                for o in json.loads(body)["objects"]
            ]
            return self._json({"transfer": "basic", "objects": objects})
        if found := re.fullmatch(r"/api/models/(\w+/[\w.-]+)/commit/\w+", path):
            files = self.hub.repositories[found[1]]
            for line in body.decode().splitlines():
                entry = json.loads(line)
                value = entry["value"]
                if entry["key"] == "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                elif entry["key"] == "lfsFile":
                    files[value["path"]] = self.hub.large[value["oid"]]
            oid = self.hub.commit(found[1])
            url = f"{self.hub.endpoint}/{found[1]}/commit/{oid}"
            return self._json({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})
        self._json({"error": f"no route {path}"}, 404)

    def _get(self) -> None:
        self._seen()
        path = self.path.split("?")[0]
        if self.role == "store":
            return self._send_large(path.rsplit("/", 1)[1])
        if path == "/api/whoami-v2":
            return self._json({"type": "user", "name": "me", "orgs": [], "auth": {}})
        if found := re.fullmatch(r"/api/models/(\w+/[\w.-]+)(/revision/[\w.%]+)?", path):
            files = self.hub.repositories.get(found[1])
            if files is None:
                return self._answer(404, X_Error_Code="RepoNotFound")
            siblings = [{"rfilename": name} for name in sorted(files)]
            return self._json({"id": found[1], "sha": self.hub.commit(found[1]), "siblings": siblings})
        if found := re.fullmatch(r"/api/models/(\w+/[\w.-]+)/tree/([\w.%]+)", path):
            files = self.hub.repositories[found[1]]
            tree = [
                {
                    "type": "file",
                    "path": name,
                    "size": len(data),
                    "oid": git_hash(data),
                    **({"lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}} if is_large(name) else {}),
                }
                for name, data in sorted(files.items())
            ]
            return self._json(tree)
        if found := re.fullmatch(r"/(\w+/[\w.-]+)/resolve/([\w.%]+)/(.+)", path):
            return self._resolve(found[1], found[3])
        self._answer(404, X_Error_Code="RepoNotFound")

    def _resolve(self, repository: str, name: str) -> None:
        trouble = self.hub.trouble
        if trouble.get("statuses"):
            status, headers = trouble["statuses"].pop(0)
            return self._answer(status, b"", **headers)
        if self.hub.token is not None and self.headers.get("Authorization") != f"Bearer {self.hub.token}":
            return self._answer(401)
        files = self.hub.repositories.get(repository)
        if files is None or name not in files:
            return self._answer(404, X_Error_Code="EntryNotFound")
        data, commit = files[name], self.hub.commit(repository)
        if not is_large(name):
            return self._answer(200, data, X_Repo_Commit=commit, ETag=f'"{git_hash(data)}"')
        digest = hashlib.sha256(data).hexdigest()
        self.hub.large[digest] = data
        self._answer(
            302,
            X_Repo_Commit=commit,
            X_Linked_Etag=f'"{digest}"',
            X_Linked_Size=str(len(data)),
            ETag=f'"{digest}"',
            Location=f"{self.hub.store}/store/{digest}",
        )

    def _send_large(self, digest: str) -> None:
        trouble, data = self.hub.trouble, self.hub.large[digest]
        if trouble.get("wrong"):
            data = bytes(len(data))
        begin = 0
        if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or ""):
            begin = int(found[1])
        ranged = {"Content_Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"} if begin else {}
        part = data[begin:]
        if trouble.get("endless"):
            self._answer(200, b"", Content_Length=str(1 << 40))
            try:
                while True:
                    self.wfile.write(bytes(1 << 16))
            except OSError:
                return
        if trouble.get("cut", 0) > 0:  # so many times only half arrives
            trouble["cut"] -= 1
            self._answer(206 if begin else 200, part[: len(part) // 2], Content_Length=str(len(part)), **ranged)
            self.close_connection = True
            return
        if trouble.get("slow"):
            self._answer(206 if begin else 200, b"", Content_Length=str(len(part)), **ranged)
            for start in range(0, len(part), 20000):
                self.wfile.write(part[start : start + 20000])
                time.sleep(0.02)
            return
        self._answer(206 if begin else 200, part, **ranged)
