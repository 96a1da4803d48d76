/**
 * Where a backup is, by its location: `cloud` for object stores and web servers, `network` for servers of disks, else
 * `local`, a folder of the server.
 */
export function backupPlaceOf(location) {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(String(location ?? ''))?.[1].toLowerCase();
    if (scheme === 's3' || scheme === 'http' || scheme === 'https') return 'cloud';
    if (scheme === 'nbd' || scheme === 'nbds') return 'network';
    return 'local';
}
