/**
 * Shows the description of the API. Loads nothing but that; what it holds is set as text, never as markup.
 */
const make = (tag, text = '', ...children) => {
    const element = document.createElement(tag);
    element.textContent = text;
    element.append(...children);
    return element;
};

const classed = (name, element) => {
    element.className = name;
    return element;
};

/** Text in which what stands between backquotes is code. */
const prose = (tag, text = '') => make(tag, '',
    ...text.split('`').map((part, index) => index % 2 ? make('code', part) : part));

const nameOf = schema => schema.$ref.split('/').pop();

/** A schema in few words, such as `Plan` or `string or null`; schemas with a name lead to their own place. */
const inWords = schema => {
    if (!schema || Object.keys(schema).every(key => key === 'description')) return ['anything'];
    if (schema.$ref) {
        const link = make('a', nameOf(schema));
        link.href = `#${nameOf(schema)}`;
        return [link];
    }
    if (schema.anyOf) return schema.anyOf.flatMap((one, index) => index ? [' or ', ...inWords(one)] : inWords(one));
    if (schema.type === 'array') return ['list of ', ...inWords(schema.items)];
    if (schema.enum) return [schema.enum.join(', ')];
    const words = [schema.type].flat().join(' or ');
    return [schema.format === 'date-time' ? `${words} (time)` : words];
};

const tableOf = (heads, rows) => classed('scroll', make('div', '', make('table', '',
    make('thead', '', make('tr', '', ...heads.map(head => make('th', head)))), make('tbody', '', ...rows))));

const parametersOf = operation => tableOf(['Parameter', 'In', 'Type', ''], operation.parameters.map(parameter =>
    make('tr', '', make('td', '', make('code', parameter.name)),
        make('td', parameter.required ? `${parameter.in}, required` : parameter.in),
        make('td', '', ...inWords(parameter.schema)), prose('td', parameter.description))));

const isProblem = response => Boolean(response.content?.['application/problem+json']);

const contentOf = message => Object.entries(message.content ?? {})
    .map(([type, { schema }]) => make('td', '', ...inWords(schema),
        type === 'application/json' ? '' : ` (${type})`))[0] ?? make('td');

const answersOf = operation => {
    const answers = Object.entries(operation.responses)
        .filter(([status, response]) => status !== 'default' && !isProblem(response));
    return tableOf(['Answer', 'Body', ''], answers.map(([status, response]) => make('tr', '', make('td', status),
        contentOf(response), prose('td', response.description))));
};

/** One line a problem: their description has a paragraph each, which begins with the type. */
const problemsOf = operation => {
    const rows = Object.entries(operation.responses).filter(([, response]) => isProblem(response))
        .flatMap(([status, response]) => response.description.split('\n\n').map(text => {
            const [, type, meaning] = text.match(/^`([^`]*)`: (.*)$/s);
            return make('tr', '', make('td', status), make('td', '', make('code', type)), make('td', meaning));
        }));
    return make('details', '', make('summary', `${rows.length} problems`), tableOf(['Status', 'Type', ''], rows));
};

const operationOf = (path, verb, operation) => {
    const summary = make('summary', '', classed(`verb ${verb}`, make('span', verb.toUpperCase())),
        make('code', path.replace('/api/v1', '')), classed('what', make('span', operation.summary)));
    const details = make('details', '', summary);
    details.id = operation.operationId;
    details.dataset.text = `${verb} ${path} ${operation.summary}`.toLowerCase();
    if (operation.description !== `${operation.summary}.`) details.append(prose('p', operation.description));
    if (operation.parameters) details.append(parametersOf(operation));
    if (operation.requestBody) {
        const { schema } = Object.values(operation.requestBody.content)[0];
        details.append(make('p', 'Body: ', ...inWords(schema), operation.requestBody.required ? ', required' : ''));
    }
    details.append(answersOf(operation), problemsOf(operation));
    return details;
};

const schemaOf = (name, schema) => {
    const details = make('details', '', make('summary', '', make('code', name)));
    details.id = name;
    if (schema.description) details.append(prose('p', schema.description));
    details.append(tableOf(['Field', 'Type', ''], Object.entries(schema.properties ?? {}).map(([field, one]) =>
        make('tr', '', make('td', '', make('code', field)), make('td', '', ...inWords(one)),
            prose('td', one.description)))));
    return details;
};

const show = description => {
    const tags = new Map();
    for (const [path, operations] of Object.entries(description.paths)) {
        for (const [verb, operation] of Object.entries(operations)) {
            const tag = operation.tags[0];
            if (!tags.has(tag)) tags.set(tag, make('section', '', make('h2', tag)));
            tags.get(tag).append(operationOf(path, verb, operation));
        }
    }
    document.getElementById('version').textContent = description.info.version;
    document.getElementById('operations').replaceChildren(...tags.values());
    document.getElementById('schemas').replaceChildren(...Object.entries(description.components.schemas)
        .map(([name, schema]) => schemaOf(name, schema)));
    openTarget();
};

/** What the address names is open, be it a schema or an operation. */
const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) {
        target.open = true;
        target.scrollIntoView();
    }
};
addEventListener('hashchange', openTarget);

document.getElementById('find').addEventListener('input', event => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const section of document.querySelectorAll('#operations section')) {
        const all = [...section.querySelectorAll(':scope > details')];
        for (const details of all) details.hidden = !details.dataset.text.includes(wanted);
        section.hidden = all.every(details => details.hidden);
    }
});

try {
    const answer = await fetch('../api/v1/openapi.json');
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    show(await answer.json());
} catch (error) {
    document.getElementById('operations').replaceChildren(make('p', `The description cannot be loaded: ${error.message}`));
}
