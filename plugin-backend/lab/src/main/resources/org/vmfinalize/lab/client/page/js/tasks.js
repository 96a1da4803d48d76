const COLUMNS = ['Task Name', 'Target', 'Status', 'Details', 'Initiator', 'Start Time', 'Completion Time'];

/** The pane of recent tasks; a running one has a progress bar, and a button when it can be cancelled. */
class Tasks extends HTMLElement {
    connectedCallback() {
        this.innerHTML = '<h2>Recent Tasks</h2><div class="scroll" tabindex="0"><table><thead><tr></tr></thead><tbody></tbody></table></div>';
        this.querySelector('tr').append(...COLUMNS.map(title => {
            const cell = document.createElement('th');
            cell.scope = 'col';
            cell.textContent = title;
            return cell;
        }));
        this.context.lab.onChange(() => this.#show());
    }

    #show() {
        const body = this.querySelector('tbody');
        const known = new Map([...body.rows].map(row => [row.dataset.id, row]));
        const rows = this.context.lab.tasks.map(task => this.#fill(known.get(task.id) ?? newRow(task.id), task));
        if (rows.length !== body.rows.length || rows.some((row, index) => body.rows[index] !== row)) {
            body.replaceChildren(...rows);
        }
    }

    #fill(row, task) {
        row.dataset.state = task.state;
        row.dataset.target = task.targetId;
        // Of a task that went well, what it did last says nothing any more.
        const details = task.state === 'success' ? '' : task.details ?? '';
        const words = [task.name, task.target, undefined, details, task.initiator,
            this.#time(task.startedAt), this.#time(task.completedAt)];
        words.forEach((text, index) => {
            if (text === undefined) return;
            row.cells[index].textContent = text;
            row.cells[index].title = text;
        });
        const [bar, percent, cancel, state] = row.cells[2].children;
        bar.hidden = percent.hidden = task.state !== 'running';
        bar.value = task.percent;
        bar.setAttribute('aria-label', `${task.name}: ${task.target}`);
        cancel.hidden = bar.hidden || !task.cancelable;
        cancel.setAttribute('aria-label', `Cancel: ${task.name}, ${task.target}`);
        cancel.onclick = () => this.context.lab.cancelTask(task.id);
        percent.textContent = `${task.percent}%`;
        state.hidden = task.state === 'running';
        state.textContent = { queued: 'Queued', success: '✓ Completed', error: '! Failed' }[task.state] ?? task.state;
        return row;
    }

    #time(instant) {
        return instant
            ? new Date(instant).toLocaleString(this.context.locale, { dateStyle: 'short', timeStyle: 'medium' })
            : '';
    }
}

function newRow(id) {
    const row = document.createElement('tr');
    row.dataset.id = id;
    COLUMNS.forEach(() => row.insertCell());
    row.cells[2].innerHTML = '<progress max="100"></progress><span></span>'
        + '<button type="button" class="cancel" title="Cancel" hidden>✕</button><span></span>';
    return row;
}

export const defineTasks = context => {
    Tasks.prototype.context = context;
    customElements.define('lab-tasks', Tasks);
};
