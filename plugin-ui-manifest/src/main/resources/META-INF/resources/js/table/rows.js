/**
 * What a table shows of its rows.
 *
 *   rows      all of them
 *   columns   [{ text(row), sort?(row) }]: `sort` gives the number or text that the column is sorted by
 *   view      { filter, column, descending, page, pageSize }
 *
 * Gives { rows, total, page, pages }: the rows of one page, how many pass the filter, and the page that there really is.
 */
export function shownRows(rows, columns, view, locale) {
    const wanted = rows.filter(row => passes(row, columns, view.filter));
    const sorted = view.column === undefined ? wanted : sortRows(wanted, columns[view.column], view.descending, locale);
    const pages = Math.max(1, Math.ceil(sorted.length / view.pageSize));
    const page = Math.min(Math.max(0, view.page), pages - 1);
    return { rows: sorted.slice(page * view.pageSize, (page + 1) * view.pageSize), total: sorted.length, page, pages };
}

/** Whether every word of the filter is in some column's text, in any case. */
function passes(row, columns, filter) {
    const words = String(filter ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return true;
    const texts = columns.filter(column => column.text).map(column => String(column.text(row)).toLowerCase());
    return words.every(word => texts.some(text => text.includes(word)));
}

/** Rows that are equal stay in their order; what has no value comes last either way. */
function sortRows(rows, column, descending, locale) {
    const collator = new Intl.Collator(locale, { numeric: true });
    const valueOf = row => (column.sort ?? column.text)(row) ?? '';
    return rows.toSorted((a, b) => {
        const [left, right] = [valueOf(a), valueOf(b)];
        if (left === '' || right === '') return (left === '') - (right === '');
        const order = typeof left === 'number' && typeof right === 'number'
            ? left - right : collator.compare(String(left), String(right));
        return descending ? -order : order;
    });
}
