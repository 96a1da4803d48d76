// Runs before any other reference of the page is resolved: behind vCenter's proxy all of them start at the
// path under which the proxy publishes the plugin server.
{
    const origin = globalThis.htmlClientSdk?.getProxiedPluginServerOrigin?.();
    if (origin) {
        const base = document.createElement('base');
        base.href = origin.endsWith('/') ? origin : `${origin}/`;
        document.head.prepend(base);
    }
}
