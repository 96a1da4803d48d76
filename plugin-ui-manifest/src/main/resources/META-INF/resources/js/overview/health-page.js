import { element } from '../dom/element.js';
import { Table } from '../table/table.js';
import { serverText } from '../text/problem-text.js';

/** How full a datastore may be before it is worth a look. */
const LITTLE_FREE = 0.1;

/** How datastores, backup places and formats are; `element` is the page. */
export class HealthPage {
    element = element('section');
    listed = 'datastores';
    #context;
    #tables;

    constructor(context) {
        this.#context = context;
        const { text, format } = context;
        this.#tables = {
            datastores: this.#table('health.datastores', 'health.datastores.none', [
                { title: text('column.datastore'), text: store => store.name, width: 3 },
                { title: text('column.state'), width: 2, text: store => this.#words(stateOf(store)),
                    label: store => ({ text: this.#words(stateOf(store)), tone: stateOf(store) }) },
                { title: text('column.free'), width: 3, sort: store => store.freeBytes, text: store => text('progress.bytes',
                    { done: format.bytes(store.freeBytes), total: format.bytes(store.capacityBytes) }) },
                { title: text('column.disks'), width: 2, sort: store => store.liveDisks, text: store => format.count(store.liveDisks) },
                { title: text('column.trouble'), wrap: true, text: store => serverText(store.refused.map(each => each.reason).join(' · '), text) },
            ]),
            places: this.#table('health.places', 'health.places.none', [
                { title: text('column.place'), text: place => place.name, width: 3 },
                { title: text('column.state'), width: 2, text: place => this.#words(toneOf(place)),
                    label: place => ({ text: this.#words(toneOf(place)), tone: toneOf(place) }) },
                { title: text('column.location'), text: place => place.location },
                { title: text('column.points'), width: 3, sort: place => place.restorePoints,
                    text: place => format.count(place.restorePoints) },
                { title: text('column.trouble'), wrap: true, text: place => place.reason ? serverText(place.reason, text)
                    : (place.complete ? '' : text('health.incomplete', { count: format.count(place.files) })) },
            ]),
            providers: this.#table('health.formats', 'health.formats.none', [
                { title: text('column.bundle'), text: bundle => bundle.name, width: 4 },
                { title: text('column.state'), width: 2, text: bundle => this.#words(bundle.state === 'active' ? 'success' : 'danger'),
                    label: bundle => ({ text: this.#words(bundle.state === 'active' ? 'success' : 'danger'),
                        tone: bundle.state === 'active' ? 'success' : 'danger' }) },
                { title: text('column.backup.format'), text: bundle => bundle.formats.join(', ') },
                { title: text('column.trouble'), wrap: true, text: bundle => serverText(bundle.error, text) },
            ]),
        };
    }

    async refresh(isNewest) {
        const { server } = this.#context;
        const [datastores, places, providers] = await Promise.all([
            server.datastores(), server.places().catch(emptyIfForbidden), server.providers()]);
        if (!isNewest()) return;
        this.#tables.datastores.show(datastores.map(store => ({ ...store, id: store.name })));
        this.#tables.places.show(places.map(place => ({ ...place, id: place.name })));
        this.#tables.providers.show(providers.map(bundle => ({ ...bundle, id: bundle.file })));
    }

    #table(title, nothing, columns) {
        const { text } = this.#context;
        const place = element('div');
        this.element.append(element('h2', '', text(title)), place);
        return new Table(place, { context: this.#context, name: text(title), nothing: text(nothing), columns });
    }

    #words(tone) { return this.#context.text(`health.${tone}`); }
}

/** `success`, `warning` when little is free, `danger` when disks are not served. */
export function stateOf(store) {
    if (store.refused.length > 0) return 'danger';
    return store.capacityBytes > 0 && store.freeBytes < store.capacityBytes * LITTLE_FREE ? 'warning' : 'success';
}

/** `danger` when a place cannot be looked through, `warning` when only a part of it was. */
export function toneOf(place) {
    if (!place.reachable) return 'danger';
    return place.complete ? 'success' : 'warning';
}

/** Whoever may not run VMs from backups has no business with the places. */
function emptyIfForbidden(problem) {
    if (problem.status === 403) return [];
    throw problem;
}
