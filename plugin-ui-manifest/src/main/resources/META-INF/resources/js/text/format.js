/** The units of time; where a language has its own signs, these. */
const TIMES = { ja: ['日', '時間', '分', '秒'], zh: ['天', '小时', '分钟', '秒'], de: ['T', 'h', 'min', 's'] };

const NAMES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/**
 * Numbers as the vSphere Client writes them, in the user's language.
 *
 *   bytes(1610612736)    "1.5 GB": as everywhere in vSphere, a kilobyte is 1024 bytes
 *   rate(52428800)       "50 MB/s"
 *   percent(0.994)       "99 %": rounded down, since 100 % means done
 *   latency(1500)        "1.5 ms", of microseconds
 *   duration(4000)       "1 h 6 min", of seconds
 */
export function formatsFor(locale) {
    const number = digits => new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    const [whole, tenths, hundredths] = [number(0), number(1), number(2)];
    const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });

    function bytes(count) {
        if (!isAmount(count)) return '—';
        let power = count < 1 ? 0 : Math.min(NAMES.length - 1, Math.floor(Math.log2(count) / 10));
        let value = count / 1024 ** power;
        if (value >= 999.5 && power > 0 && power < NAMES.length - 1) {
            value /= 1024;
            power += 1;
        }
        const format = power === 0 || value >= 100 ? whole : value >= 10 ? tenths : hundredths;
        return `${format.format(value)} ${NAMES[power]}`;
    }

    const [day, hour, minute, second] = TIMES[locale.slice(0, 2)] ?? ['d', 'h', 'min', 's'];

    function duration(seconds) {
        if (!isAmount(seconds)) return '—';
        const total = Math.ceil(seconds);
        if (total < 60) return `${total} ${second}`;
        if (total < 3600) return parts(Math.floor(total / 60), minute, total % 60, second);
        const minutes = Math.ceil(total / 60);
        if (minutes < 48 * 60) return parts(Math.floor(minutes / 60), hour, minutes % 60, minute);
        return parts(Math.floor(minutes / 1440), day, Math.floor(minutes % 1440 / 60), hour);
    }

    return {
        bytes,
        duration,
        rate: bytesPerSecond => isAmount(bytesPerSecond) ? `${bytes(bytesPerSecond)}/s` : '—',
        // The tiny addition undoes what binary fractions lose: 0.29 × 100 is a little less than 29.
        percent: fraction => share.format(Math.floor(fraction * 100 + 1e-9) / 100),
        count: value => whole.format(value),
        latency: micros => isAmount(micros)
            ? micros >= 1_000_000 ? `${hundredths.format(micros / 1_000_000)} s` : `${tenths.format(micros / 1000)} ms` : '—',
    };
}

/** The smaller part only if there is any. */
function parts(large, largeUnit, small, smallUnit) {
    return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function isAmount(value) {
    return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
