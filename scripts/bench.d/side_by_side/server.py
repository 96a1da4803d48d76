"""Our server with one disk, through scripts/bench-adapter."""
import os, shutil, subprocess

ADAPTER = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', '..', 'bench-adapter')


class Server:
    """Serves the disk from `with` on; takes its datastore with it at the end."""

    def __init__(self, folder, backup, ports='any', arguments='', prefix=(), long_run=False):
        """ports: 'any', or 'own' for those that clients expect; prefix: comes before the server's command line; long_run: it
        compiles as a server does that stays."""
        self.prefix, self.folder, self.datastore = list(prefix), folder, os.path.join(folder, 'datastore')
        self.flat = os.path.join(self.datastore, 'vm', 'disk-flat.vmdk')
        self.environment = dict(os.environ, BACKUP=backup.image, BACKUP_FORMAT=backup.driver, DATASTORE=self.datastore,
                                EXPORT='/bench', VM='vm', DISK='disk', RUNDIR=folder, BENCH_PORTS=ports, SERVER_ARGUMENTS=arguments,
                                LONG_RUN='yes' if long_run else 'no')

    def call(self, verb):
        subprocess.run([*self.prefix, ADAPTER, verb], check=True, env=self.environment)

    def ports(self):
        """By name: nfs, mount, portmapper."""
        with open(os.path.join(self.folder, 'ours.out')) as out:
            words = next(line for line in out if line.startswith('ready')).split()
        return {words[i]: int(words[i + 1]) for i in range(1, len(words), 2)}

    def progress(self):
        """What the server has told of the job's progress, if it was asked to: milliseconds, bytes done, bytes in all."""
        with open(os.path.join(self.folder, 'ours.out')) as out:
            return [tuple(map(int, line.split()[1:])) for line in out if line.startswith('progress')]

    def __enter__(self):
        os.makedirs(self.datastore)
        try:
            self.call('start')
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure):
        self.call('stop')
        shutil.rmtree(self.datastore)
