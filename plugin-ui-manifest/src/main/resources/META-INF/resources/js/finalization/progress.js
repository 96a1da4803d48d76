import { reasonOf, shareDone, toneOf } from './finalization.js';
import { timeLeftText } from './time-left.js';
import { remarkText } from '../text/problem-text.js';
import { element } from '../dom/element.js';

/**
 * The progress of one finalization: a bar, and in words what is done and how long it will take.
 *
 * <vf-progress></vf-progress>
 *   property context       { text, format }
 *   property finalization  as the server tells it
 */
class Progress extends HTMLElement {
    #finalization;

    set finalization(finalization) {
        this.#finalization = finalization;
        this.#show();
    }

    connectedCallback() {
        if (!this.firstElementChild) {
            this.innerHTML = '<progress max="1"></progress><span class="vf-percent"></span><span class="vf-words"></span>';
        }
        this.#show();
    }

    #show() {
        if (!this.#finalization || !this.firstElementChild) return;
        const { text, format } = this.context;
        const { vm, doneBytes, totalBytes, bytesPerSecond, secondsLeft, state } = this.#finalization;
        const done = shareDone(this.#finalization);
        const bar = this.querySelector('progress');
        bar.value = done;
        bar.setAttribute('aria-label', text('progress.label', { name: vm.name }));
        this.dataset.tone = toneOf(this.#finalization);
        this.querySelector('.vf-percent').textContent = format.percent(done);
        const words = [text('progress.bytes', { done: format.bytes(doneBytes), total: format.bytes(totalBytes) })];
        if (state === 'hydrating' && bytesPerSecond > 0) words.push(format.rate(bytesPerSecond).replace(' ', '\u00a0'));
        if (state === 'hydrating' && Number.isFinite(secondsLeft)) {
            words.push(text('progress.left', { time: timeLeftText(this.#finalization, text, format) }));
        }
        if (state === 'moving') words.push(text('progress.moving', { datastore: this.#finalization.move?.name }));
        const reason = reasonOf(this.#finalization);
        if (reason) words.push('');
        const place = this.querySelector('.vf-words');
        place.replaceChildren(words.join(' · '), ...reason ? [element('span', '', remarkText(reason, text))] : []);
    }
}

export const defineProgress = () => customElements.define('vf-progress', Progress);
