/**
 * A table whose rows are kept while their data changes, so that neither the focus nor a click is lost.
 *
 * Columns: { title } and one of
 *   text(row)            its words; `icon` puts a picture in front
 *   label(row)           { text, tone }: a label of Clarity
 *   buttons(row)         [{ key, label, name, press }]; `name` tells screen readers what it is about
 *   element, update(element, row)
 */
export class Table {
    #place;
    #nothing;
    #columns;

    constructor(place, nothing, columns) {
        this.#place = place;
        this.#nothing = nothing;
        this.#columns = columns;
    }

    /** Rows are told apart by their `id`. */
    show(rows) {
        if (rows.length === 0) {
            this.#place.replaceChildren(paragraph(this.#nothing));
            return;
        }
        if (!this.#place.querySelector('table')) this.#place.replaceChildren(this.#build());
        const body = this.#place.querySelector('tbody');
        const known = new Map([...body.rows].map(row => [row.dataset.id, row]));
        const shown = rows.map(data => this.#update(known.get(data.id) ?? this.#row(data.id), data));
        known.forEach(row => { if (!shown.includes(row)) row.remove(); });
        shown.forEach((row, index) => { if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null); });
    }

    #build() {
        const table = document.createElement('table');
        table.className = 'table';
        table.innerHTML = '<thead><tr></tr></thead><tbody></tbody>';
        table.querySelector('tr').append(...this.#columns.map(column => {
            const cell = document.createElement('th');
            cell.scope = 'col';
            cell.textContent = column.title;
            return cell;
        }));
        return table;
    }

    #row(id) {
        const row = document.createElement('tr');
        row.dataset.id = id;
        row.append(...this.#columns.map(column => {
            const cell = document.createElement('td');
            if (column.element) cell.append(document.createElement(column.element));
            if (column.label) cell.innerHTML = '<span class="label"></span>';
            return cell;
        }));
        return row;
    }

    #update(row, data) {
        this.#columns.forEach((column, index) => fill(row.cells[index], column, data));
        return row;
    }
}

function fill(cell, column, data) {
    if (column.element) column.update(cell.firstElementChild, data);
    else if (column.label) fillLabel(cell.firstElementChild, column.label(data));
    else if (column.buttons) fillButtons(cell, column.buttons(data));
    else fillText(cell, column, column.text(data));
}

function fillText(cell, column, words) {
    if (cell.dataset.words === words) return;
    cell.dataset.words = words;
    cell.title = words;
    cell.textContent = words;
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
    const keys = buttons.map(button => button.key).join();
    if (cell.dataset.keys !== keys) {
        cell.dataset.keys = keys;
        cell.replaceChildren(...buttons.map(({ label, name }) => {
            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'btn btn-sm btn-link';
            button.textContent = label;
            button.setAttribute('aria-label', `${label}: ${name}`);
            return button;
        }));
    }
    buttons.forEach(({ press }, index) => { cell.children[index].onclick = press; });
}

function paragraph(words) {
    const element = document.createElement('p');
    element.className = 'vf-nothing';
    element.textContent = words;
    return element;
}
