import { problemText } from '../text/problem-text.js';
import { record } from '../console/recorder.js';
import { Live } from '../server/live.js';
import { ALERT, element, fillAlert, fillTexts } from '../dom/element.js';
import { VmsPage } from './vms-page.js';
import { FinalizationsPage } from './finalizations-page.js';
import { BackupsPage } from './backups-page.js';
import { HealthPage } from './health-page.js';
import { ConsolePage } from './console-page.js';

/**
 * The plugin's own view: the VMs that run from backups, the finalizations, backups to run from, health, history, console.
 *
 * <vf-overview></vf-overview>
 *   property context   { client, server, text, format, locale }
 */
class Overview extends HTMLElement {
    #pages;
    #shown = 'vms';
    #live;

    connectedCallback() {
        const { text, client, server } = this.context;
        this.innerHTML = `
            <h1 data-text="overview.title"></h1><p class="vf-intro" data-text="overview.intro"></p>
            ${ALERT.replace('alert-danger', 'alert-warning')}
            <div class="vf-tabs" role="tablist"></div><div class="vf-pages"></div>`;
        fillTexts(this, text);
        this.querySelector('[role="tablist"]').setAttribute('aria-label', text('overview.title'));
        const page = { ...this.context, refresh: () => this.#live.refresh(),
            complain: problem => fillAlert(this, problemText(problem, text)) };
        this.#pages = {
            vms: new VmsPage(page), finalizations: new FinalizationsPage(page, false), backups: new BackupsPage(page),
            health: new HealthPage(page), history: new FinalizationsPage(page, true), console: new ConsolePage(page),
        };
        Object.entries(this.#pages).forEach(([name, each]) => this.#add(name, each));
        this.#live = new Live(server, isNewest => this.#update(isNewest));
        client.onGlobalRefresh(() => this.#live.refresh());
        client.onTimeFormatChanged(() => this.#live.refresh());
        this.#choose('vms');
        this.#live.start();
    }

    disconnectedCallback() {
        this.#live.stop();
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
            this.#choose(name);
            this.#live.refresh();
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

    #choose(name) {
        this.#shown = name;
        Object.entries(this.#pages).forEach(([each, page]) => {
            page.element.hidden = each !== name;
            const tab = this.querySelector(`#vf-tab-${each}`);
            tab.setAttribute('aria-selected', String(each === name));
            tab.tabIndex = each === name ? 0 : -1;
        });
    }

    async #update(isNewest) {
        const { text } = this.context;
        try {
            await this.#pages[this.#shown].refresh(isNewest);
            if (isNewest()) fillAlert(this);
            return true;
        } catch (problem) {
            if (isNewest()) fillAlert(this, text('overview.stale', { reason: problemText(problem, text) }));
            return false;
        }
    }
}

export const defineOverview = () => customElements.define('vf-overview', Overview);
