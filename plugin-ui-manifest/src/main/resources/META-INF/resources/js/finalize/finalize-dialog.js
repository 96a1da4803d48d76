import { MAX_NAME_LENGTH, nameFault } from '../vm/vm-name.js';
import { requirementOf } from './requirement.js';
import { speedLimitOf } from './speed-limit.js';
import { problemText } from '../text/problem-text.js';

const PROVISIONINGS = ['thin', 'thick', 'eager-thick'];

/**
 * The dialog that starts a finalization: name, disk format, speed limit, what it will take, and its own footer.
 *
 * <vf-finalize-dialog></vf-finalize-dialog>
 *   property context   { client, server, text, format }; the VM is the client's context object
 *
 * Closes itself once the server has taken the order; a refusal is shown where the user can mend it.
 */
class FinalizeDialog extends HTMLElement {
    #vm;

    connectedCallback() {
        this.#build();
        this.#listen();
        this.#load();
    }

    #build() {
        this.innerHTML = `
            <form class="clr-form clr-form-horizontal" novalidate>
              <div class="vf-scroll">
                <div class="alert alert-danger" role="alert" hidden>
                  <div class="alert-items"><div class="alert-item static"><span class="alert-text"></span></div></div>
                </div>
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
                  <div class="clr-form-control" data-field="limit">
                    <label class="clr-control-label" for="vf-limit" data-text="limit.label"></label>
                    <div class="clr-control-container">
                      <input class="clr-input" id="vf-limit" inputmode="numeric" autocomplete="off" maxlength="7" aria-describedby="vf-limit-unit vf-limit-help">
                      <span class="vf-unit" id="vf-limit-unit" data-text="limit.unit"></span>
                      <span class="clr-subtext" id="vf-limit-help" aria-live="polite"></span>
                    </div>
                  </div>
                </div>
                <section class="vf-need" aria-live="polite">
                  <progress max="1" aria-labelledby="vf-left"></progress>
                  <p class="vf-left" id="vf-left"></p>
                  <dl>
                    <dt data-text="need.backup"></dt><dd class="vf-backup"></dd>
                    <dt data-text="need.space"></dt><dd class="vf-space"></dd>
                  </dl>
                </section>
              </div>
              <footer>
                <button type="button" class="btn btn-outline" data-text="cancel"></button>
                <button type="submit" class="btn btn-primary" data-text="finalize.action" disabled></button>
              </footer>
            </form>`;
        const { text } = this.context;
        this.querySelectorAll('[data-text]').forEach(element => { element.textContent = text(element.dataset.text); });
        this.querySelector('#vf-provisioning-help').before(...PROVISIONINGS.map(each => this.#radio(each)));
        this.querySelector('#vf-limit').placeholder = text('limit.none');
        this.#showNameHelp();
    }

    #radio(provisioning) {
        const wrapper = document.createElement('div');
        wrapper.className = 'clr-radio-wrapper';
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
        this.onkeydown = event => { if (event.key === 'Escape') this.context.client.closeModal(); };
        this.#name.oninput = () => this.#showNameHelp(nameFault(this.#name.value));
        this.#limit.oninput = () => this.#showLimitFault(speedLimitOf(this.#limit.value).fault);
        this.querySelector('fieldset').onchange = () => {
            this.#showFieldError('provisioning');
            this.#showNeed();
        };
        this.querySelector('form').onsubmit = event => {
            event.preventDefault();
            this.#start();
        };
    }

    async #load() {
        this.querySelector('.vf-left').textContent = this.context.text('loading');
        try {
            this.#vm = await this.context.server.instantVm(this.context.client.objectIds[0] ?? '');
        } catch (problem) {
            this.querySelectorAll('.vf-intro, .vf-fields, .vf-need').forEach(part => { part.hidden = true; });
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
    }

    async #start() {
        const fault = nameFault(this.#name.value);
        this.#showNameHelp(fault);
        if (fault || !this.#vm) {
            this.#name.focus();
            return;
        }
        const limit = speedLimitOf(this.#limit.value);
        this.#showLimitFault(limit.fault);
        if (limit.fault) {
            this.#limit.focus();
            return;
        }
        const name = this.#name.value.trim();
        this.#busy(true);
        try {
            const finalization = await this.context.server.startFinalization({
                vm: this.#vm.id,
                ...(name !== this.#vm.name && { name }),
                provisioning: this.#provisioning,
                ...(limit.bytesPerSecond && { bytesPerSecond: limit.bytesPerSecond }),
            });
            this.context.client.refreshPluginItems();
            this.context.client.closeModal({ finalization: finalization.id });
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
        const field = problem?.field;
        this.#showFieldError('name', field === 'name' ? words : undefined);
        this.#showFieldError('provisioning', field === 'provisioning' ? words : undefined);
        if (field === 'name') this.#name.focus();
        const alert = this.querySelector('.alert');
        alert.hidden = !problem || Boolean(field);
        alert.querySelector('.alert-text').textContent = alert.hidden ? '' : words;
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
        help.textContent = words ?? (field === 'name' ? this.context.text('name.help') : '');
        help.hidden = help.textContent === '';
        control.querySelectorAll('input').forEach(input => input.setAttribute('aria-invalid', String(Boolean(words))));
    }

    #showNeed() {
        if (!this.#vm) return;
        const { text, format } = this.context;
        const need = requirementOf(this.#vm, this.#provisioning);
        const disks = need.diskCount === 1 ? text('need.disks.one') : text('need.disks.many', { count: need.diskCount });
        const left = need.toDoBytes === 0
            ? text('need.none')
            : text('need.left', { todo: format.bytes(need.toDoBytes), size: format.bytes(need.sizeBytes) });
        this.querySelector('.vf-need progress').value = need.toDoShare;
        this.querySelector('.vf-left').textContent = `${left} · ${disks}`;
        this.querySelector('.vf-backup').textContent = this.#vm.backup.location;
        this.querySelector('.vf-backup').title = this.#vm.backup.location;
        this.querySelector('.vf-space').textContent = text('need.space.value',
            { space: format.bytes(need.spaceBytes), datastore: this.#vm.datastore });
    }

    get #name() { return this.querySelector('#vf-name'); }

    get #limit() { return this.querySelector('#vf-limit'); }

    get #provisioning() { return this.querySelector('[name="provisioning"]:checked').value; }
}

export const defineFinalizeDialog = () => customElements.define('vf-finalize-dialog', FinalizeDialog);
