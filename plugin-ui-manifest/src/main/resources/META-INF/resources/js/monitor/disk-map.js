import { cellsOf, layoutOf, totalsOf } from './cells.js';
import { element } from '../dom/element.js';

/** So many squares say enough and are drawn in a moment. */
export const MAP_CELLS = 768;

const KINDS = ['copied', 'guest', 'backup'];

/**
 * A picture of a disk: each square is a part of it, filled from below with what was copied, then with what the guest
 * wrote; the rest is still in the backup. A part of which more has come since the last picture has a frame.
 *
 * <vf-disk-map></vf-disk-map>
 *   property context   { text, format }
 *   property map       as the server tells it
 *
 * The legend below says the same in words and bytes.
 */
class DiskMap extends HTMLElement {
    #map;
    #before;
    #resizing;

    set map(map) {
        this.#before = this.#map;
        this.#map = map;
        this.#show();
    }

    connectedCallback() {
        this.#resizing = new ResizeObserver(() => this.#show());
        this.#resizing.observe(this);
    }

    disconnectedCallback() { this.#resizing?.disconnect(); }

    /** The theme has changed: the colours are taken anew. */
    repaint() { this.#show(); }

    #build() {
        const canvas = element('canvas');
        canvas.setAttribute('role', 'img');
        const legend = element('ul', 'vf-legend');
        legend.append(...[...KINDS, 'active'].map(kind => {
            const item = element('li');
            item.append(element('span', `vf-swatch vf-${kind}`), element('span', 'vf-words'));
            return item;
        }));
        legend.lastElementChild.lastElementChild.textContent = this.context.text('map.active');
        this.append(canvas, legend);
    }

    #show() {
        if (!this.#map || this.clientWidth === 0) return;
        if (!this.firstElementChild) this.#build();
        const { text, format } = this.context;
        const totals = totalsOf(this.#map);
        const words = kind => text(`map.${kind}`, { bytes: format.bytes(totals[kind]) });
        const canvas = this.querySelector('canvas');
        canvas.setAttribute('aria-label', `${text('map.label', { name: this.#map.name })}: ${KINDS.map(words).join(', ')}`);
        const places = this.querySelectorAll('.vf-words');
        KINDS.forEach((kind, index) => { places[index].textContent = words(kind); });
        this.#draw(canvas, cellsOf(this.#map, this.#before));
    }

    #draw(canvas, cells) {
        const { columns, rows, step, size } = layoutOf(cells.length, this.clientWidth);
        const scale = devicePixelRatio || 1;
        const [width, height] = [columns * step, rows * step];
        canvas.width = width * scale;
        canvas.height = height * scale;
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
        const pen = canvas.getContext('2d');
        pen.scale(scale, scale);
        const style = getComputedStyle(this);
        const color = Object.fromEntries([...KINDS, 'active'].map(kind => [kind, style.getPropertyValue(`--vf-map-${kind}`)]));
        cells.forEach((cell, index) => {
            const x = index % columns * step + 1;
            const y = Math.floor(index / columns) * step + 1;
            pen.fillStyle = color.backup;
            pen.fillRect(x, y, size, size);
            let bottom = y + size;
            for (const kind of ['copied', 'guest']) {
                const part = cell[kind] * size;
                pen.fillStyle = color[kind];
                pen.fillRect(x, bottom - part, size, part);
                bottom -= part;
            }
            if (cell.active) {
                pen.strokeStyle = color.active;
                pen.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
            }
        });
    }
}

export const defineDiskMap = () => customElements.define('vf-disk-map', DiskMap);
