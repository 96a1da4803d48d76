import { record } from '../console/recorder.js';
import { EventStreamParser } from './event-stream.js';
import { problemFrom } from './problem.js';

/**
 * The REST API of the plugin server, reached by relative URLs through vCenter's proxy.
 *
 * Every call rejects with a Problem when the server refuses or cannot be reached.
 */
export class PluginServer {
    #token;

    /** `token`: resolves to the user's plugin session token */
    constructor(token) { this.#token = token; }

    async instantVms() { return this.#all('instant-vms'); }

    instantVm(id) { return this.#json('GET', `instant-vms/${encodeURIComponent(id)}`); }

    async finalizations() { return this.#all('finalizations'); }

    async datastores() { return this.#all('datastores'); }

    /** Where backups are, as the server last looked: { name, location, reachable, reason, files, complete, restorePoints }. */
    async places() { return (await this.#json('GET', 'places')).items; }

    async providers() { return (await this.#json('GET', 'providers')).items; }

    /** Where a VM can be run: { hosts, networks }. */
    destinations() { return this.#json('GET', 'destinations'); }

    /** A page of restore points: { items, total, troubles, refreshedAt }. */
    backups({ vm = '', offset = 0, limit = 500 } = {}) {
        return this.#json('GET', `backups?${new URLSearchParams({ ...(vm && { vm }), offset, limit })}`);
    }

    receipt(id) { return this.#json('GET', `finalizations/${encodeURIComponent(id)}/receipt`); }

    /** Which parts of a disk are where; see drawMap. */
    diskMap(vmId, disk, cells) {
        return this.#json('GET', `instant-vms/${encodeURIComponent(vmId)}/disks/${disk}/map?cells=${cells}`);
    }

    /** How it went lately: [{ at, bytesPerSecond, guestRequests, guestP99Micros }]. */
    async samples(vmId) { return (await this.#json('GET', `instant-vms/${encodeURIComponent(vmId)}/samples`)).items; }

    /** What an order would take and what speaks against it; nothing is changed. */
    planFinalization(order) { return this.#json('POST', 'finalizations/plan', order); }

    planRun(order) { return this.#json('POST', 'instant-vms/plan', order); }

    startFinalization(vm, order) {
        record({ verb: 'finalize', vm, order });
        return this.#json('POST', 'finalizations', order);
    }

    /** `step`: pause, resume or cancel */
    changeFinalization({ id, vm }, step) {
        record({ verb: step, vm, finalization: id });
        return this.#json('POST', `finalizations/${encodeURIComponent(id)}/${encodeURIComponent(step)}`);
    }

    /** `bytesPerSecond`: 0 for no limit */
    changePace({ id, vm }, bytesPerSecond) {
        record({ verb: 'pace', vm, finalization: id, order: { bytesPerSecond } });
        return this.#json('PATCH', `finalizations/${encodeURIComponent(id)}`, { bytesPerSecond });
    }

    discard(vm) {
        record({ verb: 'discard', vm });
        return this.#json('DELETE', `instant-vms/${encodeURIComponent(vm.id)}`);
    }

    runFromBackup(backup, order) {
        record({ verb: 'run', backup, order });
        return this.#json('POST', 'instant-vms', order);
    }

    /** Calls `listener` with each event of all finalizations and machines, until `signal` aborts or the server ends it. */
    async followAll(listener, lastEventId, signal) {
        await this.#stream('events', listener, signal, lastEventId && { 'last-event-id': lastEventId });
    }

    /** Calls `listener` with the finalization's state at least every second, until it has ended or `signal` aborts. */
    async followFinalization(id, listener, signal) {
        await this.#stream(`finalizations/${encodeURIComponent(id)}/events`, event => {
            if (event.type === 'progress') listener(JSON.parse(event.data));
        }, signal);
    }

    async #stream(path, listener, signal, headers = {}) {
        const response = await this.#request('GET', path, undefined, 'text/event-stream', signal, headers);
        const parser = new EventStreamParser();
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        const read = () => reader.read().catch(failure => { throw signal?.aborted ? failure : unreachable(); });
        for (let chunk = await read(); !chunk.done; chunk = await read()) {
            parser.feed(chunk.value).forEach(listener);
        }
    }

    /** All parts of a list; a server that gives it in one part has no `next`. */
    async #all(path) {
        const items = [];
        let next;
        do {
            const page = await this.#json('GET', next ? `${path}?${new URLSearchParams({ cursor: next })}` : path);
            items.push(...page.items);
            next = page.next;
        } while (next);
        return items;
    }

    async #json(method, path, body) {
        return (await this.#request(method, path, body, 'application/json')).json();
    }

    async #request(method, path, body, accept, signal, headers = {}) {
        let response;
        try {
            response = await fetch(`api/v1/${path}`, {
                method,
                headers: {
                    'accept': accept,
                    'vmware-api-session-id': await this.#token(),
                    ...(body && { 'content-type': 'application/json' }),
                    ...headers,
                },
                body: body && JSON.stringify(body),
                cache: 'no-store',
                credentials: 'omit',
                signal,
            });
        } catch (failure) {
            if (signal?.aborted) throw failure;
            throw failure.message === 'no session' ? problemFrom(0, { type: 'no-session' }, '') : unreachable();
        }
        if (response.ok) return response;
        const document = await problemBody(response);
        if (!document && BY_A_PROXY.has(response.status)) throw unreachable();
        throw problemFrom(response.status, document, `HTTP ${response.status}`);
    }
}

/** What a proxy answers when the server behind it does not. */
const BY_A_PROXY = new Set([502, 503, 504]);

const unreachable = () => problemFrom(0, { type: 'unreachable' }, '');

/** An answer that is no problem document, such as one of a proxy on the way, tells nothing worth showing. */
async function problemBody(response) {
    const type = response.headers.get('content-type') ?? '';
    return type.includes('json') ? response.json().catch(() => undefined) : undefined;
}
