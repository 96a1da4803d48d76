import { PROVISIONINGS, timeText } from './finalize-dialog.js';
import { takingOf } from './plan.js';
import { speedLimitOf } from './speed-limit.js';
import { MOVE, fillMove } from './move.js';
import { problemText, remarkText } from '../text/problem-text.js';
import { ALERT, element, fillAlert, fillTexts } from '../dom/element.js';

/** So many are planned or started at the same time: the server checks each with vCenter. */
const AT_ONCE = 4;

/**
 * The dialog that finalizes several VMs: one table, one start. They keep their names. What a VM was refused for stands in
 * its row; those that were started are not started again.
 *
 * <vf-finalize-many></vf-finalize-many>
 *   property context   { client, server, text, format }; the VMs are the client's context objects
 */
class FinalizeMany extends HTMLElement {
    #vms = [];
    #datastores = [];
    #plans = new Map();
    #outcomes = new Map();

    connectedCallback() {
        const { text, client } = this.context;
        this.innerHTML = `
            <form class="clr-form clr-form-horizontal" novalidate>
              <div class="vf-scroll">
                ${ALERT}
                <p class="vf-intro"></p>
                <div class="vf-fields">
                  <div class="clr-form-control">
                    <label class="clr-control-label" for="vf-format" data-text="provisioning.label"></label>
                    <div class="clr-control-container"><select class="clr-select" id="vf-format"></select></div>
                  </div>
                  <div class="clr-form-control" data-field="limit">
                    <label class="clr-control-label" for="vf-limit" data-text="limit.each"></label>
                    <div class="clr-control-container">
                      <input class="clr-input" id="vf-limit" inputmode="numeric" autocomplete="off" maxlength="7" aria-describedby="vf-limit-unit vf-limit-help">
                      <span class="vf-unit" id="vf-limit-unit" data-text="limit.unit"></span>
                      <span class="clr-subtext" id="vf-limit-help" aria-live="polite"></span>
                    </div>
                  </div>
                  ${MOVE}
                  <div class="clr-form-control">
                    <label class="clr-control-label" for="vf-verify" data-text="verify.label"></label>
                    <div class="clr-control-container"><input type="checkbox" class="vf-check" id="vf-verify"></div>
                  </div>
                </div>
                <div class="vf-many" tabindex="0"><table class="table">
                  <thead><tr>
                    <th scope="col" data-text="column.vm"></th><th scope="col" data-text="column.left"></th>
                    <th scope="col" data-text="need.space"></th><th scope="col" data-text="need.time"></th>
                    <th scope="col" data-text="column.state"></th>
                  </tr></thead><tbody></tbody>
                </table></div>
                <p class="vf-sum" aria-live="polite"></p>
              </div>
              <footer>
                <button type="button" class="btn btn-outline" data-text="cancel"></button>
                <button type="submit" class="btn btn-primary" disabled></button>
              </footer>
            </form>`;
        fillTexts(this, text);
        client.setModalTitle(text('many.title'));
        this.querySelector('#vf-format').append(...PROVISIONINGS.map(each => {
            const option = element('option', '', text(`provisioning.${each}`));
            option.value = each;
            return option;
        }));
        this.querySelector('#vf-limit').placeholder = text('limit.automatic');
        this.querySelector('footer .btn-outline').onclick = () => client.closeModal();
        document.onkeydown = event => { if (event.key === 'Escape') client.closeModal(); };
        this.querySelector('#vf-format').onchange = this.querySelector('#vf-move').onchange = () => {
            this.#plans.clear();
            this.#show();
            this.#plan();
        };
        this.querySelector('#vf-limit').oninput = () => this.#limit();
        this.querySelector('form').onsubmit = event => {
            event.preventDefault();
            this.#start();
        };
        this.#load();
    }

    async #load() {
        const { server, client, text, format } = this.context;
        const wanted = new Set(client.objectIds);
        this.querySelector('.vf-intro').textContent = text('loading');
        try {
            const [vms, datastores, destinations] = await Promise.all([server.instantVms(),
                server.datastores().catch(() => []), server.destinations().catch(() => ({}))]);
            this.#vms = vms.filter(vm => wanted.has(vm.id));
            fillMove(this, this.#vms, destinations.datastores, this.context);
            this.#datastores = datastores;
        } catch (problem) {
            fillAlert(this, problemText(problem, text));
            return;
        }
        this.querySelector('.vf-intro').textContent = text('many.intro', { count: format.count(this.#vms.length) });
        this.querySelector('#vf-format').focus();
        this.#show();
        this.#plan();
    }

    #order(vm) {
        const { bytesPerSecond } = speedLimitOf(this.querySelector('#vf-limit').value);
        return {
            vm: vm.id,
            provisioning: this.querySelector('#vf-format').value,
            ...(bytesPerSecond && { bytesPerSecond }),
            ...(this.querySelector('#vf-verify').checked && { verify: true }),
            ...(this.#target && { moveTo: this.#target }),
        };
    }

    async #plan() {
        const asked = [this.querySelector('#vf-format').value, this.#target];
        await inTurns(this.#vms, async vm => {
            const plan = await this.context.server.planFinalization(this.#order(vm)).catch(() => undefined);
            const now = [this.querySelector('#vf-format').value, this.#target];
            if (now.join() !== asked.join() || !this.isConnected) return;
            this.#plans.set(vm.id, plan);
            this.#show();
        });
    }

    /** Whether the limit is fine; says what is not. */
    #limit() {
        const { fault } = speedLimitOf(this.querySelector('#vf-limit').value);
        const help = this.querySelector('#vf-limit-help');
        help.textContent = fault ? this.context.text(fault) : '';
        help.hidden = !fault;
        this.querySelector('[data-field="limit"]').classList.toggle('clr-error', Boolean(fault));
        return !fault;
    }

    async #start() {
        if (!this.#limit()) {
            this.querySelector('#vf-limit').focus();
            return;
        }
        const { server, client, text } = this.context;
        this.querySelector('.btn-primary').disabled = true;
        await inTurns(this.#open(), async vm => {
            this.#outcomes.set(vm.id, { words: text('many.starting'), tone: 'info' });
            this.#show();
            try {
                await server.startFinalization({ id: vm.id, name: vm.name }, this.#order(vm));
                this.#outcomes.set(vm.id, { words: text('many.started'), tone: 'success', started: true });
            } catch (problem) {
                this.#outcomes.set(vm.id, { words: problemText(problem, text), tone: 'danger' });
            }
            this.#show();
        });
        client.refreshPluginItems();
        if (this.#open().length === 0) client.closeModal({ started: this.#vms.length });
    }

    /** The datastore that all are moved to afterwards; empty if they stay. */
    get #target() { return this.querySelector('#vf-move').value; }

    /** Those that are still to be started. */
    #open() { return this.#vms.filter(vm => !this.#outcomes.get(vm.id)?.started); }

    #show() {
        const { text, format } = this.context;
        const provisioning = this.querySelector('#vf-format').value;
        const rows = this.#vms.map(vm => ({ vm, taking: takingOf(vm, provisioning, this.#plans.get(vm.id), this.#datastores) }));
        this.querySelector('tbody').replaceChildren(...rows.map(({ vm, taking }) => {
            const row = element('tr');
            const refusal = Object.values(taking.faults)[0];
            const outcome = this.#outcomes.get(vm.id) ?? (refusal
                ? { words: remarkText(refusal, text), tone: 'danger' } : { words: text('many.ready'), tone: 'neutral' });
            const state = element('td', `vf-outcome vf-${outcome.tone}`, outcome.words);
            state.title = outcome.words;
            const name = element('td', '', vm.name);
            name.title = vm.name;
            row.append(name, element('td', '', format.bytes(taking.inBackupBytes)),
                element('td', '', format.bytes(taking.neededBytes)), element('td', '', timeText(taking, text, format, 'time.unknown.short')), state);
            return row;
        }));
        const sums = sumByDatastore(rows);
        this.querySelector('.vf-sum').textContent = sums.map(sum => text(sum.freeBytes === undefined ? 'many.sum' : 'many.sum.free',
            { space: format.bytes(sum.neededBytes), datastore: sum.datastore, free: format.bytes(sum.freeBytes) })).join(' · ');
        this.querySelector('.vf-sum').classList.toggle('vf-short', sums.some(sum => sum.neededBytes > sum.freeBytes));
        const start = this.querySelector('.btn-primary');
        const open = this.#open().length;
        start.textContent = text('many.action', { count: format.count(open) });
        start.disabled = open === 0 || [...this.#outcomes.values()].some(each => each.tone === 'info');
    }
}

/** What all of them need together of each datastore: one alone may fit where all do not. */
export function sumByDatastore(rows) {
    const sums = new Map();
    rows.forEach(({ vm, taking }) => {
        const sum = sums.get(vm.datastore) ?? { datastore: vm.datastore, neededBytes: 0, freeBytes: taking.freeBytes };
        sum.neededBytes += taking.neededBytes;
        sums.set(vm.datastore, sum);
    });
    return [...sums.values()];
}

/** Works through a list, a few at the same time. */
export async function inTurns(items, work) {
    const waiting = [...items];
    const worker = async () => {
        for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export const defineFinalizeMany = () => customElements.define('vf-finalize-many', FinalizeMany);
