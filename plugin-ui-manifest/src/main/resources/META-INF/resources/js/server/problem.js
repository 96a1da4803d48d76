/**
 * A refusal of the plugin server, as told by its problem details (RFC 9457).
 *
 *   name     last part of the problem's type, such as `name-taken`
 *   detail   one line for the user: which thing, why, what to do
 *   field    the field of the Finalize dialog that it belongs to, or undefined
 */
export class Problem extends Error {
    constructor(status, name, detail) {
        super(detail);
        this.status = status;
        this.name = name;
        this.detail = detail;
        this.field = FIELDS[name];
    }
}

const FIELDS = {
    'name-taken': 'name',
    'name-invalid': 'name',
    'invalid-provisioning': 'provisioning',
    'datastore-full': 'provisioning',
};

/** Reads the answer of a refused request; `fallback` is what to say when the answer has no words of its own. */
export function problemFrom(status, body, fallback) {
    const document = body && typeof body === 'object' ? body : {};
    const name = String(document.type ?? '').split('/').pop() || `http-${status}`;
    return new Problem(status, name, firstText(document.detail, document.title, fallback));
}

function firstText(...candidates) {
    return candidates.find(candidate => typeof candidate === 'string' && candidate.trim() !== '');
}
