import { objectIcon } from './icon.js';
import { openObjectMenu } from './inventory.js';
import { CONTAINERS, POWER, showVms } from './vms.js';

/** The pane of the selected object with its tabs, or a plugin's global view. */
class ObjectPane extends HTMLElement {
    #id;
    #tab = 'summary';

    connectedCallback() {
        this.innerHTML = `
            <div class="headline"><span class="big"></span><h1></h1><button type="button" class="actions" aria-haspopup="menu">⋮ Actions</button></div>
            <div class="tabs" role="tablist">
              <button type="button" role="tab" data-tab="summary">Summary</button>
              <button type="button" role="tab" data-tab="monitor">Monitor</button>
              <button type="button" role="tab" data-tab="vms">VMs</button>
            </div>
            <div class="content"></div>`;
        this.context.lab.onChange(() => this.#update());
        this.context.lab.onNavigate(({ view, tab, ...wanted }) => view ? this.showGlobalView(view) : this.#open(tab, wanted));
        this.context.lab.onItems(() => this.#updateItems());
        this.querySelectorAll('[role="tab"]').forEach(tab => { tab.onclick = () => this.#open(tab.dataset.tab); });
        this.querySelector('.actions').onclick = event => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect();
            openObjectMenu(this.context, this.#id, left, bottom);
        };
    }

    showObject(id) {
        if (this.#id === id && !this.dataset.global) return;
        this.#id = id;
        delete this.dataset.global;
        this.#open(this.#tab);
    }

    showGlobalView(view) {
        this.#id = undefined;
        this.dataset.global = view.id;
        this.querySelector('.content').replaceChildren(this.context.frames.frame(view.url, view));
    }

    #open(wanted, view) {
        const containsVms = CONTAINERS.has(this.context.lab.object(this.#id)?.type);
        this.querySelector('[data-tab="vms"]').hidden = !containsVms;
        const tab = wanted === 'vms' && !containsVms ? 'summary' : wanted;
        this.#tab = tab;
        this.querySelectorAll('[role="tab"]').forEach(each => each.setAttribute('aria-selected', each.dataset.tab === tab));
        this.querySelector('.content').replaceChildren();
        this.#update();
        if (tab === 'monitor') this.#openMonitor(view);
    }

    /** What the plugins show of the object that is shown, asked anew; what stays is not loaded anew. */
    async #updateItems() {
        const object = this.context.lab.object(this.#id);
        if (!object) return;
        const cards = this.querySelector('.cards');
        if (this.#tab === 'summary' && cards) this.#addPluginCards(object, cards);
        const navigation = this.querySelector('.sub-navigation');
        if (this.#tab !== 'monitor') return;
        const views = await this.context.plugins.viewsFor(object);
        const shown = [...navigation?.querySelectorAll('button') ?? []].map(button => button.dataset.view).join();
        if (this.#tab === 'monitor' && this.#id === object.id && views.map(view => view.id).join() !== shown) this.#open('monitor');
    }

    #update() {
        const object = this.context.lab.object(this.#id);
        if (!object) return;
        const look = JSON.stringify([object.name, object.managedBy, object.powerState]);
        if (this.dataset.look !== look || this.dataset.id !== object.id) {
            this.dataset.look = look;
            this.dataset.id = object.id;
            this.querySelector('h1').textContent = object.name;
            this.querySelector('.big').replaceChildren(objectIcon(this.context.lab, object, 'large'));
        }
        if (this.#tab === 'summary') this.#showSummary(object);
        if (this.#tab === 'vms') showVms(this.context, object, this.querySelector('.content'));
    }

    #showSummary(object) {
        const content = this.querySelector('.content');
        const kind = this.context.lab.managedKind(object);
        const look = JSON.stringify([object, kind]);
        if (content.firstElementChild?.dataset.look === look) return;
        const cards = document.createElement('div');
        cards.className = 'cards';
        cards.dataset.look = look;
        const power = object.powerState ? [['Power state', POWER[object.powerState] ?? object.powerState]] : [];
        cards.append(factsCard(TITLES[object.type] ?? object.type, [...power, ...Object.entries(object.facts)]));
        if (kind) cards.append(factsCard('Managed By', [['Solution', kind.manager],
            ...kind.description && kind.description !== kind.manager ? [['Note', kind.description]] : []], 'managed-by'));
        content.replaceChildren(cards);
        this.#addPluginCards(object, cards);
    }

    /** They come when the plugin's server has answered. */
    async #addPluginCards(object, cards) {
        const contextObjects = [{ id: this.context.lab.urn(object) }];
        const views = await this.context.plugins.cardsFor(object);
        const shown = new Map([...cards.querySelectorAll('.plugin-card')].map(card => [card.dataset.view, card]));
        shown.forEach((card, id) => { if (!views.some(view => view.id === id)) card.remove(); });
        views.filter(view => !shown.has(view.id)).forEach(view => {
            const card = document.createElement('section');
            card.className = 'facts plugin-card';
            card.dataset.view = view.id;
            const heading = document.createElement('h2');
            heading.textContent = view.title;
            card.append(heading, this.context.frames.frame(view.url, { ...view, contextObjects }));
            cards.append(card);
        });
    }

    async #openMonitor({ viewId, pluginKey, data } = {}) {
        const object = this.context.lab.object(this.#id);
        const views = await this.context.plugins.viewsFor(object);
        if (this.#tab !== 'monitor' || this.#id !== object.id) return;
        const content = this.querySelector('.content');
        if (views.length === 0) {
            content.textContent = 'Nothing to monitor here.';
            return;
        }
        const navigation = document.createElement('div');
        navigation.className = 'sub-navigation';
        const place = document.createElement('div');
        place.className = 'view';
        const contextObjects = [{ id: this.context.lab.urn(object) }];
        const isWanted = view => view.id === viewId && (!pluginKey || view.plugin.key === pluginKey);
        const open = (view, button) => {
            navigation.querySelectorAll('button').forEach(each => each.setAttribute('aria-current', each === button));
            place.replaceChildren(this.context.frames.frame(view.url, {
                ...view, contextObjects, navigationData: isWanted(view) ? data : undefined }));
        };
        let category;
        views.forEach(view => {
            if (view.category !== category) {
                category = view.category;
                const title = document.createElement('h2');
                title.textContent = category;
                navigation.append(title);
            }
            const button = document.createElement('button');
            button.type = 'button';
            button.textContent = view.title;
            button.dataset.view = view.id;
            button.onclick = () => open(view, button);
            navigation.append(button);
        });
        content.replaceChildren(navigation, place);
        const first = Math.max(0, views.findIndex(isWanted));
        open(views[first], navigation.querySelectorAll('button')[first]);
    }
}

const TITLES = {
    VirtualMachine: 'Virtual Machine Details',
    HostSystem: 'Host Details',
    Datastore: 'Datastore Details',
    Datacenter: 'Datacenter Details',
};

function factsCard(title, facts, className = '') {
    const card = document.createElement('section');
    card.className = `facts ${className}`;
    const heading = document.createElement('h2');
    heading.textContent = title;
    const list = document.createElement('dl');
    facts.forEach(([name, value]) => {
        const [term, description] = [document.createElement('dt'), document.createElement('dd')];
        term.textContent = name;
        description.textContent = value;
        list.append(term, description);
    });
    card.append(heading, list);
    return card;
}

export const defineObject = context => {
    ObjectPane.prototype.context = context;
    customElements.define('lab-object', ObjectPane);
};
