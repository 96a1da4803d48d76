import { hasEnded, latestFor, stepsOf, toneOf } from '../finalization/finalization.js';
import { requirementOf } from '../finalize/requirement.js';
import { problemText } from '../text/problem-text.js';

/** How soon a broken event stream is opened again, and a VM without a finalization is asked after. */
const AGAIN_MILLISECONDS = 3000;

/**
 * Monitor view of one VM: whether it runs from a backup, and its finalization as it goes.
 *
 * <vf-vm-monitor></vf-vm-monitor>
 *   property context   { client, server, text, format }; the VM is the client's context object
 */
class VmMonitor extends HTMLElement {
    #vmId;
    #timer;
    #refreshes = 0;
    #streaming;
    #finalization;

    connectedCallback() {
        this.#vmId = this.context.client.objectIds[0] ?? '';
        this.innerHTML = `
            <div class="alert alert-danger" role="alert" hidden>
              <div class="alert-items"><div class="alert-item static"><span class="alert-text"></span></div></div>
            </div>
            <div class="vf-head"><h1 aria-live="polite"></h1><span class="label" hidden></span><span class="vf-steps"></span></div>
            <p class="vf-what"></p>
            <vf-progress hidden></vf-progress>
            <dl></dl>
            <section hidden><h2></h2><table class="table">
              <thead><tr><th scope="col"></th><th scope="col"></th><th scope="col"></th></tr></thead><tbody></tbody>
            </table></section>`;
        this.querySelector('vf-progress').context = this.context;
        this.querySelector('h2').textContent = this.context.text('monitor.disks');
        ['column.disk', 'column.size', 'column.progress'].forEach((key, index) => {
            this.querySelectorAll('th')[index].textContent = this.context.text(key);
        });
        this.context.client.onGlobalRefresh(() => this.#refresh());
        this.#refresh();
    }

    disconnectedCallback() {
        clearTimeout(this.#timer);
        this.#streaming?.abort();
    }

    /** Of refreshes that overlap only the last one goes on. */
    async #refresh() {
        const refresh = ++this.#refreshes;
        clearTimeout(this.#timer);
        this.#streaming?.abort();
        const { server } = this.context;
        try {
            const [vms, finalizations] = await Promise.all([server.instantVms(), server.finalizations()]);
            if (refresh !== this.#refreshes) return;
            const latest = latestFor(this.#vmId, finalizations);
            const vm = vms.find(each => each.id === this.#vmId);
            this.#complain();
            if (latest && (!hasEnded(latest) || !vm || latest.state === 'failed')) this.#showFinalization(latest);
            else if (vm) this.#showInstantVm(vm);
            else this.#showRegular();
            if (latest && !hasEnded(latest)) await this.#follow(latest);
        } catch (problem) {
            this.#complain(problem);
        }
        if (this.isConnected && refresh === this.#refreshes) this.#timer = setTimeout(() => this.#refresh(), AGAIN_MILLISECONDS);
    }

    async #follow(finalization) {
        const streaming = new AbortController();
        this.#streaming = streaming;
        await this.context.server.followFinalization(finalization.id, each => this.#showFinalization(each), streaming.signal)
            .catch(failure => { if (!streaming.signal.aborted) throw failure; });
    }

    #showFinalization(finalization) {
        const { text, format, client } = this.context;
        const ended = hasEnded(finalization);
        this.#finalization = finalization;
        this.#headline(finalization.state === 'completed' ? text('monitor.completed.title') : text('monitor.title'),
            '', finalization);
        this.querySelector('vf-progress').finalization = finalization;
        this.#facts([
            [text('column.format'), text(`provisioning.${finalization.provisioning}`)],
            [text('monitor.hydrated'), format.bytes(finalization.hydratedBytes)],
            [text('monitor.written'), format.bytes(finalization.guestWrittenBytes)],
            ...ended ? [] : [
                [text('monitor.rate'), format.rate(finalization.bytesPerSecond)],
                [text('monitor.left'), format.duration(finalization.secondsLeft)],
            ],
            [text('column.started'), timeText(finalization.startedAt, client)],
            ...ended ? [[text('monitor.ended'), timeText(finalization.endedAt, client)]] : [],
            [text('column.initiator'), finalization.initiator ?? '—'],
            // Frames of the vSphere Client may not download.
            ...finalization.receipt ? [[text('monitor.receipt'), `vm-finalize receipt ${finalization.id}`]] : [],
        ]);
        this.#disks(finalization.disks.map(disk => [disk.name, format.bytes(disk.sizeBytes),
            `${text('progress.bytes', { done: format.bytes(disk.doneBytes), total: format.bytes(disk.totalBytes) })} · ${
                text(`state.${disk.state}`)}`]));
    }

    #showInstantVm(vm) {
        const { text, format } = this.context;
        const need = requirementOf(vm, 'thin');
        this.#finalization = undefined;
        this.#headline(text('monitor.instant.title'), text('monitor.instant'));
        this.#facts([
            [text('column.backup'), vm.backup.location],
            [text('column.datastore'), vm.datastore],
            [text('column.left'), text('progress.bytes',
                { done: format.bytes(need.toDoBytes), total: format.bytes(need.sizeBytes) })],
        ]);
        this.#disks(vm.disks.map(disk => [disk.name, format.bytes(disk.sizeBytes),
            text('need.left', { todo: format.bytes(disk.toDoBytes), size: format.bytes(disk.sizeBytes) })]));
    }

    #showRegular() {
        const { text } = this.context;
        this.#finalization = undefined;
        this.#headline(text('monitor.regular.title'), text('monitor.regular'));
        this.#facts([]);
        this.#disks([]);
    }

    #headline(title, what, finalization) {
        const label = this.querySelector('.label');
        this.querySelector('h1').textContent = title;
        this.querySelector('.vf-what').textContent = what;
        this.querySelector('vf-progress').hidden = !finalization;
        label.hidden = !finalization;
        label.textContent = finalization ? this.context.text(`state.${finalization.state}`) : '';
        label.className = `label label-${finalization ? toneOf(finalization) : 'info'}`;
        this.#steps(finalization ? stepsOf(finalization) : []);
    }

    #steps(steps) {
        const place = this.querySelector('.vf-steps');
        if (place.dataset.steps === steps.join()) return;
        place.dataset.steps = steps.join();
        place.replaceChildren(...steps.map(step => {
            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'btn btn-sm btn-outline';
            button.textContent = this.context.text(`step.${step}`);
            button.onclick = () => this.#change(step);
            return button;
        }));
    }

    async #change(step) {
        try {
            this.#showFinalization(await this.context.server.changeFinalization(this.#finalization.id, step));
        } catch (problem) {
            this.#complain(problem);
        }
    }

    #facts(pairs) {
        this.querySelector('dl').replaceChildren(...pairs.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
    }

    #disks(rows) {
        this.querySelector('section').hidden = rows.length === 0;
        this.querySelector('tbody').replaceChildren(...rows.map(cells => {
            const row = document.createElement('tr');
            row.append(...cells.map(words => element('td', words)));
            return row;
        }));
    }

    #complain(problem) {
        const alert = this.querySelector('.alert');
        alert.hidden = !problem;
        alert.querySelector('.alert-text').textContent = problem ? problemText(problem, this.context.text) : '';
    }
}

function element(tag, words) {
    const made = document.createElement(tag);
    made.textContent = words;
    return made;
}

function timeText(instant, client) {
    return instant ? client.formatTime(Date.parse(instant)) : '—';
}

export const defineVmMonitor = () => customElements.define('vf-vm-monitor', VmMonitor);
