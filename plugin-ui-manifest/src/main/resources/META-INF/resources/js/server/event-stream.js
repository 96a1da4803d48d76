/**
 * Splits the text of a `text/event-stream` into events, however it was cut on its way.
 *
 *   feed(text)   the events that are complete now: [{ type, data, id }]; `id` is the last one that was told
 *
 * The part of the format that is used here: `event`, `data` (several lines are joined), `id`, comments and empty lines.
 */
export class EventStreamParser {
    #rest = '';
    #type = '';
    #data = [];
    #id;

    feed(text) {
        const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
        this.#rest = lines.pop();
        return lines.flatMap(line => this.#line(line));
    }

    #line(line) {
        if (line === '') return this.#dispatch();
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') this.#type = value;
        if (field === 'data') this.#data.push(value);
        if (field === 'id') this.#id = value;
        return [];
    }

    #dispatch() {
        const events = this.#data.length === 0
            ? []
            : [{ type: this.#type || 'message', data: this.#data.join('\n'), id: this.#id }];
        this.#type = '';
        this.#data = [];
        return events;
    }
}
