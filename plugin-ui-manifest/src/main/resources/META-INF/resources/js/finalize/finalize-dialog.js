import { MAX_NAME_LENGTH, nameFault } from '../vm/vm-name.js';
import { speedLimitOf } from './speed-limit.js';
import { backupPlaceOf } from './backup-place.js';
import { takingOf } from './plan.js';
import { later } from './later.js';
import { MOVE, fillMove } from './move.js';
import { problemText, remarkText } from '../text/problem-text.js';
import { ALERT, element, fillAlert, fillTexts, fillWords } from '../dom/element.js';

export const PROVISIONINGS = ['thin', 'thick', 'eager-thick'];

/** How long nothing is typed before the server is asked. */
const PAUSE_MILLISECONDS = 250;

/**
 * The dialog that starts a finalization: name, disk format, what it will take, speed and verification, and its own footer.
 *
 * <vf-finalize-dialog></vf-finalize-dialog>
 *   property context   { client, server, text, format }; the VM is the client's context object
 *
 * The server is asked for its plan after each change, so that what speaks against it stands beside its cause before
 * anything is started. Closes itself once the server has taken the order.
 */
class FinalizeDialog extends HTMLElement {
    #vm;
    #datastores = [];
    #plan;
    #askPlan = later(PAUSE_MILLISECONDS, (order, isNewest) => this.#showPlan(order, isNewest));

    connectedCallback() {
        this.#build();
        this.#listen();
        this.#load();
    }

    #build() {
        this.innerHTML = `
            <form class="clr-form clr-form-horizontal" novalidate>
              <div class="vf-scroll">
                ${ALERT}
                <p class="vf-intro" data-text="finalize.intro"></p>
                <div class="vf-fields">
                  <div class="clr-form-control" data-field="name">
                    <label class="clr-control-label" for="vf-name" data-text="name.label"></label>
                    <div class="clr-control-container">
                      <input class="clr-input" id="vf-name" autocomplete="off" spellcheck="false" aria-describedby="vf-name-help">
                      <span class="clr-subtext" id="vf-name-help" aria-live="polite"></span>
                    </div>
                  </div>
                  <fieldset class="clr-form-control" data-field="provisioning" aria-describedby="vf-provisioning-help">
                    <legend class="clr-control-label" data-text="provisioning.label"></legend>
                    <div class="clr-control-container">
                      <span class="clr-subtext" id="vf-provisioning-help" role="alert" hidden></span>
                    </div>
                  </fieldset>
                </div>
                <section class="vf-need" aria-live="polite">
                  <progress max="1" aria-labelledby="vf-left"></progress>
                  <p class="vf-left" id="vf-left"></p>
                  <dl>
                    <dt data-text="need.backup"></dt><dd><span class="vf-backup"></span> <small class="vf-place"></small></dd>
                    <dt data-text="need.space"></dt><dd class="vf-space"></dd>
                    <dt data-text="need.time"></dt><dd class="vf-time"></dd>
                  </dl>
                  <ul class="vf-warnings" hidden></ul>
                </section>
                <details class="vf-advanced">
                  <summary data-text="advanced"></summary>
                  <div class="clr-form-control" data-field="limit">
                    <label class="clr-control-label" for="vf-limit" data-text="limit.label"></label>
                    <div class="clr-control-container">
                      <input class="clr-input" id="vf-limit" inputmode="numeric" autocomplete="off" maxlength="7" aria-describedby="vf-limit-unit vf-limit-help">
                      <span class="vf-unit" id="vf-limit-unit" data-text="limit.unit"></span>
                      <span class="clr-subtext" id="vf-limit-help" aria-live="polite"></span>
                    </div>
                  </div>
                  ${MOVE}
                  <div class="clr-form-control">
                    <label class="clr-control-label" for="vf-verify" data-text="verify.label"></label>
                    <div class="clr-control-container">
                      <input type="checkbox" class="vf-check" id="vf-verify" aria-describedby="vf-verify-help">
                      <span class="clr-subtext" id="vf-verify-help" data-text="verify.help"></span>
                    </div>
                  </div>
                </details>
              </div>
              <footer>
                <button type="button" class="btn btn-outline" data-text="cancel"></button>
                <button type="submit" class="btn btn-primary" data-text="finalize.action" disabled></button>
              </footer>
            </form>`;
        const { text } = this.context;
        fillTexts(this, text);
        this.querySelector('#vf-provisioning-help').before(...PROVISIONINGS.map(each => this.#radio(each)));
        this.#limit.placeholder = text('limit.automatic');
        this.#showNameHelp();
        this.#showLimitFault();
    }

    #radio(provisioning) {
        const wrapper = element('div', 'clr-radio-wrapper');
        wrapper.innerHTML = '<input type="radio" class="clr-radio" name="provisioning">'
            + '<label class="clr-control-label"><span></span><small></small></label>';
        const [input, label] = wrapper.children;
        input.id = `vf-${provisioning}`;
        input.value = provisioning;
        input.checked = provisioning === PROVISIONINGS[0];
        label.htmlFor = input.id;
        label.querySelector('span').textContent = this.context.text(`provisioning.${provisioning}`);
        label.querySelector('small').textContent = this.context.text(`provisioning.${provisioning}.help`);
        return wrapper;
    }

    #listen() {
        this.querySelector('footer .btn-outline').onclick = () => this.context.client.closeModal();
        document.onkeydown = event => { if (event.key === 'Escape') this.context.client.closeModal(); };
        this.#name.oninput = () => {
            const fault = nameFault(this.#name.value);
            this.#showNameHelp(fault);
            if (!fault) this.#ask();
        };
        this.#limit.oninput = () => {
            const { fault } = speedLimitOf(this.#limit.value);
            this.#showLimitFault(fault);
            if (!fault) this.#ask();
        };
        this.querySelector('#vf-move').onchange = () => {
            this.#showFieldError('move');
            this.#ask();
        };
        this.querySelector('fieldset').onchange = () => {
            this.#plan = undefined;
            this.#showFieldError('provisioning');
            this.#showNeed();
            this.#ask();
        };
        this.querySelector('form').onsubmit = event => {
            event.preventDefault();
            this.#start();
        };
    }

    async #load() {
        const { server, client } = this.context;
        this.querySelector('.vf-left').textContent = this.context.text('loading');
        try {
            let destinations;
            [this.#vm, this.#datastores, destinations] = await Promise.all([
                server.instantVm(client.objectIds[0] ?? ''),
                server.datastores().catch(() => []),
                server.destinations().catch(() => ({})),
            ]);
            fillMove(this, [this.#vm], destinations.datastores, this.context);
        } catch (problem) {
            this.querySelectorAll('.vf-intro, .vf-fields, .vf-need, .vf-advanced').forEach(part => { part.hidden = true; });
            this.querySelector('.btn-primary').hidden = true;
            this.querySelector('.btn-outline').textContent = this.context.text('close');
            this.#refuse(problem);
            return;
        }
        this.#name.value = this.#vm.name;
        this.#name.select();
        this.#name.focus();
        this.#showNameHelp();
        this.#showNeed();
        this.querySelector('.btn-primary').disabled = false;
        this.#ask();
    }

    #ask() {
        if (this.#vm) this.#askPlan(this.#order());
    }

    async #showPlan(order, isNewest) {
        // A server that makes no plans says what speaks against an order when it is given.
        const plan = await this.context.server.planFinalization(order).catch(() => undefined);
        if (!isNewest() || !this.isConnected) return;
        this.#plan = plan;
        const { faults } = this.#showNeed();
        const words = field => faults[field] && remarkText(faults[field], this.context.text);
        if (!nameFault(this.#name.value)) this.#showFieldError('name', words('name'));
        this.#showFieldError('provisioning', words('provisioning'));
        this.#showFieldError('move', words('move'));
        fillAlert(this, words('other'));
    }

    #order() {
        const name = this.#name.value.trim();
        const limit = speedLimitOf(this.#limit.value);
        return {
            vm: this.#vm.id,
            ...(name && name !== this.#vm.name && { name }),
            provisioning: this.querySelector('[name="provisioning"]:checked').value,
            ...(limit.bytesPerSecond && { bytesPerSecond: limit.bytesPerSecond }),
            ...(this.querySelector('#vf-verify').checked && { verify: true }),
            ...(this.querySelector('#vf-move').value && { moveTo: this.querySelector('#vf-move').value }),
        };
    }

    async #start() {
        const fault = nameFault(this.#name.value);
        if (fault || !this.#vm) {
            this.#showNameHelp(fault);
            this.#name.focus();
            return;
        }
        const limit = speedLimitOf(this.#limit.value);
        this.#showLimitFault(limit.fault);
        if (limit.fault) {
            this.querySelector('details').open = true;
            this.#limit.focus();
            return;
        }
        this.#busy(true);
        // The answer to the order is what counts; a plan that is made beside it sees it half-way.
        this.#askPlan.drop();
        try {
            const { server, client } = this.context;
            const finalization = await server.startFinalization({ id: this.#vm.id, name: this.#vm.name }, this.#order());
            client.refreshPluginItems();
            client.closeModal({ finalization: finalization.id });
        } catch (problem) {
            this.#busy(false);
            this.#refuse(problem);
        }
    }

    #busy(busy) {
        const button = this.querySelector('.btn-primary');
        button.disabled = busy;
        button.classList.toggle('vf-busy', busy);
        if (busy) this.#refuse();
    }

    /** Shows a refusal beside its field, else on top; nothing given clears them all. */
    #refuse(problem) {
        const words = problem && problemText(problem, this.context.text);
        const fields = ['name', 'provisioning', 'move'];
        const field = fields.find(each => each === problem?.field);
        fields.forEach(each => this.#showFieldError(each, each === field ? words : undefined));
        if (field === 'name') this.#name.focus();
        if (field === 'move') this.querySelector('details').open = true;
        this.querySelector(`[data-field="${field}"]`)?.scrollIntoView({ block: 'nearest' });
        fillAlert(this, field ? undefined : words);
    }

    #showNameHelp(fault) {
        this.#showFieldError('name', fault && this.context.text(fault, { limit: MAX_NAME_LENGTH }));
    }

    #showLimitFault(fault) {
        this.#showFieldError('limit', fault && this.context.text(fault));
    }

    #showFieldError(field, words) {
        const control = this.querySelector(`[data-field="${field}"]`);
        control.classList.toggle('clr-error', Boolean(words));
        const help = control.querySelector('.clr-subtext');
        const usual = { name: 'name.help', limit: 'limit.help' }[field];
        fillWords(help, words ?? (usual ? this.context.text(usual) : ''));
        help.hidden = help.textContent === '';
        control.querySelectorAll('input, select').forEach(input => input.setAttribute('aria-invalid', String(Boolean(words))));
    }

    #showNeed() {
        const { text, format } = this.context;
        const provisioning = this.querySelector('[name="provisioning"]:checked').value;
        const taking = takingOf(this.#vm, provisioning, this.#plan, this.#datastores);
        const disks = taking.diskCount === 1
            ? text('need.disks.one') : text('need.disks.many', { count: format.count(taking.diskCount) });
        const left = taking.inBackupBytes === 0
            ? text('need.none')
            : text('need.left', { todo: format.bytes(taking.inBackupBytes), size: format.bytes(taking.sizeBytes) });
        this.querySelector('.vf-need progress').value = taking.sizeBytes ? taking.inBackupBytes / taking.sizeBytes : 0;
        this.querySelector('.vf-left').textContent = `${left} · ${disks}`;
        const { location } = this.#vm.backup;
        this.querySelector('.vf-backup').textContent = location;
        this.querySelector('.vf-backup').title = location;
        this.querySelector('.vf-place').textContent = text(`place.${backupPlaceOf(location)}`);
        const space = this.querySelector('.vf-space');
        space.textContent = taking.freeBytes === undefined
            ? text('need.space.value', { space: format.bytes(taking.neededBytes), datastore: this.#vm.datastore })
            : text('need.space.free', { space: format.bytes(taking.neededBytes), datastore: this.#vm.datastore,
                free: format.bytes(taking.freeBytes) });
        space.classList.toggle('vf-short', !taking.enough);
        this.querySelector('.vf-time').textContent = timeText(taking, text, format);
        const warnings = this.querySelector('.vf-warnings');
        warnings.replaceChildren(...taking.warnings.map(each => element('li', '', remarkText(each, text))));
        warnings.hidden = taking.warnings.length === 0;
        return taking;
    }

    get #name() { return this.querySelector('#vf-name'); }

    get #limit() { return this.querySelector('#vf-limit'); }
}

/** The expected time in words; `unknown` is the message where nothing was measured. */
export function timeText({ seconds, inBackupBytes }, text, format, unknown = 'time.unknown') {
    if (inBackupBytes === 0) return text('time.none');
    if (!seconds) return text(unknown);
    const { atLeast, atMost } = seconds;
    return format.duration(atLeast) === format.duration(atMost)
        ? text('time.about', { time: format.duration(atMost) })
        : text('time.range', { least: format.duration(atLeast), most: format.duration(atMost) });
}

export const defineFinalizeDialog = () => customElements.define('vf-finalize-dialog', FinalizeDialog);
