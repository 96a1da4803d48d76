/**
 * The parts of a disk as shares of 0 to 1, made of a disk map of the server.
 *
 *   backup    still in the backup
 *   guest     written by the guest
 *   copied    local, and not the guest's
 *   active    whether more of it is local than in `before`, an earlier map of the same disk
 */
export function cellsOf(map, before) {
    return map.cellBytes.map((size, index) => {
        const local = Math.min(size, map.localBytes[index]);
        const guest = Math.min(local, map.guestBytes[index]);
        return {
            backup: (size - local) / size,
            guest: guest / size,
            copied: (local - guest) / size,
            active: before?.localBytes.length === map.localBytes.length && local > before.localBytes[index],
        };
    });
}

/** The disk's bytes by where they are: { backup, copied, guest }. */
export function totalsOf(map) {
    const sum = list => list.reduce((total, value) => total + value, 0);
    const [size, local, guest] = [sum(map.cellBytes), sum(map.localBytes), sum(map.guestBytes)];
    return { backup: size - local, copied: Math.max(0, local - guest), guest: Math.min(local, guest) };
}

/** How cells are laid out in a width: { columns, rows, step, size } in pixels. */
export function layoutOf(count, width, step = 11, gap = 2) {
    const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / step)));
    return { columns, rows: Math.ceil(count / columns), step, size: step - gap };
}
