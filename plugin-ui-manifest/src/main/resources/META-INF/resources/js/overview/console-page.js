import { clearRecorded, onRecorded, recorded } from '../console/recorder.js';
import { button, element } from '../dom/element.js';

const KINDS = ['groovy', 'command', 'rest'];

/**
 * What was clicked lately, as the line of the console, of the command line and as the REST call that do the same. Only
 * shown and copied: nothing is run here.
 */
export class ConsolePage {
    element = element('section', 'vf-console');
    #context;
    #stop;

    constructor(context) {
        this.#context = context;
        const { text } = context;
        const head = element('div', 'vf-console-head');
        head.append(element('p', 'vf-intro', text('console.intro')), button(text('console.clear'), 'btn-sm btn-outline', () => {
            clearRecorded();
            this.refresh();
        }));
        this.element.append(head, element('ol', 'vf-lines'));
        this.#stop = onRecorded(() => this.refresh());
    }

    close() { this.#stop(); }

    async refresh() {
        const { text, client } = this.#context;
        const list = this.element.querySelector('ol');
        const entries = recorded();
        const look = JSON.stringify(entries.map(entry => [client.formatTime(entry.at), entry]));
        if (list.dataset.look === look) return;
        list.dataset.look = look;
        list.replaceChildren(...entries.map(entry => {
            const item = element('li');
            item.append(element('div', 'vf-at', client.formatTime(entry.at)));
            const lines = { groovy: entry.groovy, command: entry.command, rest: restText(entry) };
            item.append(...KINDS.filter(kind => lines[kind]).map(kind => this.#line(kind, lines[kind])));
            return item;
        }));
        if (entries.length === 0) list.replaceChildren(element('li', 'vf-nothing', text('console.none')));
    }

    #line(kind, words) {
        const { text } = this.#context;
        const line = element('div', 'vf-line');
        const code = element('code', '', words);
        const copy = button(text('console.copy'), 'btn-sm btn-link', async () => {
            // The client may not let its frames use the clipboard; then the line is selected, to be copied by hand.
            try {
                await navigator.clipboard.writeText(words);
                copy.textContent = text('console.copied');
            } catch {
                getSelection().selectAllChildren(code);
            }
        });
        copy.setAttribute('aria-label', `${text('console.copy')}: ${words}`);
        line.append(element('span', 'vf-kind', text(`console.${kind}`)), code, copy);
        return line;
    }
}

/** The call as one would read it in the documentation of the API. */
export function restText({ method, path, body }) {
    return `${method} /api/v1/${path}${body ? ` ${JSON.stringify(body)}` : ''}`;
}
