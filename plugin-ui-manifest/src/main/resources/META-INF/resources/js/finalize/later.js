/**
 * Calls `work` with the last value once none has come for a while, and drops answers that are older than a newer call.
 *
 *   const ask = later(300, async (value, isNewest) => { … if (isNewest()) show(…) });
 *   ask.drop()   what was asked is not wanted any more
 */
export function later(milliseconds, work) {
    let calls = 0;
    let timer;
    const ask = value => {
        const call = ++calls;
        clearTimeout(timer);
        timer = setTimeout(() => work(value, () => call === calls), milliseconds);
    };
    ask.drop = () => {
        calls++;
        clearTimeout(timer);
    };
    return ask;
}
