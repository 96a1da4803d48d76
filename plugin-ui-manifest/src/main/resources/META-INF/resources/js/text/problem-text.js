/** What to tell the user of a Problem: the server's own line, else ours for what never reached it. */
export function problemText(problem, text) {
    if (problem.name === 'unreachable' || problem.name === 'no-session') return text(`problem.${problem.name}`);
    if (problem.status === 401) return text('problem.no-session');
    return withRemedy(problem.detail || problem.message, problem.remedy);
}

/** A refusal or a warning with what to do about it, unless it says that itself. */
export function withRemedy(detail, remedy) {
    return !remedy || detail.includes(remedy) ? detail : `${detail}; ${remedy}`;
}
