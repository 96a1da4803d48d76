import { element } from '../dom/element.js';
import { Table } from '../table/table.js';

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
                { title: text('column.trouble'), wrap: true, text: store => store.refused.map(each => each.reason).join(' · ') },
            ]),
            places: this.#table('health.places', 'health.places.none', [
                { title: text('column.place'), text: place => place.name, width: 3 },
                { title: text('column.state'), width: 2, text: place => this.#words(place.tone),
                    label: place => ({ text: this.#words(place.tone), tone: place.tone }) },
                { title: text('column.points'), width: 3, sort: place => place.points,
                    text: place => place.points === undefined ? '—' : format.count(place.points) },
                { title: text('column.trouble'), wrap: true, text: place => place.trouble },
            ]),
            providers: this.#table('health.formats', 'health.formats.none', [
                { title: text('column.bundle'), text: bundle => bundle.name, width: 4 },
                { title: text('column.state'), width: 2, text: bundle => this.#words(bundle.state === 'active' ? 'success' : 'danger'),
                    label: bundle => ({ text: this.#words(bundle.state === 'active' ? 'success' : 'danger'),
                        tone: bundle.state === 'active' ? 'success' : 'danger' }) },
                { title: text('column.backup.format'), text: bundle => bundle.formats.join(', ') },
                { title: text('column.trouble'), wrap: true, text: bundle => bundle.error ?? '' },
            ]),
        };
    }

    async refresh(isNewest) {
        const { server } = this.#context;
        const [datastores, page, providers] = await Promise.all([
            server.datastores(), server.backups({ limit: 500 }).catch(() => undefined), server.providers()]);
        if (!isNewest()) return;
        this.#tables.datastores.show(datastores.map(store => ({ ...store, id: store.name })));
        this.#tables.places.show(page ? placesOf(page) : []);
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

/** The places that the list of restore points tells of; a trouble is its place's if it begins with its name. */
export function placesOf({ items, troubles }) {
    const places = new Map();
    items.forEach(point => {
        const place = places.get(point.place) ?? { id: point.place, name: point.place, points: 0, tone: 'success', trouble: '' };
        place.points += 1;
        places.set(point.place, place);
    });
    troubles.forEach((trouble, index) => {
        const own = [...places.values()].find(place => trouble.includes(place.name));
        if (own) {
            own.tone = 'warning';
            own.trouble = [own.trouble, trouble].filter(Boolean).join(' · ');
        } else {
            places.set(`trouble ${index}`, { id: `trouble ${index}`, name: '—', points: undefined, tone: 'danger', trouble });
        }
    });
    return [...places.values()];
}
