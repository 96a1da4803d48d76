import { hasEnded, latestFor, stepsOf, toneOf } from '../finalization/finalization.js';
import { timeLeftText } from '../finalization/time-left.js';
import { requirementOf } from '../finalize/requirement.js';
import { speedLimitOf } from '../finalize/speed-limit.js';
import { FINALIZE_MODAL } from '../finalize/modal.js';
import { problemText } from '../text/problem-text.js';
import { ALERT, button, element, fillAlert, fillTexts, replaceButtons } from '../dom/element.js';
import { MAP_CELLS } from './disk-map.js';
import { receiptElement } from './receipt.js';

/** How soon a broken event stream is opened again, and a VM without a finalization is asked after. */
const AGAIN_MILLISECONDS = 3000;

/** How often map and curves are drawn. */
const PICTURE_MILLISECONDS = 2000;

const MEGABYTE = 1024 * 1024;

/**
 * Monitor view of one VM: whether it runs from a backup, and its finalization as it goes.
 *
 * <vf-vm-monitor></vf-vm-monitor>
 *   property context   { client, server, text, format }; the VM is the client's context object
 */
class VmMonitor extends HTMLElement {
    #vmId;
    #timer;
    #pictureTimer;
    #refreshes = 0;
    #streaming;
    #finalization;
    #vm;
    #shownDisk = 0;
    #receiptOf;

    connectedCallback() {
        this.#vmId = this.context.client.objectIds[0] ?? '';
        this.innerHTML = `${ALERT}
            <div class="vf-head"><h1 aria-live="polite"></h1><span class="label" hidden></span><span class="vf-steps"></span></div>
            <p class="vf-what"></p>
            <vf-progress hidden></vf-progress>
            <form class="vf-pace" hidden novalidate>
              <label for="vf-pace" data-text="limit.label"></label>
              <input class="clr-input" id="vf-pace" inputmode="numeric" autocomplete="off" maxlength="7" aria-describedby="vf-pace-unit vf-pace-help">
              <span id="vf-pace-unit" data-text="limit.unit"></span>
              <button type="submit" class="btn btn-sm btn-outline" data-text="pace.action"></button>
              <span class="vf-limited"></span>
              <span class="clr-subtext" id="vf-pace-help" role="alert"></span>
            </form>
            <section class="vf-map" hidden><div class="vf-map-head"><h2 data-text="map.title"></h2>
              <select class="clr-select"></select></div><vf-disk-map></vf-disk-map></section>
            <div class="vf-grid">
              <dl></dl>
              <section class="vf-curves" hidden><h2 data-text="chart.title"></h2><vf-vm-chart></vf-vm-chart></section>
              <section class="vf-disks" hidden><h2 data-text="monitor.disks"></h2><table class="table">
                <thead><tr>
                  <th scope="col" data-text="column.disk"></th><th scope="col" data-text="column.size"></th>
                  <th scope="col" data-text="column.progress"></th><th scope="col" data-text="column.state"></th>
                </tr></thead><tbody></tbody></table></section>
            </div>
            <div class="vf-receipt-place"></div>`;
        const { text, client } = this.context;
        fillTexts(this, text);
        this.querySelector('#vf-pace').placeholder = text('limit.automatic');
        this.querySelectorAll('vf-progress, vf-disk-map, vf-vm-chart').forEach(each => { each.context = this.context; });
        const choice = this.querySelector('select');
        choice.setAttribute('aria-label', text('column.disk'));
        choice.onchange = () => {
            this.#shownDisk = choice.selectedIndex;
            this.#picture();
        };
        this.querySelector('form').onsubmit = event => {
            event.preventDefault();
            this.#changePace();
        };
        client.onGlobalRefresh(() => this.#refresh());
        client.onTimeFormatChanged(() => {
            this.#receiptOf = undefined;
            this.#refresh();
        });
        client.onThemeChanged(() => this.querySelector('vf-disk-map')?.repaint());
        this.#refresh();
    }

    disconnectedCallback() {
        clearTimeout(this.#timer);
        clearTimeout(this.#pictureTimer);
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
            this.#vm = vms.find(each => each.id === this.#vmId);
            fillAlert(this);
            if (this.#vm && this.querySelector('.vf-map').hidden) this.#picture();
            if (latest && (!hasEnded(latest) || !this.#vm || latest.state === 'failed')) this.#showFinalization(latest);
            else if (this.#vm) this.#showInstantVm(this.#vm);
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

    /** Map and curves: as long as the VM runs from a backup. What cannot be had now comes with the next one. */
    async #picture() {
        clearTimeout(this.#pictureTimer);
        const { server } = this.context;
        const disk = this.#shownDisk;
        if (this.#vm && !document.hidden) {
            const [map, samples] = await Promise.all([
                server.diskMap(this.#vmId, disk, MAP_CELLS).catch(() => undefined),
                server.samples(this.#vmId).catch(() => undefined),
            ]);
            if (!this.isConnected) return;
            this.#show('.vf-map', map);
            this.#show('.vf-curves', samples);
            if (map && disk === this.#shownDisk) this.querySelector('vf-disk-map').map = map;
            if (samples) this.querySelector('vf-vm-chart').samples = samples;
        }
        clearTimeout(this.#pictureTimer);
        this.#pictureTimer = setTimeout(() => this.#picture(), PICTURE_MILLISECONDS);
    }

    #show(selector, what) {
        if (what || !this.#vm) this.querySelector(selector).hidden = !what;
    }

    #showFinalization(finalization) {
        const { text, format, client } = this.context;
        const ended = hasEnded(finalization);
        this.#finalization = finalization;
        this.#headline(finalization.state === 'completed' ? text('monitor.completed.title') : text('monitor.title'),
            finalization.state === 'completed' ? text('monitor.completed') : '', finalization);
        this.querySelector('vf-progress').finalization = finalization;
        this.#showPace(finalization);
        this.#facts([
            [text('column.format'), text(`provisioning.${finalization.provisioning}`)],
            [text('monitor.hydrated'), format.bytes(finalization.hydratedBytes)],
            [text('monitor.written'), format.bytes(finalization.guestWrittenBytes)],
            ...ended ? [] : [
                [text('monitor.rate'), format.rate(finalization.bytesPerSecond)],
                [text('monitor.left'), timeLeftText(finalization, text, format)],
            ],
            [text('column.started'), timeText(finalization.startedAt, client)],
            ...ended ? [[text('monitor.ended'), timeText(finalization.endedAt, client)]] : [],
            [text('column.initiator'), finalization.initiator ?? '—'],
        ]);
        this.#disks(finalization.disks.map(disk => ({
            name: disk.name, sizeBytes: disk.sizeBytes,
            share: disk.totalBytes > 0 ? disk.doneBytes / disk.totalBytes : 1,
            words: text('progress.bytes', { done: format.bytes(disk.doneBytes), total: format.bytes(disk.totalBytes) }),
            state: text(`state.${disk.state}`),
        })));
        if (ended) this.querySelectorAll('.vf-map, .vf-curves').forEach(each => { each.hidden ||= !this.#vm; });
        this.#showReceipt(finalization);
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
        this.#disks(vm.disks.map(disk => ({
            name: disk.name, sizeBytes: disk.sizeBytes, share: disk.sizeBytes > 0 ? 1 - disk.toDoBytes / disk.sizeBytes : 1,
            words: text('need.left', { todo: format.bytes(disk.toDoBytes), size: format.bytes(disk.sizeBytes) }), state: '',
        })));
        this.#showReceipt();
    }

    #showRegular() {
        const { text } = this.context;
        this.#finalization = undefined;
        this.#headline(text('monitor.regular.title'), text('monitor.regular'));
        this.#facts([]);
        this.#disks([]);
        this.querySelectorAll('.vf-map, .vf-curves').forEach(each => { each.hidden = true; });
        this.#showReceipt();
    }

    #headline(title, what, finalization) {
        const label = this.querySelector('.label');
        setText(this.querySelector('h1'), title);
        setText(this.querySelector('.vf-what'), what);
        this.querySelector('vf-progress').hidden = !finalization;
        this.querySelector('.vf-pace').hidden = !finalization || stepsOf(finalization).length === 0;
        label.hidden = !finalization;
        setText(label, finalization ? this.context.text(`state.${finalization.state}`) : '');
        label.className = `label label-${finalization ? toneOf(finalization) : 'info'}`;
        this.#steps(finalization ? stepsOf(finalization) : this.#vm ? ['finalize'] : []);
    }

    #steps(steps) {
        const place = this.querySelector('.vf-steps');
        if (place.dataset.steps === steps.join()) return;
        place.dataset.steps = steps.join();
        replaceButtons(place, steps.map(step => step === 'finalize'
            ? button(this.context.text('finalize.open'), 'btn-sm btn-primary', () => this.#openDialog())
            : button(this.context.text(`step.${step}`), 'btn-sm btn-outline', () => this.#change(step))));
    }

    #openDialog() {
        this.context.client.openModal({ ...FINALIZE_MODAL, title: this.context.text('finalize.title'),
            objectIds: [this.#vmId], onClosed: () => this.#refresh() });
    }

    async #change(step) {
        try {
            this.#showFinalization(await this.context.server.changeFinalization(this.#finalization, step));
        } catch (problem) {
            this.#complain(problem);
        }
    }

    /** What is being typed is left alone. */
    #showPace({ pace }) {
        const { text, format } = this.context;
        const input = this.querySelector('#vf-pace');
        if (pace && document.activeElement !== input && !input.dataset.typed) {
            input.value = pace.bytesPerSecond > 0 ? Math.max(1, Math.round(pace.bytesPerSecond / MEGABYTE)) : '';
        }
        const limited = pace && pace.limitedBy !== 'nothing' ? text(`limited.${pace.limitedBy}`, {
            limit: format.rate(pace.bytesPerSecond) }) : '';
        setText(this.querySelector('.vf-limited'), limited);
        input.oninput = () => { input.dataset.typed = 'yes'; };
    }

    async #changePace() {
        const { server, text } = this.context;
        const input = this.querySelector('#vf-pace');
        const { bytesPerSecond = 0, fault } = speedLimitOf(input.value);
        this.querySelector('#vf-pace-help').textContent = fault ? text(fault) : '';
        input.setAttribute('aria-invalid', String(Boolean(fault)));
        if (fault) {
            input.focus();
            return;
        }
        try {
            delete input.dataset.typed;
            this.#showFinalization(await server.changePace(this.#finalization, bytesPerSecond));
        } catch (problem) {
            this.#complain(problem);
        }
    }

    #facts(pairs) {
        const list = this.querySelector('dl');
        if (list.children.length !== pairs.length * 2) {
            list.replaceChildren(...pairs.flatMap(() => [element('dt'), element('dd')]));
        }
        pairs.flat().forEach((words, index) => setText(list.children[index], words));
    }

    #disks(disks) {
        this.querySelector('.vf-disks').hidden = disks.length === 0;
        const body = this.querySelector('tbody');
        if (body.rows.length !== disks.length) {
            body.replaceChildren(...disks.map(() => {
                const row = element('tr');
                row.innerHTML = '<td></td><td></td><td><progress max="1"></progress> <span></span></td><td></td>';
                return row;
            }));
        }
        disks.forEach((disk, index) => {
            const [name, size, progress, state] = body.rows[index].cells;
            setText(name, disk.name);
            setText(size, this.context.format.bytes(disk.sizeBytes));
            progress.firstElementChild.value = disk.share;
            progress.firstElementChild.setAttribute('aria-label', disk.name);
            setText(progress.lastElementChild, disk.words);
            setText(state, disk.state);
        });
        const choice = this.querySelector('select');
        if (choice.options.length !== disks.length) {
            choice.replaceChildren(...disks.map(disk => element('option', '', disk.name)));
            this.#shownDisk = 0;
        }
        choice.hidden = disks.length < 2;
    }

    /** A receipt does not change, so it is asked for once. */
    async #showReceipt(finalization) {
        const id = finalization?.receipt ? finalization.id : undefined;
        if (this.#receiptOf === id) return;
        this.#receiptOf = id;
        const place = this.querySelector('.vf-receipt-place');
        place.replaceChildren();
        const receipt = id && await this.context.server.receipt(id).catch(() => undefined);
        if (receipt && this.#receiptOf === id) place.replaceChildren(receiptElement(receipt, this.context));
    }

    #complain(problem) {
        fillAlert(this, problemText(problem, this.context.text));
    }
}

/** Only a change is told to screen readers. */
function setText(place, words) {
    if (place.textContent !== words) place.textContent = words;
}

function timeText(instant, client) {
    return instant ? client.formatTime(Date.parse(instant)) : '—';
}

export const defineVmMonitor = () => customElements.define('vf-vm-monitor', VmMonitor);
