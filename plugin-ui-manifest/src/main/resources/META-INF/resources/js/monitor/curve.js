/** How often the server takes a sample. */
export const SAMPLE_SECONDS = 2;

/**
 * The next larger of 1, 2 and 5 times a power of ten: a scale that is easy to read. `kilo` is 1024 for bytes, where the
 * tens are counted in kilobytes, megabytes and so on.
 */
export function niceMaximum(value, kilo = 1000) {
    if (!(value > 0)) return 1;
    const unit = kilo ** Math.max(0, Math.floor(Math.log(value) / Math.log(kilo) + 1e-9));
    const power = 10 ** Math.floor(Math.log10(value / unit));
    return [1, 2, 5, 10].map(step => step * power * unit).find(step => step >= value * (1 - 1e-9));
}

/** Of how many samples a chart is that shows these: of a minute at least, so that what has just begun can be seen. */
export function chartWidth(count) {
    return CHART_WIDTHS.find(width => width >= count) ?? CHART_WIDTHS.at(-1);
}

/** One, two, five and ten minutes. */
const CHART_WIDTHS = [1, 2, 5, 10].map(minutes => minutes * 60 / SAMPLE_SECONDS);

/**
 * The points of a curve in a box, the newest at the right; runs of missing values are gaps.
 *
 *   values    numbers, or null where there was nothing
 *   capacity  how many fit in the box
 *   Gives the `d` of an SVG path.
 */
export function pathOf(values, { width, height, maximum, capacity }) {
    const step = width / Math.max(1, capacity - 1);
    const first = width - (values.length - 1) * step;
    let open = false;
    return values.map((value, index) => {
        if (value === null || value === undefined) {
            open = false;
            return '';
        }
        const x = (first + index * step).toFixed(1);
        const y = (height - Math.min(1, value / maximum) * height).toFixed(1);
        const point = `${open ? 'L' : 'M'}${x} ${y}`;
        // A single value would be invisible as a line.
        const alone = !open && (values[index + 1] === null || values[index + 1] === undefined);
        open = true;
        return alone ? `${point}h0.1` : point;
    }).join('');
}
