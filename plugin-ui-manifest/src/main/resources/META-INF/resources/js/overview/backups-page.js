import { RUN_MODAL } from '../finalize/modal.js';
import { backupPlaceOf } from '../finalize/backup-place.js';
import { element } from '../dom/element.js';
import { Table } from '../table/table.js';
import { serverText } from '../text/problem-text.js';

/** The restore points that a VM can be run from; `element` is the page. */
export class BackupsPage {
    element = element('section');
    listed = 'backups';
    #context;
    #table;
    #troubles = element('ul', 'vf-troubles');

    constructor(context) {
        this.#context = context;
        const { text, format, client } = context;
        const place = element('div', 'vf-backups');
        this.element.append(place, this.#troubles);
        this.#table = new Table(place, {
            context,
            name: text('overview.backups'),
            nothing: text('overview.backups.none'),
            columns: [
                { title: text('column.vm'), text: point => point.vmName },
                { title: text('column.taken'), sort: point => Date.parse(point.takenAt) || '', width: 3,
                    text: point => point.takenAt ? client.formatTime(Date.parse(point.takenAt)) : '—' },
                { title: text('column.place'), width: 2, text: point => `${point.place} · ${text(`place.short.${backupPlaceOf(point.location)}`)}` },
                { title: text('column.backup.format'), text: point => point.format, width: 1 },
                { title: text('column.size'), width: 1, sort: sizeOf, text: point => format.bytes(sizeOf(point)) },
                { title: text('column.used'), text: point => point.runningVms.map(vm => vm.name).join(', ') },
                { title: text('column.actions'), width: 'action', buttons: point => [
                    { key: 'run', label: text('run.open'), name: point.vmName, press: () => this.#run(point) },
                ] },
            ],
        });
    }

    async refresh(isNewest) {
        const page = await this.#context.server.backups();
        if (!isNewest()) return;
        this.#table.show(page.items);
        this.#troubles.replaceChildren(...page.troubles.map(words => element('li', '', serverText(words, this.#context.text))));
    }

    #run(point) {
        const { client, text, refresh } = this.#context;
        client.openModal({ ...RUN_MODAL, title: text('run.title'), objectIds: [], data: { backup: point }, onClosed: refresh });
    }
}

const sizeOf = point => point.disks.reduce((sum, disk) => sum + (disk.sizeBytes ?? 0), 0);
