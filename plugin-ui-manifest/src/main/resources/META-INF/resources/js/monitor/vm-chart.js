import { SAMPLE_SECONDS, chartWidth, niceMaximum, pathOf } from './curve.js';
import { element } from '../dom/element.js';

const BOX = { width: 600, height: 70 };
const SVG = 'http://www.w3.org/2000/svg';

/**
 * How fast a machine was copied and how long its guest waited, during the last minutes: ten at most.
 *
 * <vf-vm-chart></vf-vm-chart>
 *   property context   { text, format }
 *   property samples   as the server tells them
 */
class VmChart extends HTMLElement {
    set samples(samples) {
        if (!this.firstElementChild) this.#build();
        const { text, format } = this.context;
        const capacity = chartWidth(samples.length);
        this.querySelector('.vf-ago').textContent = text('chart.ago', { time: format.duration(capacity * SAMPLE_SECONDS) });
        this.#curve('rate', samples.map(each => each.bytesPerSecond), capacity,
            { words: format.rate, name: text('chart.rate'), kilo: 1024 });
        this.#curve('latency', samples.map(each => each.guestP99Micros), capacity,
            { words: format.latency, name: text('chart.latency'), kilo: 1000 });
    }

    #build() {
        ['rate', 'latency'].forEach(kind => {
            const figure = element('figure', `vf-curve vf-${kind}`);
            const caption = element('figcaption');
            caption.append(element('span', 'vf-name'), element('span', 'vf-now'));
            const svg = document.createElementNS(SVG, 'svg');
            svg.setAttribute('viewBox', `0 0 ${BOX.width} ${BOX.height}`);
            svg.setAttribute('preserveAspectRatio', 'none');
            svg.setAttribute('role', 'img');
            for (const height of [0.5, BOX.height / 2, BOX.height - 0.5]) {
                const line = document.createElementNS(SVG, 'line');
                line.setAttribute('class', 'vf-grid');
                line.setAttribute('x2', BOX.width);
                line.setAttribute('y1', height);
                line.setAttribute('y2', height);
                svg.append(line);
            }
            svg.append(document.createElementNS(SVG, 'path'));
            const scale = element('div', 'vf-scale');
            scale.append(element('span'), element('span', '', '0'));
            const plot = element('div', 'vf-plot');
            plot.append(scale, svg);
            figure.append(caption, plot);
            this.append(figure);
        });
        const times = element('p', 'vf-times');
        times.append(element('span', 'vf-ago'), element('span', '', this.context.text('chart.now')));
        this.append(times);
    }

    #curve(kind, values, capacity, { words, name, kilo }) {
        const figure = this.querySelector(`.vf-${kind}`);
        const known = values.filter(value => typeof value === 'number');
        const maximum = niceMaximum(Math.max(0, ...known), kilo);
        const now = values.at(-1);
        const nowWords = typeof now === 'number' ? words(now) : '—';
        figure.querySelector('.vf-name').textContent = name;
        figure.querySelector('.vf-now').textContent = nowWords;
        figure.querySelector('.vf-scale span').textContent = known.length ? words(maximum) : '';
        figure.querySelector('path').setAttribute('d', pathOf(values, { ...BOX, maximum, capacity }));
        figure.querySelector('svg').setAttribute('aria-label', this.context.text('chart.label', {
            name, now: nowWords, most: known.length ? words(Math.max(...known)) : '—',
        }));
    }
}

export const defineVmChart = () => customElements.define('vf-vm-chart', VmChart);
