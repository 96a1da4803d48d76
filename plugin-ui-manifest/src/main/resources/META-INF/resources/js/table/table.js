import { button, element, fillWords, replaceButtons } from '../dom/element.js';
import { shownRows } from './rows.js';

const PAGE_SIZE = 50;
const FEW = 5;

/**
 * A table that can be sorted, filtered and paged. Its rows are kept while their data changes, so that neither the focus
 * nor a click is lost.
 *
 *   new Table(place, { context, name, nothing, columns, bulk? })
 *
 * `name` tells screen readers what is listed. Columns: { title, width?, wrap?, sort?(row) } and one of
 *   text(row)                  its words; `icon` puts a picture in front, `short(row)` is what is seen of long ones
 *   label(row)                 { text, tone }: a label of Clarity, with `text` beside it to filter by
 *   buttons(row)               [{ key, label, name, press }]; `name` tells screen readers what it is about
 *   element, update(element, row)
 *
 * `bulk` makes rows selectable: [{ label, applies(row), press(rows) }] are the buttons above the table.
 */
export class Table {
    #place;
    #options;
    #rows = [];
    #selected = new Set();
    #view = { filter: '', column: undefined, descending: false, page: 0, pageSize: PAGE_SIZE };

    constructor(place, options) {
        this.#place = place;
        this.#options = options;
        place.classList.add('vf-table');
        place.replaceChildren(this.#toolbar(), element('div', 'vf-rows'), this.#pager());
    }

    /** Rows are told apart by their `id`. */
    show(rows) {
        this.#rows = rows;
        const known = new Set(rows.map(row => row.id));
        this.#selected.forEach(id => { if (!known.has(id)) this.#selected.delete(id); });
        this.#update();
    }

    #toolbar() {
        const { text } = this.#options.context;
        const bar = element('div', 'vf-toolbar');
        const bulk = element('div', 'vf-bulk');
        bulk.append(...(this.#options.bulk ?? []).map(action =>
            button(action.label, 'btn-sm btn-outline', () => action.press(this.#chosen(action)))));
        const filter = element('input', 'clr-input vf-filter');
        filter.type = 'search';
        filter.placeholder = text('table.filter');
        filter.setAttribute('aria-label', `${text('table.filter')}: ${this.#options.name}`);
        filter.oninput = () => {
            this.#view.filter = filter.value;
            this.#view.page = 0;
            this.#update();
        };
        bar.append(bulk, filter);
        return bar;
    }

    #pager() {
        const { text } = this.#options.context;
        const pager = element('div', 'vf-pager');
        const words = element('span', 'vf-count');
        words.setAttribute('aria-live', 'polite');
        const step = (label, by) => button(label, 'btn-sm btn-link', () => {
            this.#view.page += by;
            this.#update();
            // The next page is read from its first row on.
            this.#place.scrollIntoView({ block: 'start' });
        });
        pager.append(words, step(text('table.previous'), -1), step(text('table.next'), 1));
        return pager;
    }

    #chosen(action) {
        return this.#rows.filter(row => this.#selected.has(row.id) && action.applies(row));
    }

    #update() {
        const { context, columns, nothing } = this.#options;
        const shown = shownRows(this.#rows, columns, this.#view, context.locale);
        this.#view.page = shown.page;
        const place = this.#place.querySelector('.vf-rows');
        // A filter over a handful of rows is in the way.
        this.#place.querySelector('.vf-toolbar').hidden = this.#rows.length === 0
            || this.#rows.length <= FEW && !this.#options.bulk && this.#view.filter === '';
        this.#showPager(shown);
        if (shown.total === 0) {
            place.replaceChildren(element('p', 'vf-nothing',
                this.#rows.length === 0 ? nothing : context.text('table.nothing')));
        } else {
            if (!place.querySelector('table')) place.replaceChildren(this.#build());
            this.#fillBody(place.querySelector('tbody'), shown.rows);
            this.#markOrder(place);
        }
        this.#showBulk();
    }

    #fillBody(body, rows) {
        const known = new Map([...body.rows].map(row => [row.dataset.id, row]));
        const shown = rows.map(data => this.#fillRow(known.get(data.id) ?? this.#row(data.id), data));
        const wanted = new Set(shown);
        known.forEach(row => { if (!wanted.has(row)) row.remove(); });
        shown.forEach((row, index) => { if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null); });
    }

    #showPager({ total, page, pages, rows }) {
        const pager = this.#place.querySelector('.vf-pager');
        const { text, format } = this.#options.context;
        pager.hidden = total === 0 || (pages === 1 && total <= FEW);
        const first = page * PAGE_SIZE;
        pager.querySelector('.vf-count').textContent = text('table.count', {
            first: format.count(first + 1), last: format.count(first + rows.length), total: format.count(total),
        });
        const [previous, next] = pager.querySelectorAll('button');
        previous.hidden = next.hidden = pages === 1;
        previous.disabled = page === 0;
        next.disabled = page === pages - 1;
    }

    #showBulk() {
        const { bulk = [], context } = this.#options;
        const buttons = this.#place.querySelectorAll('.vf-bulk .btn');
        bulk.forEach((action, index) => {
            const count = this.#chosen(action).length;
            buttons[index].disabled = count === 0;
            buttons[index].textContent = count > 1
                ? context.text('table.bulk', { action: action.label, count: context.format.count(count) }) : action.label;
        });
        const all = this.#place.querySelector('thead input');
        if (!all) return;
        const boxes = [...this.#place.querySelectorAll('tbody input[type="checkbox"]')];
        boxes.forEach(box => { box.checked = this.#selected.has(box.closest('tr').dataset.id); });
        all.checked = boxes.length > 0 && boxes.every(box => box.checked);
        all.indeterminate = !all.checked && boxes.some(box => box.checked);
    }

    #build() {
        const table = element('table', 'table');
        table.innerHTML = '<caption class="vf-for-readers"></caption><colgroup></colgroup><thead><tr></tr></thead><tbody></tbody>';
        table.querySelector('caption').textContent = this.#options.name;
        const head = table.querySelector('tr');
        if (this.#options.bulk) {
            table.querySelector('colgroup').append(element('col', 'vf-choose'));
            head.append(this.#chooseAll());
        }
        this.#options.columns.forEach((column, index) => {
            table.querySelector('colgroup').append(element('col', column.width ? `vf-w${column.width}` : ''));
            head.append(this.#headCell(column, index));
        });
        return table;
    }

    #headCell(column, index) {
        const cell = element('th');
        cell.scope = 'col';
        if (!column.text && !column.sort) {
            cell.textContent = column.title;
            return cell;
        }
        const order = element('button', 'vf-order', column.title);
        order.type = 'button';
        order.onclick = () => {
            const again = this.#view.column === index;
            this.#view.descending = again && !this.#view.descending;
            this.#view.column = index;
            this.#update();
        };
        cell.dataset.column = index;
        cell.append(order);
        return cell;
    }

    #markOrder(place) {
        place.querySelectorAll('th[data-column]').forEach(cell => {
            const sorted = Number(cell.dataset.column) === this.#view.column;
            cell.setAttribute('aria-sort', sorted ? this.#view.descending ? 'descending' : 'ascending' : 'none');
        });
    }

    #chooseAll() {
        const cell = element('th');
        cell.scope = 'col';
        const box = checkBox(this.#options.context.text('table.all'));
        box.onchange = () => {
            this.#place.querySelectorAll('tbody tr').forEach(row => this.#choose(row.dataset.id, box.checked));
            this.#showBulk();
        };
        // A head cell needs words; those of the box are for readers only.
        cell.append(box, element('span', 'vf-for-readers', this.#options.context.text('table.all')));
        return cell;
    }

    #choose(id, chosen) {
        if (chosen) this.#selected.add(id);
        else this.#selected.delete(id);
    }

    #row(id) {
        const row = element('tr');
        row.dataset.id = id;
        if (this.#options.bulk) {
            const box = checkBox('');
            box.onchange = () => {
                this.#choose(id, box.checked);
                this.#showBulk();
            };
            const cell = element('td');
            cell.append(box);
            row.append(cell);
        }
        row.append(...this.#options.columns.map(column => {
            const cell = element('td', column.wrap ? 'vf-wrap' : '');
            if (column.element) cell.append(document.createElement(column.element));
            if (column.label) cell.append(element('span', 'label'));
            return cell;
        }));
        return row;
    }

    #fillRow(row, data) {
        const first = this.#options.bulk ? 1 : 0;
        this.#options.columns.forEach((column, index) => fill(row.cells[index + first], column, data));
        if (first) {
            row.querySelector('input').setAttribute('aria-label',
                this.#options.context.text('table.choose', { name: this.#options.columns[0].text(data) }));
        }
        return row;
    }
}

function checkBox(name) {
    const box = element('input', 'vf-check');
    box.type = 'checkbox';
    if (name) box.setAttribute('aria-label', name);
    return box;
}

function fill(cell, column, data) {
    if (column.element) column.update(cell.firstElementChild, data);
    else if (column.label) fillLabel(cell.firstElementChild, column.label(data));
    else if (column.buttons) fillButtons(cell, column.buttons(data));
    else fillText(cell, column, column.text(data), column.short?.(data));
}

function fillText(cell, column, words, seen = words) {
    if (cell.dataset.words === String(words)) return;
    cell.dataset.words = cell.title = words;
    if (words?.parts) {
        fillWords(cell, words);
        return;
    }
    // The name of a domain and that of its user may stand below each other.
    const parts = column.wrap ? String(seen).split(/(?<=\\)/) : [seen];
    cell.replaceChildren(...parts.flatMap((part, index) => index === 0 ? [part] : [document.createElement('wbr'), part]));
    if (column.icon) {
        const icon = document.createElement('img');
        icon.src = column.icon;
        icon.alt = '';
        cell.prepend(icon);
    }
}

function fillLabel(label, { text, tone }) {
    label.textContent = text;
    label.className = `label label-${tone}`;
}

function fillButtons(cell, buttons) {
    const keys = buttons.map(each => each.key).join();
    if (cell.dataset.keys !== keys) {
        cell.dataset.keys = keys;
        replaceButtons(cell, buttons.map(({ label, name }) => {
            const made = button(label, 'btn-sm btn-link');
            made.setAttribute('aria-label', `${label}: ${name}`);
            return made;
        }));
    }
    buttons.forEach(({ press }, index) => { cell.children[index].onclick = press; });
}
