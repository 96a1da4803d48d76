/**
 * A refusal of the plugin server, as told by its problem details (RFC 9457).
 *
 *   name     last part of the problem's type, such as `name-taken`
 *   detail   one line for the user: which thing, why, what to do
 *   remedy   what to do about it, where the server tells it apart
 *   field    the field of a dialog that it belongs to, or undefined
 */
export class Problem extends Error {
    constructor(status, name, detail, remedy) {
        super(detail);
        this.status = status;
        this.name = name;
        this.detail = detail;
        this.remedy = remedy;
        this.field = fieldOf(name, detail);
    }
}

/** A problem's kind and the field that it belongs to. The fields after `provisioning` are those of the wizard. */
const FIELDS = {
    'name-taken': 'name',
    'name-invalid': 'name',
    'invalid-provisioning': 'provisioning',
    'datastore-full': 'provisioning',
    'host-not-found': 'host',
    'host-not-usable': 'host',
    'datastore-not-reachable': 'datastore',
    'datastore-not-found': 'datastore',
    'network-not-found': 'network',
    'same-datastore': 'move',
    'move-refused': 'move',
};

/**
 * The field of a problem's type, such as `/problems/name-taken`; undefined if it has none. What is wrong with the datastore
 * that a VM is moved to begins with that field's name.
 */
export const fieldOf = (type, detail) =>
    String(detail).startsWith('moveTo ') ? 'move' : FIELDS[String(type ?? '').split('/').pop()];

/** Reads the answer of a refused request; `fallback` is what to say when the answer has no words of its own. */
export function problemFrom(status, body, fallback) {
    const document = body && typeof body === 'object' ? body : {};
    const name = String(document.type ?? '').split('/').pop() || `http-${status}`;
    return new Problem(status, name, firstText(document.detail, document.title, fallback),
        firstText(document.remedy));
}

function firstText(...candidates) {
    return candidates.find(candidate => typeof candidate === 'string' && candidate.trim() !== '');
}
