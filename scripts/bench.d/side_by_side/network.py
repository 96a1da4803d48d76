"""A network of its own for each server, so that each can have the ports that clients expect (111, 2049)."""
import os, subprocess, time


class Network:
    """A network namespace with only a loopback device. Commands with `prefix` run in it. Needs root."""

    def __init__(self):
        if os.geteuid():
            raise RuntimeError('network namespaces are made by root only: run it as root')
        self.holder = subprocess.Popen(['unshare', '-n', 'sh', '-c', 'ip link set lo up; echo; exec sleep infinity'],
                                       stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        self.prefix = ['nsenter', '-t', str(self.holder.pid), '-n']

    def close(self):
        self.holder.kill()
        self.holder.wait()


def await_nfs(network, seconds=40):
    """Until the portmapper knows NFS and MOUNT."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        known = subprocess.run(network.prefix + ['rpcinfo', '-p', '127.0.0.1'], capture_output=True, text=True).stdout
        if {'100003', '100005'} <= {line.split()[0] for line in known.splitlines() if line.strip()}:
            return
        time.sleep(0.1)
    raise RuntimeError('no NFS server answers at 127.0.0.1')
