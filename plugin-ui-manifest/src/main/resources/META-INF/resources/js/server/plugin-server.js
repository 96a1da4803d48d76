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

    async instantVms() { return (await this.#json('GET', 'instant-vms')).items; }

    instantVm(id) { return this.#json('GET', `instant-vms/${encodeURIComponent(id)}`); }

    async finalizations() { return (await this.#json('GET', 'finalizations')).items; }

    startFinalization(order) { return this.#json('POST', 'finalizations', order); }

    /** `step`: pause, resume or cancel */
    changeFinalization(id, step) {
        return this.#json('POST', `finalizations/${encodeURIComponent(id)}/${encodeURIComponent(step)}`);
    }

    /** Calls `listener` with the finalization's state at least every second, until it has ended or `signal` aborts. */
    async followFinalization(id, listener, signal) {
        const response = await this.#request('GET', `finalizations/${encodeURIComponent(id)}/events`, undefined,
            'text/event-stream', signal);
        const parser = new EventStreamParser();
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        const read = () => reader.read().catch(failure => { throw signal?.aborted ? failure : unreachable(); });
        for (let chunk = await read(); !chunk.done; chunk = await read()) {
            parser.feed(chunk.value)
                .filter(event => event.type === 'progress')
                .forEach(event => listener(JSON.parse(event.data)));
        }
    }

    async #json(method, path, body) {
        return (await this.#request(method, path, body, 'application/json')).json();
    }

    async #request(method, path, body, accept, signal) {
        let response;
        try {
            response = await fetch(`api/v1/${path}`, {
                method,
                headers: {
                    'accept': accept,
                    'vmware-api-session-id': await this.#token(),
                    ...(body && { 'content-type': 'application/json' }),
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
        if (!response.ok) throw problemFrom(response.status, await problemBody(response), `HTTP ${response.status}`);
        return response;
    }
}

const unreachable = () => problemFrom(0, { type: 'unreachable' }, '');

/** An answer that is no problem document, such as one of a proxy on the way, tells nothing worth showing. */
async function problemBody(response) {
    const type = response.headers.get('content-type') ?? '';
    return type.includes('json') ? response.json().catch(() => undefined) : undefined;
}
