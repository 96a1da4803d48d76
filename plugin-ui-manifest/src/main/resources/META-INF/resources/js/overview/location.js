/** The end of a path or an address, which tells backups apart: `…/shop/daily.qcow2`. */
export function endOf(location) {
    const parts = String(location).split('/');
    return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : String(location);
}
