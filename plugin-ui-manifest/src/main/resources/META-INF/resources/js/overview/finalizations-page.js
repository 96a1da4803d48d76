import { hasEnded, newestFirst, reasonOf, shareDone, stepsOf, toneOf } from '../finalization/finalization.js';
import { element } from '../dom/element.js';
import { Table } from '../table/table.js';
import { receiptElement } from '../monitor/receipt.js';
import { remarkText } from '../text/problem-text.js';

/** The finalizations that go on, or the history: those that have ended, with their receipts. `element` is the page. */
export class FinalizationsPage {
    element = element('section');
    listed = 'finalizations';
    #context;
    #ended;
    #table;
    #receipt = element('div', 'vf-receipt-place');

    /** `ended`: whether it is the history */
    constructor(context, ended) {
        this.#context = context;
        this.#ended = ended;
        const { text } = context;
        const place = element('div', ended ? 'vf-history' : 'vf-finalizations');
        this.element.append(place, this.#receipt);
        this.#table = new Table(place, {
            context,
            name: text(ended ? 'overview.history' : 'overview.finalizations'),
            nothing: text(ended ? 'overview.history.none' : 'overview.finalizations.none'),
            columns: ended ? this.#endedColumns() : this.#runningColumns(),
            bulk: ended ? undefined : ['pause', 'resume', 'cancel'].map(step => ({
                label: text(`step.${step}`),
                applies: each => stepsOf(each).includes(step),
                press: rows => this.#change(rows, step),
            })),
        });
    }

    async refresh(isNewest) {
        const finalizations = await this.#context.server.finalizations();
        if (isNewest()) this.#table.show(newestFirst(finalizations.filter(each => hasEnded(each) === this.#ended)));
    }

    #runningColumns() {
        const { text } = this.#context;
        return [
            this.#vmColumn(),
            this.#stateColumn(),
            { title: text('column.progress'), element: 'vf-progress', sort: shareDone, update: (bar, each) => {
                bar.context = this.#context;
                bar.finalization = each;
            } },
            this.#initiatorColumn(),
            this.#timeColumn('column.started', 'startedAt'),
            { title: text('column.actions'), width: 3, buttons: each => stepsOf(each).map(step => ({
                key: step, label: text(`step.${step}`), name: each.vm.name, press: () => this.#change([each], step),
            })) },
        ];
    }

    #endedColumns() {
        const { text, format } = this.#context;
        return [
            this.#vmColumn(),
            this.#stateColumn(),
            { title: text('column.outcome'), wrap: true, text: each => outcomeOf(each, text) },
            { title: text('column.copied'), text: each => format.bytes(each.hydratedBytes), sort: each => each.hydratedBytes, width: 1 },
            this.#initiatorColumn(),
            { ...this.#timeColumn('monitor.ended', 'endedAt'), width: 'time', wrap: true },
            { title: text('monitor.receipt'), width: 1, buttons: each => each.receipt ? [
                { key: 'receipt', label: text('receipt.show'), name: each.vm.name, press: () => this.#showReceipt(each) },
            ] : [] },
        ];
    }

    #vmColumn() { return { title: this.#context.text('column.vm'), text: each => each.vm.name, width: 2 }; }

    #stateColumn() {
        const { text } = this.#context;
        return { title: text('column.state'), width: 2, text: each => text(`state.${each.state}`),
            label: each => ({ text: text(`state.${each.state}`), tone: toneOf(each) }) };
    }

    #initiatorColumn() { return { title: this.#context.text('column.initiator'), text: each => each.initiator ?? '', width: 'user', wrap: true }; }

    #timeColumn(title, field) {
        const { text, client } = this.#context;
        return { title: text(title), width: 3, sort: each => Date.parse(each[field]) || '',
            text: each => each[field] ? client.formatTime(Date.parse(each[field])) : '' };
    }

    async #change(finalizations, step) {
        const { server, complain, refresh } = this.#context;
        const failures = [];
        for (const each of finalizations) await server.changeFinalization(each, step).catch(problem => failures.push(problem));
        await refresh();
        if (failures.length > 0) complain(failures[0]);
    }

    async #showReceipt({ id }) {
        const { server, complain } = this.#context;
        try {
            const shown = receiptElement(await server.receipt(id), this.#context);
            shown.tabIndex = -1;
            this.#receipt.replaceChildren(shown);
            shown.focus();
        } catch (problem) {
            complain(problem);
        }
    }
}

/** How a finalization ended, in words. */
export function outcomeOf(finalization, text) {
    const { state, move } = finalization;
    const reason = reasonOf(finalization);
    if (reason) return remarkText(reason, text);
    if (state !== 'completed' || !move) return text(`outcome.${state}`);
    return move.state === 'moved' ? text('outcome.moved', { datastore: move.name })
        : text('outcome.stayed', { datastore: move.name, reason: move.failure ?? '' });
}
