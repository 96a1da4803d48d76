import { objectIcon } from './icon.js';
import { openMenu } from './menu.js';

/** The inventory tree. A right-click on an object opens its menu, made of what the plugins offer for it. */
class Inventory extends HTMLElement {
    connectedCallback() {
        this.innerHTML = '<ul role="tree" aria-label="Inventory"></ul>';
        this.context.lab.onChange(() => this.#show());
        this.context.lab.onSelect(() => this.#mark());
        this.onclick = event => {
            const item = event.target.closest('[role="treeitem"]');
            if (item) this.context.lab.select(item.dataset.id);
        };
        this.oncontextmenu = event => {
            const item = event.target.closest('[role="treeitem"]');
            if (!item) return;
            event.preventDefault();
            this.context.lab.select(item.dataset.id);
            openObjectMenu(this.context, item.dataset.id, event.clientX, event.clientY);
        };
        this.onkeydown = event => this.#key(event);
    }

    #show() {
        const tree = this.firstElementChild;
        const { lab } = this.context;
        const known = new Map([...tree.children].map(item => [item.dataset.id, item]));
        const items = this.#inOrder().map(({ object, level }) => {
            const item = known.get(object.id) ?? document.createElement('li');
            const look = JSON.stringify([object.name, object.powerState, object.managedBy, level]);
            if (item.dataset.look !== look) {
                item.dataset.look = look;
                item.dataset.id = object.id;
                item.dataset.level = level;
                item.setAttribute('role', 'treeitem');
                item.setAttribute('aria-level', level + 1);
                item.tabIndex = -1;
                const name = document.createElement('span');
                name.textContent = object.name;
                item.replaceChildren(objectIcon(lab, object), name);
                item.title = lab.managedKind(object)?.description ?? '';
            }
            return item;
        });
        if (items.length !== tree.children.length || items.some((item, index) => tree.children[index] !== item)) {
            const focused = tree.contains(document.activeElement) ? document.activeElement : undefined;
            tree.replaceChildren(...items);
            focused?.focus();
        }
        this.#mark();
    }

    #inOrder(parent = null, level = 0) {
        return this.context.lab.objects
            .filter(object => object.parent === parent)
            .toSorted((a, b) => a.name.localeCompare(b.name))
            .flatMap(object => [{ object, level }, ...this.#inOrder(object.id, level + 1)]);
    }

    #mark() {
        for (const item of this.firstElementChild.children) {
            const selected = item.dataset.id === this.context.lab.selected;
            item.setAttribute('aria-selected', selected);
            item.tabIndex = selected ? 0 : -1;
        }
    }

    #key(event) {
        const item = event.target.closest('[role="treeitem"]');
        const next = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling }[event.key];
        if (next) {
            this.context.lab.select(next.dataset.id);
            next.focus();
        } else if (item && (event.key === 'ContextMenu' || event.key === 'F10' && event.shiftKey)) {
            const { left, bottom } = item.getBoundingClientRect();
            openObjectMenu(this.context, item.dataset.id, left + 40, bottom);
        } else return;
        event.preventDefault();
    }
}

/** Opens the menu of one or several objects at a point of the page. */
export async function openObjectMenu({ lab, plugins, frames }, ids, x, y) {
    const objects = [ids].flat().map(id => lab.object(id)).filter(Boolean);
    const heading = { heading: `Actions - ${objects.length === 1 ? objects[0].name : `${objects.length} Objects`}` };
    openMenu(x, y, [heading, { label: 'Loading…', enabled: false }]);
    const menus = await plugins.menuFor(objects);
    const entries = menus.map(menu => ({
        label: menu.title,
        icon: menu.icon,
        entries: menu.actions.map(action => action.separator
            ? action : { ...action, press: () => frames.openModal(action.modal) }),
    }));
    openMenu(x, y, [heading, ...entries.length > 0 ? entries : [{ label: 'No actions', enabled: false }]]);
}

export const defineInventory = context => {
    Inventory.prototype.context = context;
    customElements.define('lab-inventory', Inventory);
};
