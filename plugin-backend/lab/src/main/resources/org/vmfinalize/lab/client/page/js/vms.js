import { objectIcon } from './icon.js';
import { openObjectMenu } from './inventory.js';

/** How the client writes a VM's power state. */
export const POWER = { poweredOn: 'Powered on', poweredOff: 'Powered off', suspended: 'Suspended' };

/** The types of objects that have a tab with the VMs in them. */
export const CONTAINERS = new Set(['Datacenter', 'Folder']);

/**
 * Shows the VMs in a container as a list from which several can be chosen; their menu opens on a right-click, and by the
 * button above the list.
 */
export function showVms(context, container, place) {
    const vms = inside(context.lab, container.id).filter(object => object.type === 'VirtualMachine')
        .toSorted((a, b) => a.name.localeCompare(b.name));
    const look = JSON.stringify(vms.map(vm => [vm.id, vm.name, vm.powerState, vm.managedBy]));
    const list = place.querySelector('.vm-list');
    if (list?.dataset.look === look) return;
    const chosen = new Set([...list?.querySelectorAll('input:checked') ?? []].map(box => box.value));
    place.replaceChildren(build(context, vms, chosen, look));
}

function inside(lab, parent) {
    return lab.objects.filter(object => object.parent === parent).flatMap(object => [object, ...inside(lab, object.id)]);
}

function build(context, vms, chosen, look) {
    const list = document.createElement('div');
    list.className = 'vm-list';
    list.dataset.look = look;
    list.innerHTML = '<button type="button" class="actions" aria-haspopup="menu">\u22ee Actions</button>'
        + '<table><thead><tr><th scope="col">Selected</th><th scope="col">Name</th><th scope="col">State</th></tr></thead><tbody></tbody></table>';
    const selected = () => [...list.querySelectorAll('input:checked')].map(box => box.value);
    list.querySelector('.actions').onclick = event => {
        const { left, bottom } = event.currentTarget.getBoundingClientRect();
        if (selected().length > 0) openObjectMenu(context, selected(), left, bottom);
    };
    list.querySelector('tbody').append(...vms.map(vm => {
        const row = document.createElement('tr');
        row.dataset.id = vm.id;
        const box = document.createElement('input');
        box.type = 'checkbox';
        box.value = vm.id;
        box.checked = chosen.has(vm.id);
        box.setAttribute('aria-label', `Select ${vm.name}`);
        const [first, name, state] = [row.insertCell(), row.insertCell(), row.insertCell()];
        first.append(box);
        name.append(objectIcon(context.lab, vm), vm.name);
        state.textContent = POWER[vm.powerState] ?? vm.powerState ?? '';
        row.oncontextmenu = event => {
            event.preventDefault();
            // As in the client: a right-click beside the chosen ones chooses that one alone.
            if (!box.checked) {
                list.querySelectorAll('input').forEach(each => { each.checked = each === box; });
            }
            openObjectMenu(context, selected(), event.clientX, event.clientY);
        };
        return row;
    }));
    return list;
}
