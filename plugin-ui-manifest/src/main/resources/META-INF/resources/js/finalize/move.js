import { element } from '../dom/element.js';

/** The constant markup of the choice of a datastore that VMs are moved to once they are complete; see fillMove. */
export const MOVE = `<div class="clr-form-control" data-field="move" hidden>
    <label class="clr-control-label" for="vf-move" data-text="move.label"></label>
    <div class="clr-control-container">
      <select class="clr-select" id="vf-move" aria-describedby="vf-move-help"></select>
      <span class="clr-subtext" id="vf-move-help" aria-live="polite" hidden></span>
    </div>
  </div>`;

/**
 * Offers what there is besides the datastores that the VMs are on; nothing else is shown where there is nothing to choose.
 *
 *   datastores   [{ id, name }], as vCenter shows them to the user
 */
export function fillMove(place, vms, datastores = [], { text }) {
    const own = new Set(vms.map(vm => vm.datastore));
    const others = datastores.filter(store => !own.has(store.name));
    const select = place.querySelector('#vf-move');
    select.replaceChildren(...[{ id: '', name: text('move.stay') }, ...others].map(({ id, name }) => {
        const option = element('option', '', name);
        option.value = id;
        return option;
    }));
    place.querySelector('[data-field="move"]').hidden = others.length === 0;
}
