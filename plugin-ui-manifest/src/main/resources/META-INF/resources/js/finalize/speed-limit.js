const MEGABYTE = 1024 * 1024;
const MAX_MEGABYTES = 1_000_000;

/**
 * Reads a limit in MB/s, as vSphere counts them.
 *
 *   bytesPerSecond   undefined without a limit
 *   fault            the key of a message; undefined when the text is fine
 */
export function speedLimitOf(text) {
    const digits = text.trim();
    if (digits === '') return {};
    const megabytes = Number(digits);
    return /^\d+$/.test(digits) && megabytes >= 1 && megabytes <= MAX_MEGABYTES
        ? { bytesPerSecond: megabytes * MEGABYTE }
        : { fault: 'limit.invalid' };
}
