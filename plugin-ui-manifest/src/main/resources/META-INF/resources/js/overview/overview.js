import { hasEnded, newestFirst, stepsOf, toneOf } from '../finalization/finalization.js';
import { requirementOf } from '../finalize/requirement.js';
import { problemText } from '../text/problem-text.js';
import { Table } from '../table/table.js';

/** One request each tells all; a stream per finalization would use up the browser's connections. */
const REFRESH_MILLISECONDS = 2000;

/**
 * All VMs that run from backups and all finalizations, kept up to date while the page is open.
 *
 * <vf-overview></vf-overview>
 *   property context   { client, server, text, format }
 */
class Overview extends HTMLElement {
    #timer;
    #refreshes = 0;
    #vms;
    #finalizations;

    connectedCallback() {
        const { text, client } = this.context;
        this.innerHTML = `
            <h1 data-text="overview.title"></h1><p class="vf-intro" data-text="overview.intro"></p>
            <div class="alert alert-warning" role="alert" hidden>
              <div class="alert-items"><div class="alert-item static"><span class="alert-text"></span></div></div>
            </div>
            <section><h2 data-text="overview.vms"></h2><div class="vf-vms"></div></section>
            <section><h2 data-text="overview.finalizations"></h2><div class="vf-finalizations"></div></section>`;
        this.querySelectorAll('[data-text]').forEach(element => { element.textContent = text(element.dataset.text); });
        this.#vms = new Table(this.querySelector('.vf-vms'), text('overview.vms.none'), this.#vmColumns());
        this.#finalizations = new Table(this.querySelector('.vf-finalizations'), text('overview.finalizations.none'),
            this.#finalizationColumns());
        client.onGlobalRefresh(() => this.#refresh());
        this.#refresh();
    }

    disconnectedCallback() { clearTimeout(this.#timer); }

    /** Of refreshes that overlap only the last one shows what it got and sets the clock for the next. */
    async #refresh() {
        const refresh = ++this.#refreshes;
        clearTimeout(this.#timer);
        const { server } = this.context;
        try {
            const [vms, finalizations] = await Promise.all([server.instantVms(), server.finalizations()]);
            if (refresh !== this.#refreshes) return;
            const running = new Map(finalizations.filter(each => !hasEnded(each)).map(each => [each.vm.id, each]));
            this.#vms.show(vms.map(vm => ({ ...vm, running: running.get(vm.id) })));
            this.#finalizations.show(newestFirst(finalizations));
            this.#complain();
        } catch (problem) {
            this.#complain(problem);
        }
        if (this.isConnected && refresh === this.#refreshes) this.#timer = setTimeout(() => this.#refresh(), REFRESH_MILLISECONDS);
    }

    #vmColumns() {
        const { text, format } = this.context;
        return [
            { title: text('column.vm'), text: vm => vm.name, icon: 'images/instant-vm.svg' },
            { title: text('column.backup'), text: vm => vm.backup.location },
            { title: text('column.datastore'), text: vm => vm.datastore },
            { title: text('column.left'), text: vm => leftInBackup(vm, text, format) },
            { title: text('column.actions'), buttons: vm => vm.running ? [] : [
                { key: 'finalize', label: text('finalize.action'), name: vm.name, press: () => this.#openDialog(vm) },
            ] },
        ];
    }

    #finalizationColumns() {
        const { text, client } = this.context;
        return [
            { title: text('column.vm'), text: each => each.vm.name },
            { title: text('column.state'), label: each => ({ text: text(`state.${each.state}`), tone: toneOf(each) }) },
            { title: text('column.progress'), element: 'vf-progress', update: (bar, each) => {
                bar.context = this.context;
                bar.finalization = each;
            } },
            { title: text('column.initiator'), text: each => each.initiator ?? '' },
            { title: text('column.started'), text: each => each.startedAt ? client.formatTime(Date.parse(each.startedAt)) : '' },
            { title: text('column.actions'), buttons: each => stepsOf(each).map(step => ({
                key: step, label: text(`step.${step}`), name: each.vm.name, press: () => this.#change(each, step),
            })) },
        ];
    }

    async #change(finalization, step) {
        try {
            await this.context.server.changeFinalization(finalization.id, step);
        } catch (problem) {
            this.#complain(problem);
            return;
        }
        await this.#refresh();
    }

    #openDialog(vm) {
        this.context.client.openModal({
            url: 'index.html#/finalize',
            title: this.context.text('finalize.title'),
            size: { width: 576, height: 490 },
            objectIds: [vm.id],
            onClosed: () => this.#refresh(),
        });
    }

    #complain(problem) {
        const alert = this.querySelector('.alert');
        alert.hidden = !problem;
        alert.querySelector('.alert-text').textContent = problem
            ? this.context.text('overview.stale', { reason: problemText(problem, this.context.text) })
            : '';
    }
}

function leftInBackup(vm, text, format) {
    const { toDoBytes, sizeBytes } = requirementOf(vm, 'thin');
    return text('progress.bytes', { done: format.bytes(toDoBytes), total: format.bytes(sizeBytes) });
}

export const defineOverview = () => customElements.define('vf-overview', Overview);
