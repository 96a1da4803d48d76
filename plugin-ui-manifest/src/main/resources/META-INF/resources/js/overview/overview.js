import { problemText } from '../text/problem-text.js';
import { record } from '../console/recorder.js';
import { ALERT, element, fillAlert, fillTexts } from '../dom/element.js';
import { VmsPage } from './vms-page.js';
import { FinalizationsPage } from './finalizations-page.js';
import { BackupsPage } from './backups-page.js';
import { HealthPage } from './health-page.js';
import { ConsolePage } from './console-page.js';

/** While the server tells of changes, the page asks rarely by itself; else often. */
const TOLD_MILLISECONDS = 15_000;
const ASKING_MILLISECONDS = 2000;
/** Of many changes at once, one refresh. */
const GATHER_MILLISECONDS = 500;
const RECONNECT_MILLISECONDS = 5000;

/**
 * The plugin's own view: the VMs that run from backups, the finalizations, backups to run from, health, history, console.
 *
 * <vf-overview></vf-overview>
 *   property context   { client, server, text, format, locale }
 */
class Overview extends HTMLElement {
    #pages;
    #shown = 'vms';
    #timer;
    #refreshes = 0;
    #following = new AbortController();
    #told = false;
    #soon = false;

    connectedCallback() {
        const { text, client } = this.context;
        this.innerHTML = `
            <h1 data-text="overview.title"></h1><p class="vf-intro" data-text="overview.intro"></p>
            ${ALERT.replace('alert-danger', 'alert-warning')}
            <div class="vf-tabs" role="tablist"></div><div class="vf-pages"></div>`;
        fillTexts(this, text);
        this.querySelector('[role="tablist"]').setAttribute('aria-label', text('overview.title'));
        const page = { ...this.context, refresh: () => this.#refresh(), complain: problem => this.#complain(problem) };
        this.#pages = {
            vms: new VmsPage(page), finalizations: new FinalizationsPage(page, false), backups: new BackupsPage(page),
            health: new HealthPage(page), history: new FinalizationsPage(page, true), console: new ConsolePage(page),
        };
        Object.entries(this.#pages).forEach(([name, each]) => this.#add(name, each));
        client.onGlobalRefresh(() => this.#refresh());
        client.onTimeFormatChanged(() => this.#refresh());
        this.#open('vms');
        this.#follow();
    }

    disconnectedCallback() {
        clearTimeout(this.#timer);
        this.#following.abort();
        Object.values(this.#pages).forEach(page => page.close?.());
    }

    #add(name, page) {
        const tab = element('button', '', this.context.text(`overview.${name}`));
        tab.type = 'button';
        tab.id = `vf-tab-${name}`;
        tab.setAttribute('role', 'tab');
        tab.setAttribute('aria-controls', `vf-page-${name}`);
        tab.onclick = () => {
            if (page.listed) record({ verb: 'list', what: page.listed });
            this.#open(name);
        };
        tab.onkeydown = event => this.#moveTab(event, tab);
        this.querySelector('.vf-tabs').append(tab);
        page.element.id = `vf-page-${name}`;
        page.element.setAttribute('role', 'tabpanel');
        page.element.setAttribute('aria-labelledby', tab.id);
        this.querySelector('.vf-pages').append(page.element);
    }

    #moveTab(event, tab) {
        const next = { ArrowRight: tab.nextElementSibling ?? tab.parentElement.firstElementChild,
            ArrowLeft: tab.previousElementSibling ?? tab.parentElement.lastElementChild,
            Home: tab.parentElement.firstElementChild, End: tab.parentElement.lastElementChild }[event.key];
        if (!next) return;
        event.preventDefault();
        next.focus();
        next.click();
    }

    #open(name) {
        this.#shown = name;
        Object.entries(this.#pages).forEach(([each, page]) => {
            page.element.hidden = each !== name;
            const tab = this.querySelector(`#vf-tab-${each}`);
            tab.setAttribute('aria-selected', String(each === name));
            tab.tabIndex = each === name ? 0 : -1;
        });
        this.#refresh();
    }

    /** Of refreshes that overlap only the last one sets the clock for the next. */
    async #refresh() {
        const refresh = ++this.#refreshes;
        this.#soon = false;
        clearTimeout(this.#timer);
        try {
            await this.#pages[this.#shown].refresh(() => refresh === this.#refreshes);
            if (refresh === this.#refreshes) fillAlert(this);
        } catch (problem) {
            if (refresh === this.#refreshes) this.#complain(problem);
        }
        if (this.isConnected && refresh === this.#refreshes && !this.#soon) {
            this.#again(this.#told && this.querySelector('.alert').hidden ? TOLD_MILLISECONDS : ASKING_MILLISECONDS);
        }
    }

    #again(milliseconds) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#refresh(), milliseconds);
    }

    /** Hears of changes; a stream that ends is opened again behind the last event that came. */
    async #follow() {
        let last;
        while (this.isConnected) {
            try {
                await this.context.server.followAll(event => {
                    last = event.id ?? last;
                    this.#told = true;
                    // Events that come one upon the other must not put the refresh off for ever.
                    if (!this.#soon) this.#again(GATHER_MILLISECONDS);
                    this.#soon = true;
                }, last, this.#following.signal);
            } catch (problem) {
                // A server that has no such stream is asked again and again by the clock above.
                if (this.#following.signal.aborted || problem.status === 404) return;
            }
            this.#told = false;
            await new Promise(resolve => { setTimeout(resolve, RECONNECT_MILLISECONDS); });
        }
    }

    #complain(problem) {
        fillAlert(this, this.context.text('overview.stale', { reason: problemText(problem, this.context.text) }));
    }
}

export const defineOverview = () => customElements.define('vf-overview', Overview);
