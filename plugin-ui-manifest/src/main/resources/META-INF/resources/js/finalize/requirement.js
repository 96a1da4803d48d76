/**
 * What finalizing an instant VM will take.
 *
 *   sizeBytes    all its disks together
 *   toDoBytes    data still in the backup
 *   localBytes   on the datastore already
 *   spaceBytes   what the datastore needs free at most, in the given provisioning
 *   toDoShare    0 to 1: how much of the disks is still in the backup
 */
export function requirementOf(instantVm, provisioning) {
    const sum = field => instantVm.disks.reduce((total, disk) => total + disk[field], 0);
    const [sizeBytes, toDoBytes, localBytes] = [sum('sizeBytes'), sum('toDoBytes'), sum('localBytes')];
    return {
        diskCount: instantVm.disks.length,
        sizeBytes,
        toDoBytes,
        localBytes,
        spaceBytes: provisioning === 'thin' ? toDoBytes : Math.max(toDoBytes, sizeBytes - localBytes),
        toDoShare: sizeBytes === 0 ? 0 : toDoBytes / sizeBytes,
    };
}
