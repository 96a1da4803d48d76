import { latestFor, stepsOf, toneOf } from '../finalization/finalization.js';
import { inTurns } from '../finalize/finalize-many.js';
import { problemText } from '../text/problem-text.js';
import { ALERT, element, fillAlert, fillTexts } from '../dom/element.js';

/**
 * The dialog that pauses, resumes or cancels the finalizations of the selected VMs, or discards the VMs: says what that
 * means, lists them, and does it for those for which it is possible.
 *
 * <vf-steps-dialog step="pause"></vf-steps-dialog>
 *   property context   { client, server, text, format }; the VMs are the client's context objects
 */
class StepsDialog extends HTMLElement {
    #rows = [];

    connectedCallback() {
        const { text, client } = this.context;
        this.innerHTML = `
            <form novalidate>
              <div class="vf-scroll">${ALERT}<p class="vf-intro"></p>
                <div class="vf-many" tabindex="0"><table class="table"><thead><tr>
                  <th scope="col" data-text="column.vm"></th><th scope="col" data-text="column.state"></th>
                </tr></thead><tbody></tbody></table></div></div>
              <footer><button type="button" class="btn btn-outline"></button>
                <button type="submit" class="btn btn-primary" disabled></button></footer>
            </form>`;
        fillTexts(this, text);
        const step = this.getAttribute('step');
        this.querySelector('.vf-intro').textContent = text(client.objectIds.length === 1 ? `steps.${step}.one` : `steps.${step}`);
        const start = this.querySelector('.btn-primary');
        start.textContent = text(`step.${step}`);
        start.classList.toggle('btn-danger', step === 'discard');
        // "Cancel" beside "Cancel" would say nothing.
        this.querySelector('.btn-outline').textContent = text(step === 'cancel' ? 'close' : 'cancel');
        this.querySelector('.btn-outline').onclick = () => client.closeModal();
        document.onkeydown = event => { if (event.key === 'Escape') client.closeModal(); };
        this.querySelector('form').onsubmit = event => {
            event.preventDefault();
            this.#start(step);
        };
        this.#load(step);
    }

    async #load(step) {
        const { server, client, text } = this.context;
        const wanted = new Set(client.objectIds);
        try {
            const [vms, finalizations] = await Promise.all([server.instantVms(), server.finalizations()]);
            this.#rows = vms.filter(vm => wanted.has(vm.id)).map(vm => rowOf(vm, latestFor(vm.id, finalizations), step));
        } catch (problem) {
            fillAlert(this, problemText(problem, text));
            return;
        }
        this.#show();
        const start = this.querySelector('.btn-primary');
        (step === 'discard' || start.disabled ? this.querySelector('.btn-outline') : start).focus();
    }

    async #start(step) {
        const { server, client, text } = this.context;
        this.querySelector('.btn-primary').disabled = true;
        await inTurns(this.#rows.filter(row => row.possible), async row => {
            try {
                if (step === 'discard') await server.discard({ id: row.vm.id, name: row.vm.name });
                else await server.changeFinalization(row.finalization, step);
                row.possible = false;
                row.done = true;
            } catch (problem) {
                row.refusal = problemText(problem, text);
            }
            this.#show();
        });
        client.refreshPluginItems();
        if (this.#rows.every(row => !row.refusal)) client.closeModal({ step });
    }

    #show() {
        const { text } = this.context;
        this.querySelector('tbody').replaceChildren(...this.#rows.map(row => {
            const line = element('tr');
            const state = element('td');
            const running = row.finalization && row.running;
            const label = element('span', `label label-${row.done ? 'success' : running ? toneOf(row.finalization) : 'neutral'}`,
                row.done ? text('steps.done') : running ? text(`state.${row.finalization.state}`) : text('monitor.instant.title'));
            state.append(label);
            if (row.refusal) state.append(element('div', 'vf-outcome vf-danger', row.refusal));
            const name = element('td', '', row.vm.name);
            name.title = row.vm.name;
            line.append(name, state);
            return line;
        }));
        this.querySelector('.btn-primary').disabled = !this.#rows.some(row => row.possible);
    }
}

function rowOf(vm, latest, step) {
    const running = Boolean(latest) && stepsOf(latest).length > 0;
    return { vm, finalization: latest, running, possible: step === 'discard' ? !running : running && stepsOf(latest).includes(step) };
}

export const defineStepsDialog = () => customElements.define('vf-steps-dialog', StepsDialog);
