"""nfs-ganesha, which serves a folder of this machine over NFSv3."""
import os, subprocess

from .network import Network, await_nfs

SETTINGS = '''
NFS_CORE_PARAM { NFS_Port = 2049; MNT_Port = 20048; Protocols = 3; Enable_NLM = false; Enable_RQUOTA = false;
                 Enable_UDP = false; }
NFSV4 { Graceless = true; }
EXPORT { Export_Id = 1; Path = %s; Pseudo = /export; Protocols = 3; Transports = TCP; Access_Type = RW;
         Squash = No_root_squash; SecType = sys; FSAL { Name = VFS; } }
LOG { Default_Log_Level = EVENT; }
'''


class Ganesha:
    def __init__(self, folder, exported):
        self.exported, self.network = exported, Network()
        settings = os.path.join(folder, 'ganesha.conf')
        with open(settings, 'w') as f:
            f.write(SETTINGS % exported)
        for needed in ('/run/ganesha', '/run/rpcbind', '/var/lib/nfs/ganesha'):
            os.makedirs(needed, exist_ok=True)
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes = [subprocess.Popen(self.network.prefix + ['rpcbind', '-f'], **quiet)]
        self.processes.append(subprocess.Popen(self.network.prefix + [
            'ganesha.nfsd', '-F', '-f', settings, '-L', os.path.join(folder, 'ganesha.log'),
            '-p', os.path.join(folder, 'ganesha.pid')], **quiet))
        try:
            await_nfs(self.network)
        except BaseException:
            self.close()
            raise

    def url(self, name):
        return 'nfs://127.0.0.1%s/%s' % (self.exported, name)

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
        self.network.close()
