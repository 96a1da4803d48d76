import { MAX_NAME_LENGTH, nameFault } from '../vm/vm-name.js';
import { faultsOf } from '../finalize/plan.js';
import { later } from '../finalize/later.js';
import { backupPlaceOf } from '../finalize/backup-place.js';
import { problemText, remarkText, serverText } from '../text/problem-text.js';
import { ALERT, element, fillAlert, fillTexts, fillWords } from '../dom/element.js';

const STEPS = ['point', 'name', 'place', 'review'];
const PAUSE_MILLISECONDS = 250;

/** The step on which a field is. */
const STEP_OF = { name: 1, host: 2, datastore: 2, network: 2 };

/**
 * The wizard that runs a VM from a backup: restore point, name, host and datastore and network, review.
 *
 * <vf-run-wizard></vf-run-wizard>
 *   property context   { client, server, text, format }; the restore point is in the dialog's data
 */
class RunWizard extends HTMLElement {
    #step = 0;
    #points = [];
    #askPlan = later(PAUSE_MILLISECONDS, (order, isNewest) => this.#showPlan(order, isNewest));

    connectedCallback() {
        this.innerHTML = `
            <form class="clr-form clr-form-horizontal" novalidate>
              <div class="vf-wizard">
                <ol class="vf-wizard-steps"></ol>
                <div class="vf-scroll">${ALERT}
                  <section data-step="point"><h2 data-text="run.point"></h2>
                    <div class="clr-form-control"><label class="clr-control-label" for="vf-point" data-text="column.taken"></label>
                      <div class="clr-control-container"><select class="clr-select" id="vf-point"></select></div></div>
                    <dl class="vf-facts"></dl></section>
                  <section data-step="name"><h2 data-text="run.name"></h2>
                    <div class="clr-form-control" data-field="name"><label class="clr-control-label" for="vf-name" data-text="name.label"></label>
                      <div class="clr-control-container"><input class="clr-input" id="vf-name" autocomplete="off" spellcheck="false" aria-describedby="vf-name-help">
                        <span class="clr-subtext" id="vf-name-help" aria-live="polite"></span></div></div>
                    <div class="clr-form-control"><label class="clr-control-label" for="vf-power" data-text="run.power"></label>
                      <div class="clr-control-container"><input type="checkbox" class="vf-check" id="vf-power" checked></div></div></section>
                  <section data-step="place"><h2 data-text="run.place"></h2></section>
                  <section data-step="review"><h2 data-text="run.review"></h2><dl class="vf-review"></dl><ul class="vf-warnings" hidden></ul></section>
                </div>
              </div>
              <footer>
                <button type="button" class="btn btn-outline vf-cancel" data-text="cancel"></button>
                <button type="button" class="btn btn-outline vf-back" data-text="wizard.back"></button>
                <button type="submit" class="btn btn-primary" disabled></button>
              </footer>
            </form>`;
        const { text, client } = this.context;
        fillTexts(this, text);
        this.querySelector('[data-step="place"]').append(...['host', 'datastore', 'network'].map(field => this.#select(field)));
        this.querySelector('.vf-wizard-steps').append(...STEPS.map(step => element('li', '', text(`run.${step}`))));
        this.querySelector('.vf-cancel').onclick = () => client.closeModal();
        this.querySelector('.vf-back').onclick = () => this.#go(this.#step - 1);
        document.onkeydown = event => { if (event.key === 'Escape') client.closeModal(); };
        this.querySelector('#vf-point').onchange = () => this.#showPoint();
        this.#name.oninput = () => {
            this.#fault('name', this.#nameFault());
            if (!nameFault(this.#name.value)) this.#ask();
        };
        this.querySelector('[data-step="place"]').onchange = () => this.#ask();
        this.querySelector('form').onsubmit = event => {
            event.preventDefault();
            this.#next();
        };
        this.#load();
    }

    #select(field) {
        const control = element('div', 'clr-form-control');
        control.dataset.field = field;
        control.innerHTML = `<label class="clr-control-label"></label><div class="clr-control-container">
            <select class="clr-select"></select><span class="clr-subtext" aria-live="polite" hidden></span></div>`;
        const [label, select, help] = ['label', 'select', '.clr-subtext'].map(each => control.querySelector(each));
        label.textContent = this.context.text(`run.${field}`);
        select.id = label.htmlFor = `vf-${field}`;
        help.id = `vf-${field}-help`;
        select.setAttribute('aria-describedby', help.id);
        return control;
    }

    async #load() {
        const { server, client, text } = this.context;
        const wanted = client.customData.backup ?? {};
        try {
            const [page, datastores, destinations] = await Promise.all([
                server.backups({ vm: wanted.vmName ?? '' }), server.datastores(),
                server.destinations().catch(() => ({ hosts: [], networks: [] }))]);
            this.#points = page.items.filter(point => point.vmName === wanted.vmName);
            fillOptions(this.querySelector('#vf-datastore'), datastores.map(store => [store.name, store.name]));
            fillOptions(this.querySelector('#vf-host'), [['', text('run.host.any')],
                ...destinations.hosts.filter(host => host.usable).map(host => [host.id, host.name])]);
            fillOptions(this.querySelector('#vf-network'), [['', text('run.network.same')],
                ['disconnected', text('run.network.none')], ...destinations.networks.map(network => [network.id, network.name])]);
        } catch (problem) {
            fillAlert(this, problemText(problem, text));
            return;
        }
        fillOptions(this.querySelector('#vf-point'), this.#points.map(point =>
            [point.id, `${point.takenAt ? client.formatTime(Date.parse(point.takenAt)) : '—'} · ${point.format}`]));
        if (wanted.id) this.querySelector('#vf-point').value = wanted.id;
        this.#name.value = `${wanted.vmName ?? ''}-${text('run.suffix')}`.slice(0, MAX_NAME_LENGTH);
        this.#fault('name');
        this.#showPoint();
        this.#go(0);
    }

    #showPoint() {
        const { text, format } = this.context;
        const point = this.#point;
        if (!point) return;
        facts(this.querySelector('.vf-facts'), [
            [text('column.vm'), point.vmName],
            [text('column.location'), point.location],
            [text('column.place'), text(`place.${backupPlaceOf(point.location)}`) || point.place],
            [text('monitor.disks'), point.disks.map(disk => format.bytes(disk.sizeBytes)).join(', ')],
            ...point.hardware ? [[text('run.hardware'), text('run.hardware.value',
                { cpus: point.hardware.cpus, memory: format.bytes(point.hardware.memoryMiB * 1024 * 1024) })]] : [],
            ...(point.hardware?.remarks ?? []).map(remark => [text('run.remark'), serverText(remark, text)]),
        ]);
        this.#ask();
    }

    #order() {
        const value = id => this.querySelector(id).value;
        return {
            name: this.#name.value.trim(),
            backup: this.#point.id,
            datastore: value('#vf-datastore'),
            ...(value('#vf-host') && { host: value('#vf-host') }),
            ...(value('#vf-network') && { network: value('#vf-network') }),
            ...(!this.querySelector('#vf-power').checked && { powerOn: false }),
        };
    }

    #ask() {
        if (this.#point) this.#askPlan(this.#order());
    }

    async #showPlan(order, isNewest) {
        const plan = await this.context.server.planRun(order).catch(() => undefined);
        if (!isNewest() || !this.isConnected) return;
        const { text } = this.context;
        const faults = faultsOf(plan?.refusals ?? []);
        const words = field => faults[field] && remarkText(faults[field], text);
        ['host', 'datastore', 'network'].forEach(field => this.#fault(field, words(field)));
        this.#fault('name', this.#nameFault() ?? words('name'));
        fillAlert(this, words('other'));
        const warnings = this.querySelector('.vf-warnings');
        warnings.replaceChildren(...(plan?.warnings ?? []).map(each => element('li', '', remarkText(each, text))));
        warnings.hidden = warnings.childElementCount === 0;
    }

    #go(step) {
        this.#step = step;
        const { text } = this.context;
        this.querySelectorAll('section[data-step]').forEach((section, index) => { section.hidden = index !== step; });
        this.querySelectorAll('.vf-wizard-steps li').forEach((item, index) => {
            if (index === step) item.setAttribute('aria-current', 'step');
            else item.removeAttribute('aria-current');
            item.classList.toggle('vf-done', index < step);
        });
        this.querySelector('.vf-back').hidden = step === 0;
        const next = this.querySelector('.btn-primary');
        next.textContent = text(step === STEPS.length - 1 ? 'run.action' : 'wizard.next');
        next.disabled = !this.#point;
        if (step === STEPS.length - 1) this.#review();
        this.querySelectorAll('section[data-step]')[step].querySelector('select, input')?.focus();
        if (step === STEPS.length - 1) next.focus();
    }

    #next() {
        const fault = this.#nameFault();
        if (this.#step === 1 && fault) {
            this.#fault('name', fault);
            this.#name.focus();
        } else if (this.#step < STEPS.length - 1) this.#go(this.#step + 1);
        else this.#run();
    }

    #review() {
        const { text } = this.context;
        const chosen = id => this.querySelector(id).selectedOptions[0]?.textContent ?? '—';
        facts(this.querySelector('.vf-review'), [
            [text('run.point'), `${this.#point.vmName} · ${chosen('#vf-point')}`],
            [text('name.label'), this.#name.value.trim()],
            [text('run.host'), chosen('#vf-host')],
            [text('run.datastore'), chosen('#vf-datastore')],
            [text('run.network'), chosen('#vf-network')],
            [text('run.power'), text(this.querySelector('#vf-power').checked ? 'yes' : 'no')],
        ]);
    }

    async #run() {
        const { server, client, text } = this.context;
        const start = this.querySelector('.btn-primary');
        this.#askPlan.drop();
        start.disabled = true;
        start.textContent = text('run.starting');
        fillAlert(this);
        try {
            const vm = await server.runFromBackup({ id: this.#point.id, vmName: this.#point.vmName }, this.#order());
            client.refreshPluginItems();
            client.closeModal({ vm: vm.id });
        } catch (problem) {
            const words = problemText(problem, text);
            if (problem.field in STEP_OF) {
                this.#go(STEP_OF[problem.field]);
                this.#fault(problem.field, words);
                this.querySelector(`[data-field="${problem.field}"] :is(input, select)`).focus();
            } else {
                fillAlert(this, words);
                this.#go(this.#step);
            }
        }
    }

    #nameFault() {
        const fault = nameFault(this.#name.value);
        return fault && this.context.text(fault, { limit: MAX_NAME_LENGTH });
    }

    #fault(field, words) {
        const control = this.querySelector(`[data-field="${field}"]`);
        const help = control.querySelector('.clr-subtext');
        control.classList.toggle('clr-error', Boolean(words));
        fillWords(help, words);
        help.hidden = !words;
        control.querySelector('input, select').setAttribute('aria-invalid', String(Boolean(words)));
    }

    get #name() { return this.querySelector('#vf-name'); }

    get #point() { return this.#points.find(point => point.id === this.querySelector('#vf-point').value); }
}

function fillOptions(select, options) {
    select.replaceChildren(...options.map(([value, words]) => {
        const option = element('option', '', words);
        option.value = value;
        return option;
    }));
}

function facts(list, pairs) {
    list.replaceChildren(...pairs.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)]));
}

export const defineRunWizard = () => customElements.define('vf-run-wizard', RunWizard);
