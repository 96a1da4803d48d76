/** What to tell the user of a Problem: the server's own line, else ours for what never reached it. */
export function problemText(problem, text) {
    if (problem.name === 'unreachable' || problem.name === 'no-session') return text(`problem.${problem.name}`);
    return problem.detail || problem.message;
}
