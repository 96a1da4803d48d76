import { requirementOf } from './requirement.js';
import { fieldOf } from '../server/problem.js';

/**
 * What a finalization takes, for the page: the server's plan where there is one, else what is known of the VM.
 *
 *   inBackupBytes, sizeBytes, diskCount
 *   neededBytes, freeBytes   of the datastore; `freeBytes` undefined if not known
 *   enough                   whether it fits; true if not known
 *   seconds                  { atLeast, atMost }, or undefined
 *   faults                   { field: remark }: what speaks against it, by field; `other` for the rest
 *   warnings                 [remark]: { type, detail, remedy }
 */
export function takingOf(vm, provisioning, plan, datastores = []) {
    const need = requirementOf(vm, provisioning);
    const store = datastores.find(each => each.name === vm.datastore);
    const neededBytes = plan?.datastore?.neededBytes ?? need.spaceBytes;
    const freeBytes = plan?.datastore?.freeBytes ?? store?.freeBytes;
    const time = plan?.time;
    return {
        diskCount: need.diskCount,
        sizeBytes: need.sizeBytes,
        inBackupBytes: plan?.inBackupBytes ?? need.toDoBytes,
        neededBytes,
        freeBytes,
        enough: freeBytes === undefined || neededBytes <= freeBytes,
        seconds: time && time.secondsAtMost !== null && time.secondsAtMost !== undefined
            ? { atLeast: time.secondsAtLeast ?? time.secondsAtMost, atMost: time.secondsAtMost } : undefined,
        faults: faultsOf(plan?.refusals ?? []),
        warnings: plan?.warnings ?? [],
    };
}

/** The first refusal of each field. */
export function faultsOf(refusals) {
    const faults = {};
    refusals.forEach(each => {
        const field = fieldOf(each.type, each.detail) ?? 'other';
        faults[field] ??= each;
    });
    return faults;
}
