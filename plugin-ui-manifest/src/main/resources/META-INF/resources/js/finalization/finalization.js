/** The states in which nothing more will happen. */
const ENDED = new Set(['completed', 'cancelled', 'failed']);

/** What the user can do in each state, in the order of the buttons. */
const STEPS = {
    queued: ['cancel'],
    hydrating: ['pause', 'cancel'],
    verifying: ['pause', 'cancel'],
    paused: ['resume', 'cancel'],
    sealing: [],
    promoting: ['cancel'],
    moving: ['cancel'],
};

export const hasEnded = finalization => ENDED.has(finalization.state);

export const stepsOf = finalization => STEPS[finalization.state] ?? [];

/** 0 to 1. Only a completed finalization is whole: rounding must not promise what is not yet there. */
export function shareDone({ state, doneBytes, totalBytes }) {
    if (state === 'completed') return 1;
    return totalBytes > 0 ? Math.min(0.999, doneBytes / totalBytes) : 0;
}

/** How the state looks: the kind of Clarity's labels and progress bars. */
export function toneOf({ state }) {
    return { completed: 'success', failed: 'danger', paused: 'warning', cancelled: 'neutral' }[state] ?? 'info';
}

/** Why it waits or has failed, as a remark: { type, detail }; undefined when all is well. */
export function reasonOf({ state, failure, waitsFor, pauseReason, backupReleased }) {
    if (state === 'failed') return failure ? { type: backupReleased ? 'failed-joining' : 'failed', detail: failure } : undefined;
    return pauseReason ? { type: `waits-${waitsFor}`, detail: pauseReason } : undefined;
}

/** The one worth showing for a VM: what runs, else what ended last. */
export function latestFor(vmId, finalizations) {
    const own = finalizations.filter(each => each.vm.id === vmId);
    return own.find(each => !hasEnded(each)) ?? newestFirst(own)[0];
}

export const newestFirst = finalizations =>
    finalizations.toSorted((a, b) => timeOf(b.startedAt) - timeOf(a.startedAt));

function timeOf(instant) {
    const time = typeof instant === 'number' ? instant : Date.parse(instant);
    return Number.isNaN(time) ? 0 : time;
}
