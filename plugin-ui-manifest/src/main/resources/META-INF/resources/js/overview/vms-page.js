import { hasEnded, stepsOf, toneOf } from '../finalization/finalization.js';
import { requirementOf } from '../finalize/requirement.js';
import { FINALIZE_MODAL, stepModal } from '../finalize/modal.js';
import { element } from '../dom/element.js';
import { Table } from '../table/table.js';
import { endOf } from './location.js';

/** All VMs that run from backups; `element` is the page. */
export class VmsPage {
    element = element('section');
    listed = 'instant-vms';
    #context;
    #table;

    constructor(context) {
        this.#context = context;
        const { text } = context;
        const place = element('div', 'vf-vms');
        this.element.append(place);
        this.#table = new Table(place, {
            context,
            name: text('overview.vms'),
            nothing: text('overview.vms.none'),
            columns: this.#columns(),
            bulk: [
                { label: text('finalize.open'), applies: row => !row.running && !row.discarding, press: rows => this.#finalize(rows) },
                { label: text('step.pause'), applies: can('pause'), press: rows => this.#step('pause', rows) },
                { label: text('step.resume'), applies: can('resume'), press: rows => this.#step('resume', rows) },
                { label: text('step.cancel'), applies: can('cancel'), press: rows => this.#step('cancel', rows) },
                { label: text('step.discard'), applies: row => !row.running && !row.discarding, press: rows => this.#step('discard', rows) },
            ],
        });
    }

    async refresh(isNewest) {
        const { server } = this.#context;
        const [vms, finalizations] = await Promise.all([server.instantVms(), server.finalizations()]);
        if (!isNewest()) return;
        const running = new Map(finalizations.filter(each => !hasEnded(each)).map(each => [each.vm.id, each]));
        this.#table.show(vms.map(vm => ({ ...vm, running: running.get(vm.id), need: requirementOf(vm, 'thin') })));
    }

    #columns() {
        const { text, format } = this.#context;
        const state = vm => vm.discarding ? text('state.discarding')
            : vm.running ? text(`state.${vm.running.state}`) : text('state.instant');
        return [
            { title: text('column.vm'), text: vm => vm.name, icon: 'images/instant-vm.svg', width: 'name' },
            { title: text('column.state'), text: state, width: 2,
                label: vm => ({ text: state(vm), tone: vm.running ? toneOf(vm.running) : 'neutral' }) },
            { title: text('column.backup'), text: vm => vm.backup.location, short: vm => endOf(vm.backup.location) },
            { title: text('column.datastore'), text: vm => vm.datastore, width: 2 },
            { title: text('column.left'), sort: vm => vm.need.toDoBytes, width: 3, text: vm => text('progress.bytes',
                { done: format.bytes(vm.need.toDoBytes), total: format.bytes(vm.need.sizeBytes) }) },
            { title: text('column.actions'), width: 2, buttons: vm => vm.running || vm.discarding ? [] : [
                { key: 'finalize', label: text('finalize.open'), name: vm.name, press: () => this.#finalize([vm]) },
            ] },
        ];
    }

    #finalize(rows) {
        const { client, text, refresh } = this.#context;
        client.openModal({ ...FINALIZE_MODAL, objectIds: rows.map(row => row.id), onClosed: refresh,
            title: text(rows.length > 1 ? 'many.title' : 'finalize.title') });
    }

    #step(step, rows) {
        const { client, text, refresh } = this.#context;
        client.openModal({ ...stepModal(step), title: text(`steps.${step}.title`), objectIds: rows.map(row => row.id), onClosed: refresh });
    }
}

const can = step => row => Boolean(row.running) && stepsOf(row.running).includes(step);
