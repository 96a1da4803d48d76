const MEBIBYTE = 1024 * 1024;

/**
 * What does the same as a click: a line of the console, of the command line, and the REST call.
 *
 *   action   { verb, vm?: { id, name }, finalization?, order?, backup? }
 *            verb: finalize, pause, resume, cancel, pace, discard, run, or list with `what`
 *   Gives { groovy, command, method, path, body? }
 */
export function linesOf(action) {
    return LINES[action.verb](action);
}

const LINES = {
    finalize: ({ vm, order }) => ({
        groovy: `vm(${groovy(vm.name)}).makePermanent(${groovyMap({
            name: order.name, provisioning: order.provisioning, limit: rate(order.bytesPerSecond), verify: order.verify,
        })})`,
        command: shell('finalize', vm.name, '--name', order.name, '--provisioning', order.provisioning,
            '--limit', rate(order.bytesPerSecond), order.verify && ['--verify']),
        method: 'POST',
        path: 'finalizations',
        body: order,
    }),
    pause: step('pause'),
    resume: step('resume'),
    cancel: step('cancel'),
    pace: ({ vm, finalization, order }) => ({
        groovy: `${job(vm)}.limit = ${groovy(rate(order.bytesPerSecond) ?? '0')}`,
        command: shell('pace', vm.name, '--limit', rate(order.bytesPerSecond) ?? '0'),
        method: 'PATCH',
        path: `finalizations/${finalization}`,
        body: order,
    }),
    discard: ({ vm }) => ({
        groovy: `vm(${groovy(vm.name)}).discard()`,
        command: shell('discard', vm.name),
        method: 'DELETE',
        path: `instant-vms/${vm.id}`,
    }),
    run: ({ backup, order }) => ({
        groovy: `backups.of(${groovy(backup.vmName)}).find { it.id == ${groovy(backup.id)} }.run(${groovyMap({
            name: order.name, datastore: order.datastore, host: order.host, network: order.network,
            powerOn: order.powerOn === false ? false : undefined,
        })})`,
        command: shell('run', backup.id, '--name', order.name, '--datastore', order.datastore, '--host', order.host,
            '--network', order.network, order.powerOn === false && ['--no-power-on']),
        method: 'POST',
        path: 'instant-vms',
        body: order,
    }),
    list: ({ what }) => ({ groovy: LISTS[what].groovy, command: shell(LISTS[what].command), method: 'GET', path: what }),
};

const LISTS = {
    'instant-vms': { groovy: 'vms.runningFromBackup', command: 'vms' },
    'finalizations': { groovy: 'finalizations', command: 'finalizations' },
    'backups': { groovy: 'backups', command: 'backups' },
    'datastores': { groovy: '', command: 'datastores' },
};

function step(verb) {
    return ({ vm, finalization }) => ({
        groovy: `${job(vm)}.${verb}()`,
        command: shell(verb, vm.name),
        method: 'POST',
        path: `finalizations/${finalization}/${verb}`,
    });
}

const job = vm => `finalizations.running.find { it.vm == ${groovy(vm.name)} }`;

/** In the console and on the command line MB are powers of 1000; the pages count as vSphere does. */
function rate(bytesPerSecond) {
    return bytesPerSecond > 0 ? `${bytesPerSecond / MEBIBYTE} MiB/s` : undefined;
}

function groovyMap(values) {
    return Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => `${name}: ${typeof value === 'boolean' ? value : groovy(value)}`).join(', ');
}

function groovy(text) {
    const escaped = String(text).replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
    return `'${escaped}'`;
}

/** Words of a POSIX shell. An option whose value is missing is left out. */
function shell(...words) {
    const kept = [];
    for (let i = 0; i < words.length; i++) {
        const word = words[i];
        if (Array.isArray(word)) kept.push(...word);
        else if (typeof word === 'string' && word.startsWith('--')) {
            const value = words[++i];
            if (value !== undefined && value !== '') kept.push(word, quoted(value));
        } else if (word !== undefined && word !== false && word !== '') kept.push(quoted(word));
    }
    return ['vm-finalize', ...kept].join(' ');
}

function quoted(word) {
    const text = String(word);
    return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
