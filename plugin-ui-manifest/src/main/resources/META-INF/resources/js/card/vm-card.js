import { latestFor, hasEnded, toneOf } from '../finalization/finalization.js';
import { requirementOf } from '../finalize/requirement.js';
import { FINALIZE_MODAL } from '../finalize/modal.js';
import { problemText } from '../text/problem-text.js';
import { Live } from '../server/live.js';
import { button, fillWords, replaceButtons } from '../dom/element.js';

/**
 * The card on a VM's Summary: whether it runs from a backup, how its finalization is, and one button.
 *
 * <vf-vm-card></vf-vm-card>
 *   property context   { client, server, text, format }; the VM is the client's context object
 */
class VmCard extends HTMLElement {
    #live;

    connectedCallback() {
        this.innerHTML = '<div class="vf-head"><span class="label"></span></div><p class="vf-what" aria-live="polite"></p>'
            + '<vf-progress hidden></vf-progress><div class="vf-act"></div>';
        this.querySelector('vf-progress').context = this.context;
        this.querySelector('.label').hidden = true;
        this.querySelector('.vf-what').textContent = this.context.text('loading');
        this.#live = new Live(this.context.server, isNewest => this.#update(isNewest), event => this.#isConcerned(event));
        this.context.client.onGlobalRefresh(() => this.#live.refresh());
        this.#live.start();
    }

    disconnectedCallback() { this.#live.stop(); }

    /** By what happens to this VM, and where something may have been missed. */
    #isConcerned({ type, data }) {
        const { id, vm } = JSON.parse(data);
        return type === 'ready' || type === 'reset' || (vm?.id ?? id) === this.context.client.objectIds[0];
    }

    async #update(isNewest) {
        const { server, client, text } = this.context;
        const id = client.objectIds[0] ?? '';
        try {
            const [vms, finalizations] = await Promise.all([server.instantVms(), server.finalizations()]);
            if (isNewest()) this.#show(vms.find(vm => vm.id === id), latestFor(id, finalizations));
            return true;
        } catch (problem) {
            if (isNewest()) fillWords(this.querySelector('.vf-what'), problemText(problem, text));
            return false;
        }
    }

    #show(vm, latest) {
        const { text, format, client } = this.context;
        const running = latest && !hasEnded(latest) ? latest : undefined;
        const label = this.querySelector('.label');
        label.hidden = false;
        label.textContent = running ? text(`state.${running.state}`) : text(vm ? 'monitor.instant.title' : 'monitor.regular.title');
        label.className = `label label-${running ? toneOf(running) : vm ? 'warning' : 'success'}`;
        this.querySelector('vf-progress').hidden = !running;
        if (running) this.querySelector('vf-progress').finalization = running;
        const need = vm && requirementOf(vm, 'thin');
        this.querySelector('.vf-what').textContent = running || !vm ? ''
            : text('need.left', { todo: format.bytes(need.toDoBytes), size: format.bytes(need.sizeBytes) });
        this.#act(running ? 'follow' : vm ? 'finalize' : '', () => running
            ? client.navigateTo('finalizeMonitor', client.contextObjectId)
            : client.openModal({ ...FINALIZE_MODAL, title: text('finalize.title'), objectIds: [vm.id], onClosed: () => this.#live.refresh() }));
    }

    /** The button stays while it is the same, so that it keeps the focus. */
    #act(kind, press) {
        const place = this.querySelector('.vf-act');
        if (place.dataset.kind !== kind) {
            place.dataset.kind = kind;
            const words = { finalize: 'finalize.open', follow: 'card.follow' }[kind];
            replaceButtons(place, words ? [button(this.context.text(words), 'btn-sm btn-outline')] : []);
        }
        if (place.firstElementChild) place.firstElementChild.onclick = press;
    }
}

export const defineVmCard = () => customElements.define('vf-vm-card', VmCard);
