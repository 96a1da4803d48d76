/**
 * Shows the description of the API. Loads nothing but that; what it holds is set as text, never as markup.
 */
const make = (tag, text = '', ...children) => {
    const element = document.createElement(tag);
    element.textContent = text;
    element.append(...children);
    return element;
};

const nameOf = schema => schema?.$ref?.split('/').pop();

/** A schema in few words, such as `Plan` or `string or null`. */
const inWords = schema => {
    if (!schema || Object.keys(schema).length === 0) return 'anything';
    if (schema.$ref) return nameOf(schema);
    if (schema.anyOf) return schema.anyOf.map(inWords).join(' or ');
    if (schema.type === 'array') return `list of ${inWords(schema.items)}`;
    return [schema.type].flat().join(' or ');
};

const content = message => Object.entries(message.content ?? {})
    .map(([type, { schema }]) => `${type}: ${inWords(schema)}`).join(', ');

const parametersOf = operation => {
    const table = make('table');
    for (const parameter of operation.parameters ?? []) {
        const row = make('tr', '', make('td', '', make('code', parameter.name)), make('td', parameter.in),
            make('td', inWords(parameter.schema)), make('td', parameter.required ? 'required' : ''));
        table.append(row);
    }
    return table;
};

const operationOf = (path, verb, operation) => {
    const summary = make('summary', '', make('span', verb.toUpperCase()), make('code', path),
        make('span', ` — ${operation.summary}`));
    summary.firstChild.className = 'verb';
    const details = make('details', '', summary, parametersOf(operation));
    details.dataset.text = `${verb} ${path} ${operation.summary}`.toLowerCase();
    if (operation.requestBody) details.append(make('p', `Body: ${content(operation.requestBody)}`));
    for (const [status, response] of Object.entries(operation.responses)) {
        details.append(make('p', status === 'default'
            ? 'Otherwise: application/problem+json' : `${status}: ${content(response) || response.description}`));
    }
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
    document.getElementById('operations').replaceChildren(...tags.values());
    document.getElementById('schemas').replaceChildren(...Object.entries(description.components.schemas)
        .map(([name, schema]) => make('details', '', make('summary', name),
            make('pre', JSON.stringify(schema, null, 2)))));
};

document.getElementById('find').addEventListener('input', event => {
    const wanted = event.target.value.toLowerCase();
    for (const details of document.querySelectorAll('#operations details')) {
        details.hidden = !details.dataset.text.includes(wanted);
    }
});

try {
    const answer = await fetch('../api/v1/openapi.json');
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    show(await answer.json());
} catch (error) {
    document.getElementById('operations').replaceChildren(make('p', `The description cannot be loaded: ${error.message}`));
}
